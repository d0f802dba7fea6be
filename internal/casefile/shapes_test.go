package casefile

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"guildwatch/internal/fault"
)

const mara, otto = "81384788765712384", "80351110224678912"

// in UTF-16, with a mark at the beginning or without.
func wideText(order binary.AppendByteOrder, mark bool, text string) string {
	if mark {
		text = "\ufeff" + text
	}
	var data []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		data = order.AppendUint16(data, unit)
	}
	return string(data)
}

// People have lists of bans from bots, from chats, from spreadsheets; all say the same.
func TestShapesOfBanLists(t *testing.T) {
	little, big := binary.LittleEndian, binary.BigEndian
	plain := mara + " spam, and more\n" + otto + "\n"
	for what, text := range map[string]string{
		"quoted cells":          `"` + mara + `","spam, and more"` + "\r\n" + `"` + otto + `",""` + "\r\n",
		"a line of headings":    "user_id,username,reason\r\n" + mara + `,mara,"spam, and more"` + "\r\n" + otto + ",otto,\r\n",
		"names first":           "user,id,reason\nmara," + mara + `,"spam, and more"` + "\notto," + otto + ",\n",
		"semicolons":            "id;reason\n" + mara + ";spam, and more\n" + otto + ";\n",
		"tabs":                  mara + "\tspam, and more\n" + otto + "\n",
		"behind names":          "mara#1234 (" + mara + ") - spam, and more\notto (" + otto + ")\n",
		"UTF-16":                wideText(little, true, plain),
		"UTF-16, the other way": wideText(big, true, plain),
		"UTF-16 without a mark": wideText(little, false, plain),
		"old line endings":      mara + " spam, and more\r" + otto + "\r",
		"objects":               `[{"user_id":"` + mara + `","reason":"spam, and more"},{"id":` + otto + `,"reason":null}]`,
		"numbers":               `[{"user":{"id":` + mara + `},"reason":"spam, and more"},` + otto + `]`,
		"kept from a sheet":     "id,reason\n=\"" + mara + "\",\"spam, and more\"\n'" + otto + ",\n",
	} {
		file := read(t, Bans, text)
		want := []string{"ban " + mara + " by 0 at 0001-01-01: spam, and more", "ban " + otto + " by 0 at 0001-01-01: "}
		if got := told(file.Cases); !slices.Equal(got, want) || file.Skipped != 0 || file.Cases[0].Key != "ban:"+mara || len(file.Columns) != 0 {
			t.Errorf("%s: %q and %+v", what, got, file.Bad)
		}
	}
	many := read(t, Bans, mara+" "+otto+",105429816273498112; <@105429816273498113>\n")
	if got := told(many.Cases); len(got) != 4 || strings.Contains(strings.Join(got, ""), "spam") || many.Skipped != 0 {
		t.Errorf("ids alone on a line: %q", got)
	}
	actions := read(t, Bans, "user_id,kind,reason\n"+mara+",ban,spam\n"+otto+",warn,spam\n")
	if len(actions.Cases) != 1 || actions.Skipped != 1 || !strings.Contains(actions.Bad[0].Why, "no ban") {
		t.Errorf("warnings among bans: %+v", actions)
	}
	odd := read(t, Bans, "alt of "+mara+" is "+otto+"\nnobody\n")
	if len(odd.Cases) != 0 || odd.Skipped != 2 {
		t.Errorf("%+v", odd)
	}
	mixed := read(t, Bans, `[null,7,{"user":[]},{"user":{"id":"`+mara+`"}}]`)
	if len(mixed.Cases) != 1 || mixed.Skipped != 3 {
		t.Errorf("odd ones in a list: %+v", mixed)
	}
}

