package store_test

import (
	"database/sql"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// indexesAgree compares the index of facets with the rows, by every state and member, and the spans of days.
func indexesAgree(t fatal, raw *sql.DB) {
	const found = `SELECT s.guild_id, f.rowid & 1099511627775 FROM violation_facets f
		JOIN violation_slots s ON s.slot = f.rowid >> 40 WHERE f.violation_facets MATCH '%s'`
	slots := rowsOf(t, raw, `SELECT slot FROM violation_slots`)
	inAny := func(term string) string { // of the guilds' terms
		terms := []string{`"none"`}
		for _, slot := range slots {
			terms = append(terms, `"`+strings.TrimSuffix(slot, "|")+term+`"`)
		}
		return strings.Join(terms, " OR ")
	}
	for _, state := range []moderation.ViolationState{moderation.StateCounted, moderation.StateShadow,
		moderation.StateFalsePositive} {
		sameRows(t, raw, "facet "+string(state), fmt.Sprintf(found, inAny("t"+hex.EncodeToString([]byte(state)))),
			fmt.Sprintf(`SELECT guild_id, number FROM violations WHERE state = '%s'`, state))
	}
	for _, user := range rowsOf(t, raw, `SELECT DISTINCT user_id FROM violations`) {
		user = strings.TrimSuffix(user, "|")
		sameRows(t, raw, "facet of user "+user, fmt.Sprintf(found, inAny("u"+user)),
			`SELECT guild_id, number FROM violations WHERE user_id = `+user)
	}
	sameRows(t, raw, "violation_spans", `SELECT guild_id, day, lowest, highest FROM violation_spans`,
		`SELECT guild_id, at - at % 86400000, min(number), max(number) FROM violations GROUP BY 1, 2`)
}

// findText lists the numbers of the violations of guild 1 in which a text is found.
func findText(t *testing.T, s *store.Store, text string) (numbers string) {
	t.Helper()
	if err := s.Read(t.Context(), func(now *store.Snapshot) {
		for _, v := range now.Violations(1, store.ViolationFilter{Text: text}, 50) {
			numbers += fmt.Sprint(v.Number, " ")
		}
	}); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(numbers)
}

// What members wrote is found by any part of its words, in every script, and nothing typed is an operator or an error.
func TestTextIsFound(t *testing.T) {
	s := storetest.New(t, atNoon)
	for i, text := range []string{"free n1tro at discord.gift/abc", "GRÜSSE aus Ärgernis", "給你免費的東西", `say "cheese" (loud)`,
		"\x00odd\xffbytes"} {
		c := broken(1, snowflake.MessageID(100+i), moderation.Response{})
		c.Violation.Content, c.Violation.Keyword = text, ""
		openCase(t, s, c)
	}
	other := broken(2, 300, moderation.Response{})
	other.Violation.Content = "free n1tro elsewhere"
	openCase(t, s, other)
	for text, want := range map[string]string{
		"n1t": "1", "N1TRO free": "1", "gift/abc": "1", "discord elsewhere": "", "ärger": "2", "grüsse": "2",
		"免費的": "3", "免費": "", "at gift": "1", "xx gift": "", `"cheese"`: "4", `cheese" OR "n1t`: "", "che*": "", "(loud)": "4",
		"words:n1tro": "", "NEAR(free)": "", "-free": "", "^say": "", "\x00": "", "bytes": "5", "odd bytes": "5", `"""`: "",
		"ssens": "", "inro": "", "": "5 4 3 2 1",
	} {
		if got := findText(t, s, text); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
}

// Text that a guild keeps no longer is in no page of the index: not found, and not there.
func TestForgottenTextLeavesTheIndex(t *testing.T) {
	now, dir := noon, t.TempDir()
	s, err := storetest.Open(dir, func(o *store.Options) { o.Clock = func() time.Time { return now } })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	raw, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "guildwatch.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	seeGuild(t, s)
	for i := range 60 {
		c := broken(1, snowflake.MessageID(100+i), moderation.Response{})
		c.Violation.Content, c.Violation.Keyword = fmt.Sprint("þorn ", i, " and more"), "þþþ"
		if i >= 40 {
			c.Violation.At = noon.Add(8 * 24 * time.Hour)
			c.Violation.Content, c.Violation.Keyword = fmt.Sprint("kept ", i), ""
		}
		openCase(t, s, c)
	}
	const pages = `SELECT count(*) FROM violation_words_data WHERE instr(block, x'c3be') > 0`
	if got := rowsOf(t, raw, pages)[0]; got == "0|" || findText(t, s, "þorn 39") != "40" {
		t.Fatalf("before: %s pages, found %q", got, findText(t, s, "þorn 39"))
	}
	now = noon.Add(9 * 24 * time.Hour)
	if _, err := s.Prune(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if got, found := rowsOf(t, raw, pages)[0], findText(t, s, "þorn"); got != "0|" || found != "" {
		t.Errorf("after: %s pages hold it, found %q", got, found)
	}
	if got := findText(t, s, "kept 59"); got != "60" {
		t.Errorf("what is kept is found as %q", got)
	}
	if err := s.SetRetention(t.Context(), granted[access.UpdateSettings](t, 1, 9), store.Retention{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Prune(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	sameRows(t, raw, "terms", `SELECT count(*) FROM violation_words_data WHERE instr(block, 'kep') > 0`, `SELECT 0`)
	indexesAgree(t, raw)
}
