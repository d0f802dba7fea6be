package casefile

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
)

func read(t *testing.T, format Format, text string) File {
	t.Helper()
	file, err := Read(format, []byte(text), Mapping{})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func told(cases []Case) (lines []string) {
	for _, c := range cases {
		lines = append(lines, fmt.Sprint(c.Kind, " ", c.User, " by ", c.By, " at ", c.At.Format(time.DateOnly), ": ", c.Reason))
	}
	return lines
}

func TestCasesOfZeppelin(t *testing.T) {
	file := read(t, Zeppelin, `{"cases":[
	 {"case_number":2,"user_id":"81384788765712384","user_name":"a#1","mod_id":"80351110224678912","mod_name":"m","type":4,
	  "created_at":"2021-03-04 05:06:07","is_hidden":false,"pp_id":null,"pp_name":null,
	  "notes":[{"mod_id":"1","mod_name":"m","body":"be kind","created_at":"2021-03-04 05:06:07"},{"body":"second note"}]},
	 {"case_number":1,"user_id":"81384788765712384","mod_id":null,"type":1,"created_at":"2020-01-02 00:00:00","notes":[]},
	 {"case_number":3,"user_id":"81384788765712384","mod_id":null,"type":8,"created_at":"2020-01-02 00:00:00","notes":[]},
	 {"case_number":4,"user_id":"nobody","mod_id":null,"type":1,"created_at":"2020-01-02 00:00:00","notes":[]},
	 {"case_number":5,"user_id":"81384788765712384","mod_id":null,"type":1,"created_at":"yesterday","notes":[]}]}`)
	want := []string{"ban 81384788765712384 by 0 at 2020-01-02: ",
		"warn 81384788765712384 by 80351110224678912 at 2021-03-04: be kind\nsecond note"}
	if got := told(file.Cases); !slices.Equal(got, want) || file.Skipped != 3 || file.Cases[0].Key != "zeppelin:1" {
		t.Errorf("%q, %+v", got, file)
	}
}

func TestListsOfBans(t *testing.T) {
	for what, text := range map[string]string{
		"Discord's": `[{"reason":"spam","user":{"id":"81384788765712384","username":"x"}},{"reason":null,"user":{"id":"80351110224678912"}}]`,
		"ids":       "81384788765712384 spam\n\n80351110224678912\n",
		"csv":       "81384788765712384,spam\r\n<@80351110224678912>\r\n",
	} {
		file := read(t, Bans, text)
		want := []string{"ban 81384788765712384 by 0 at 0001-01-01: spam", "ban 80351110224678912 by 0 at 0001-01-01: "}
		if got := told(file.Cases); !slices.Equal(got, want) || file.Skipped != 0 {
			t.Errorf("%s: %q and %d", what, got, file.Skipped)
		}
	}
}

func TestTablesAreMappedByTheirHeadings(t *testing.T) {
	file := read(t, Table, "\ufeffDate;User ID;Type;Moderator ID;Reason\n2020-05-01;'81384788765712384;Mute;80351110224678912;\"a; \"\"b\"\"\"\n"+
		"1588550400;81384788765712384;warned;;\n1588550400000;81384788765712384;dance;;\nnever;81384788765712384;ban;;\n")
	want := []string{"timeout 81384788765712384 by 80351110224678912 at 2020-05-01: a; \"b\"",
		"warn 81384788765712384 by 0 at 2020-05-04: "}
	if got := told(file.Cases); !slices.Equal(got, want) || file.Skipped != 2 || file.Bad[0].Line != 4 {
		t.Errorf("%q, %+v", got, file.Bad)
	}
	odd := "a,b\n81384788765712384,ban\n"
	unmapped := read(t, Table, odd+"x")
	if len(unmapped.Cases) != 0 || !slices.Equal(unmapped.Columns, []string{"a", "b"}) {
		t.Errorf("%+v", unmapped)
	}
	mapped, err := Read(Table, []byte(odd), Mapping{User: "a", Kind: "b"})
	if err != nil || len(mapped.Cases) != 1 || mapped.Cases[0].Kind != moderation.ActionBan {
		t.Errorf("%+v: %v", mapped, err)
	}
}

// A table without a column that says what was done is of one kind: a list of warnings, as guildwatch itself writes it.
func TestATableOfOneKind(t *testing.T) {
	const text = "number,at,at_local,user_id,user_name,given_by_id,given_by_name,source,violation,reason,cleared_at,cleared_by_id\r\n" +
		"2,2026-11-20T12:00:00Z,2026-11-20 13:00:00,81384788765712384,Mara,80351110224678912,Otto,dashboard,,'=1+1,,\r\n" +
		"1,2026-11-19T12:00:00Z,2026-11-19 13:00:00,81384788765712384,Mara,,,rule,7,spam,,\r\n# end,2 rows,,,,,,,,,,\r\n"
	guessed := read(t, Table, text)
	if len(guessed.Cases)+guessed.Skipped != 0 {
		t.Errorf("nobody said what was done, and it is %q", told(guessed.Cases))
	}
	for always, want := range map[string][]string{
		"warn": {"warn 81384788765712384 by 0 at 2026-11-19: spam", "warn 81384788765712384 by 80351110224678912 at 2026-11-20: =1+1"},
		"note": {"note 81384788765712384 by 0 at 2026-11-19: spam", "note 81384788765712384 by 80351110224678912 at 2026-11-20: =1+1"},
		"":     nil, "delete": nil, "dance": nil,
	} {
		mapping := guessed.Mapping
		mapping.Always = always
		file, err := Read(Table, []byte(text), mapping)
		if got := told(file.Cases); err != nil || !slices.Equal(got, want) || file.Skipped != 0 || file.Mapping != mapping {
			t.Errorf("%q: %q, %+v, %v", always, got, file.Bad, err)
		}
	}
	over, err := Read(Table, []byte("user,kind\n81384788765712384,ban\n"), Mapping{User: "user", Kind: "kind", Always: "kick"})
	if err != nil || len(over.Cases) != 1 || over.Cases[0].Kind != moderation.ActionKick {
		t.Errorf("beside a column: %+v, %v", over, err)
	}
	for _, kind := range TableKinds() {
		if kindOf(string(kind)) != kind {
			t.Errorf("%s is read as %s", kind, kindOf(string(kind)))
		}
	}
}

// The same deed has the same key, whichever file it comes from, and different ones have different keys.
func TestKeysAreStable(t *testing.T) {
	const row = "81384788765712384,ban,2020-01-01,spam\n"
	a := read(t, Table, "user,kind,at,reason\n"+row+"81384788765712384,ban,2020-01-02,spam\n")
	b := read(t, Table, "user,kind,at,reason\n81384788765712384,kick,2020-01-01,spam\n"+row)
	if a.Cases[0].Key == a.Cases[1].Key || !slices.ContainsFunc(b.Cases, func(c Case) bool { return c.Key == a.Cases[0].Key }) {
		t.Errorf("%+v and %+v", a.Cases, b.Cases)
	}
}

func TestFilesThatAreNothing(t *testing.T) {
	for what, file := range map[string]struct {
		format Format
		text   string
	}{
		"empty": {Zeppelin, " \n"}, "no JSON": {Zeppelin, "cases"}, "other JSON": {Zeppelin, `{"rows":[]}`},
		"no list": {Bans, `{"bans":1}`}, "half a list": {Bans, `[1,2`}, "no text": {Table, "a,b\n\xff\xfe"}, "no format": {"xml", "<a/>"},
		"quotation mark": {Table, "user,kind\n\"1,ban\n"}, "no cases": {Zeppelin, `{"cases":[]}`},
		"too large": {Table, strings.Repeat("x", MaxSize+1)}, "another code": {Table, "user,kind\n1,stra\xdfe\n"},
		"too large as UTF-8": {Bans, "\xff\xfe" + strings.Repeat("\x00\x30", MaxSize/2-1)},
		"columns":            {Table, strings.Repeat("a,", 101) + "\n"},
	} {
		if _, err := Read(file.format, []byte(file.text), Mapping{}); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("zeppelin", `{"cases":[{"case_number":1,"user_id":"81384788765712384","type":1,"created_at":"2020-01-02 00:00:00"}]}`)
	f.Add("bans", "81384788765712384 spam\n<@80351110224678912>\nmara (81384788765712384)\n")
	f.Add("bans", `[{"user":{"id":81384788765712384}},"80351110224678912"]`)
	f.Add("bans", "user,reason\n81384788765712384,\"a\nb\"\n")
	f.Add("table", "user;kind\n81384788765712384;ban\n")
	f.Add("table", "sep=;\n81384788765712384;ban;2.1.2020\n")
	f.Fuzz(func(t *testing.T, format, text string) {
		file, err := Read(Format(format), []byte(text), Mapping{})
		if err != nil && fault.Of(err) != fault.Invalid {
			t.Error(err)
		}
		for _, c := range file.Cases {
			if c.User <= 0 || c.Kind == "" || c.Key == "" || len([]rune(c.Reason)) > maxText {
				t.Errorf("%+v", c)
			}
		}
	})
}