// An id that lost its last digits is somebody else's: it is refused with the reason, and never filled up with zeros.
func TestRoundedIDsAreRefused(t *testing.T) {
	const lost = "rounded by a spreadsheet"
	for _, id := range []string{"1.2E+17", "8.1384788765712384e+16", "1,2E+17", "12e16", "81384788765712384.0"} {
		for format, text := range map[Format]string{Table: "user_id;type\n" + id + ";ban\n" + mara + ";ban\n", Bans: id + "\n" + mara + "\n",
			Zeppelin: fmt.Sprintf(`{"cases":[{"case_number":1,"user_id":%q,"type":1,"created_at":"2020-01-02 00:00:00"},
				{"case_number":2,"user_id":"%s","type":1,"created_at":"2020-01-02 00:00:00"}]}`, id, mara)} {
			file := read(t, format, text)
			if len(file.Cases) != 1 || len(file.Bad) != 1 || !strings.Contains(file.Bad[0].Why, lost) {
				t.Errorf("%s in %s: %v, %+v", id, format, told(file.Cases), file.Bad)
			}
		}
	}
	giver := read(t, Table, "user_id,type,moderator_id\n"+mara+",ban,8.0E+16\n"+mara+",ban,otto#1\n")
	if len(giver.Cases) != 1 || giver.Unnamed != 1 || len(giver.Bad) != 1 || !strings.Contains(giver.Bad[0].Why, lost) {
		t.Errorf("%+v", giver)
	}
	_, err := Read(Table, []byte("user_id,type\n81384788765712300,ban\n803511102246789000,ban\n1054298162734980000,ban\n"+otto+",ban\n"), Mapping{})
	if fault.Of(err) != fault.Invalid {
		t.Errorf("ids of a spreadsheet: %v", err)
	}
	if file := read(t, Table, "user_id,type\n81384788765712300,ban\n"+otto+",ban\n"); len(file.Cases) != 2 {
		t.Errorf("one that ends so by chance: %+v", file)
	}
	for _, id := range []string{"1", "42", "12345678901234", "9223372036854775807", "99999999999999999999", "-5", "0x10"} {
		if file := read(t, Table, "id,type\n"+id+",ban\n"); len(file.Cases) != 0 || file.Skipped != 1 {
			t.Errorf("%s is an id: %+v", id, file)
		}
	}
}

func TestTimesOfTables(t *testing.T) {
	at := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	whole := at.Truncate(time.Minute)
	day := at.Truncate(24 * time.Hour).Add(12 * time.Hour)
	for text, want := range map[string]time.Time{
		"2020-01-02T03:04:05Z": at, "2020-01-02 03:04:05": at, "2020-01-02 03:04:05.000001+00:00": at, "2020-01-02T03:04:05.5Z": at,
		"2020-01-02T08:34:05+05:30": at, "2020-01-02 08:34:05 +0530": at, "2020-01-02T04:04:05+0100": at, "2020-01-02 03:04:05 UTC": at,
		"2020-01-02 03:04:05 +0000 UTC": at, "Thu, 02 Jan 2020 03:04:05 GMT": at, "Thu, 2 Jan 2020 04:04:05 +0100": at,
		"1577934245": at, "1577934245000": at, "1577934245.25": at, "<t:1577934245:R>": at, "<t:1577934245>": at,
		"2020-01-02T03:04": whole, "2020/01/02 03:04": whole, "2.1.2020 03:04": whole, "02.01.2020, 03:04": whole,
		"January 2, 2020 3:04 AM": whole, "2 Jan 2020 03:04": whole, "Thursday, 2 January 2020 03:04": whole,
		"2020-01-02": day, "2020/01/02": day, "02.01.2020": day, "Jan 2, 2020": day, "2 January 2020": day,
		"1/2/2020": {}, "13/1/2020": {}, "2020-02-30": {}, "2020-01-02 03:04:05 EST": {}, "yesterday": {}, "0": {}, "-5": {}, "NaN": {}, "Inf": {},
		"1e400": {}, "24:00": {},
	} {
		if got := momentOf(text); !got.Truncate(time.Second).Equal(want) {
			t.Errorf("%q is read as %v, want %v", text, got, want)
		}
	}
	for _, text := range []string{"44317", "1970-01-01", "9999-01-01", "2014-12-31", "1577934245000000"} {
		if file := read(t, Table, "user_id,type,date\n"+mara+",ban,"+text+"\n"); len(file.Cases) != 0 || file.Skipped != 1 {
			t.Errorf("%s: %+v", text, file)
		}
	}
}

// Tables come from everywhere.
func TestShapesOfTables(t *testing.T) {
	want := []string{"ban " + mara + " by 0 at 0001-01-01: two\nlines; and more"}
	const reason = "\"two\nlines; and more\""
	for what, text := range map[string]string{
		"tabs":             "user_id\ttype\treason\n" + mara + "\tban\t" + reason + "\n",
		"UTF-16 with tabs": wideText(binary.LittleEndian, true, "user_id\ttype\treason\r\n"+mara+"\tBan\t"+reason+"\r\n"),
		"a named comma":    "sep=;\r\nuser_id;type;reason\r\n" + mara + ";ban;" + reason + "\r\n",
		"the same twice":   "id,id,Type,,,reason\n7," + mara + ",Temp-Ban,,," + reason + "\n",
		"empty rows":       "user,type,reason\n,,\n" + mara + ",ban," + reason + "\n,,\n",
		"names and ids":    "user,member_id,id,type,reason\nmara," + mara + ",7,ban," + reason + "\n",
	} {
		mapping := Mapping{}
		if what == "the same twice" {
			mapping = Mapping{User: "id (2)", Kind: "Type", Reason: "reason"}
		}
		file, err := Read(Table, []byte(text), mapping)
		if got := told(file.Cases); err != nil || !slices.Equal(got, want) || file.Skipped != 0 {
			t.Errorf("%s: %q, %+v, %v of %q", what, got, file.Bad, err, file.Columns)
		}
	}
	twice := read(t, Table, "id,id,Type,,\n7,"+mara+",ban,x,y\n")
	if !slices.Equal(twice.Columns, []string{"id", "id (2)", "Type", "Column 4", "Column 5"}) {
		t.Errorf("%q", twice.Columns)
	}
	headless := read(t, Table, mara+",2020-01-02,kick,"+otto+",spam\n"+otto+",2020-01-03,ban,,\n")
	if got := told(headless.Cases); len(got) != 2 || got[0] != "kick "+mara+" by "+otto+" at 2020-01-02: " ||
		!slices.Equal(headless.Columns, []string{"Column 1", "Column 2", "Column 3", "Column 4", "Column 5"}) {
		t.Errorf("without headings: %q of %q", got, headless.Columns)
	}
}

// What another program leaves out or writes otherwise costs a case, not the file; without its number no case is told from
// another.
func TestOddCasesOfZeppelin(t *testing.T) {
	const end = `,"created_at":"2020-01-02 00:00:00"}`
	file := read(t, Zeppelin, `{"cases":[{"user_id":"`+mara+`","type":1`+end+`,{"user_id":"`+otto+`","type":1`+end+`,null,[],"x",{},
		{"case_number":1,"user_id":`+mara+`,"type":"4","mod_id":"","notes":null`+end+`,
		{"case_number":"2","user_id":"`+mara+`","type":5,"created_at":"2020-01-02T00:00:00.000Z","notes":[{"body":null},{"body":"a"},{}]},
		{"case_number":3,"user_id":"`+mara+`","type":8`+end+`,{"case_number":4,"user_id":"`+mara+`","type":12`+end+`,
		{"case_number":5,"user_id":"`+mara+`","type":1,"notes":"x"`+end+`]}`)
	want := []string{"warn " + mara + " by 0 at 2020-01-02: ", "kick " + mara + " by 0 at 2020-01-02: a"}
	if got := told(file.Cases); !slices.Equal(got, want) || file.Skipped != 9 {
		t.Errorf("%q, %+v", got, file.Bad)
	}
}
