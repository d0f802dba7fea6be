package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// Whatever is asked for, and page by page, the list is what a plain loop over all violations finds.
func TestViolationsAreFound(t *testing.T) {
	s := storetest.New(t, atNoon)
	severities := moderation.Severities()
	for i := range 300 { // a page of 2 is looked for in 40 before an index is asked
		c := broken(snowflake.GuildID(1+i%2), snowflake.MessageID(100+i), moderation.Response{Delete: i%5 == 0})
		v := &c.Violation
		v.At = noon.Add(time.Duration(i*7%120) * time.Minute) // not in the order of their numbers
		v.User, v.Channel, v.Severity = snowflake.UserID(21+i%3), snowflake.ChannelID(31+i%4), severities[i%4]
		v.Rule, v.Keyword, v.Content = fmt.Sprint("rule:", i%5), fmt.Sprint("Word", i%7), strings.Repeat("x", i%3)+"100% of_it"
		c.Shadow = i%6 == 0
		openCase(t, s, c)
	}
	for _, number := range []int64{4, 8, 9} {
		if err := s.MarkFalsePositive(t.Context(), granted[access.ManageViolations](t, 1, 7), number, true); err != nil {
			t.Fatal(err)
		}
	}
	var all []store.ViolationRow
	read := func(fn func(*store.Snapshot)) {
		if err := s.Read(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	read(func(snapshot *store.Snapshot) { all = snapshot.Violations(1, store.ViolationFilter{}, 1000) })
	if len(all) != 150 {
		t.Fatalf("%d violations", len(all))
	}
	rapid.Check(t, func(r *rapid.T) {
		f := store.ViolationFilter{
			Severity: rapid.SampledFrom(append([]moderation.Severity{""}, severities...)).Draw(r, "severity"),
			Source:   rapid.SampledFrom([]moderation.Source{"", "", moderation.SourceRule, moderation.SourceAudit}).Draw(r, "source"),
			Rule:     rapid.SampledFrom([]string{"", "", "rule:1", "rule:4"}).Draw(r, "rule"),
			User:     snowflake.UserID(rapid.SampledFrom([]int{0, 0, 21, 22}).Draw(r, "user")),
			Channel:  snowflake.ChannelID(rapid.SampledFrom([]int{0, 0, 31, 33}).Draw(r, "channel")),
			State: rapid.SampledFrom([]moderation.ViolationState{"", "", moderation.StateCounted, moderation.StateShadow,
				moderation.StateFalsePositive}).Draw(r, "state"),
			Text: rapid.SampledFrom([]string{"", "", "wORD3", "x100% of_", "of_ 00%", "shouting", `"of_" OR word`, "NEAR(",
				"no such*", "it"}).Draw(r, "text"),
		}
		if from := rapid.IntRange(0, 120).Draw(r, "from"); from > 0 {
			f.From = noon.Add(time.Duration(from-20) * time.Minute)
		}
		if to := rapid.IntRange(0, 120).Draw(r, "to"); to > 0 {
			f.To = noon.Add(time.Duration(to) * time.Minute)
		}
		var wants []int64
		for _, v := range all {
			if f.Severity != "" && f.Severity != v.Severity || f.Source != "" && f.Source != v.Source ||
				f.Rule != "" && f.Rule != v.Rule || f.User != 0 && f.User != v.User ||
				f.Channel != 0 && f.Channel != v.Channel || f.State != "" && f.State != v.State || v.At.Before(f.From) ||
				!f.To.IsZero() && !v.At.Before(f.To) || !hasWords(&v, f.Text) {
				continue
			}
			wants = append(wants, v.Number)
		}
		most := rapid.IntRange(1, 7).Draw(r, "most")
		var got []int64
		read(func(snapshot *store.Snapshot) {
			if limit := snapshot.ViolationExtent(1, f.From, f.To); int64(len(wants)) > limit.Entries ||
				len(wants) > 0 && (wants[0] > limit.Highest || wants[len(wants)-1] < limit.Lowest) {
				r.Errorf("%+v chooses %v, within %+v", f, wants, limit)
			}
			for {
				page := snapshot.Violations(1, f, most)
				for _, v := range page {
					got, f.Before = append(got, v.Number), v.Number
				}
				if len(page) < most {
					return
				}
			}
		})
		if !slices.Equal(got, wants) {
			r.Fatalf("%+v finds %v, want %v", f, got, wants)
		}
	})
}

// hasWords is what a text of a filter means.
func hasWords(v *store.ViolationRow, text string) bool {
	if text != "" && !slices.ContainsFunc(strings.Fields(text), func(w string) bool { return len(w) >= 3 }) {
		return false
	}
	said := strings.ToLower(v.Keyword + "\n" + v.Content)
	return !slices.ContainsFunc(strings.Fields(strings.ToLower(text)), func(w string) bool {
		return !strings.Contains(said, w)
	})
}

// Warnings are found by member, text and state, cleared alone, by member, or by age, and stay listed.
func TestWarningsAreClearedAndStay(t *testing.T) {
	now := noon
	s := storetest.New(t, func(o *store.Options) { o.Clock = func() time.Time { return now } })
	for i := range 8 {
		now = now.Add(time.Hour)
		c := broken(1, snowflake.MessageID(100+i), moderation.Response{Kind: moderation.ActionWarn})
		c.Violation.User, c.Violation.RuleName = snowflake.UserID(21+i%2), fmt.Sprint("Rule ", i%3)
		openCase(t, s, c)
	}
	grant := granted[access.ManageViolations](t, 1, 7)
	list := func(f store.WarningFilter) (numbers []string) {
		t.Helper()
		if err := s.Read(t.Context(), func(snapshot *store.Snapshot) {
			for _, w := range snapshot.Warnings(1, f, 100) {
				numbers = append(numbers, fmt.Sprint(w.Number))
			}
		}); err != nil {
			t.Fatal(err)
		}
		return numbers
	}
	yes, no := true, false
	want(t, list(store.WarningFilter{User: 22}), "8", "6", "4", "2")
	want(t, list(store.WarningFilter{Text: "rULE 1", Before: 8}), "5", "2")
	if err := s.ClearWarning(t.Context(), grant, 6, "a joke"); err != nil {
		t.Fatal(err)
	}
	if err := s.ClearWarning(t.Context(), grant, 6, "again"); fault.Of(err) != fault.Conflict {
		t.Errorf("clearing twice: %v", err)
	}
	if n, err := s.ClearWarningsBefore(t.Context(), grant, noon.Add(3*time.Hour), "old"); n != 2 || err != nil {
		t.Errorf("%d old warnings were cleared: %v", n, err)
	}
	want(t, list(store.WarningFilter{Cleared: &yes}), "6", "2", "1")
	if n, err := s.ClearWarnings(t.Context(), grant, 21, ""); n != 3 || err != nil {
		t.Errorf("%d warnings of a member were cleared: %v", n, err)
	}
	want(t, list(store.WarningFilter{Cleared: &no}), "8", "4")
	want(t, list(store.WarningFilter{}), "8", "7", "6", "5", "4", "3", "2", "1")
	if err := s.Read(t.Context(), func(snapshot *store.Snapshot) {
		six := snapshot.Warnings(1, store.WarningFilter{Before: 7}, 1)[0]
		if six.ClearedBy != 7 || six.ClearReason != "a joke" || !six.Cleared.Equal(now) {
			t.Errorf("the cleared one is %+v", six)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if n := len(auditRows(t, s)); n != 3 {
		t.Errorf("%d audit rows", n)
	}
}

// Notes stand beside a violation, in the order in which they were written, and are nobody else's.
func TestNotes(t *testing.T) {
	s := withStaff(t)
	openCase(t, s, broken(1, 100, moderation.Response{}))
	grant := granted[access.ManageViolations](t, 1, 7)
	for _, text := range []string{" knows them ", "talked to them"} {
		if err := s.NoteViolation(t.Context(), grant, 1, text); err != nil {
			t.Fatal(err)
		}
	}
	for text, kind := range map[string]fault.Kind{" ": fault.Invalid, strings.Repeat("x", 1001): fault.Invalid} {
		if err := s.NoteViolation(t.Context(), grant, 1, text); fault.Of(err) != kind {
			t.Errorf("a note of %d characters: %v", len(text), err)
		}
	}
	if err := s.NoteViolation(t.Context(), granted[access.ManageViolations](t, 2, 7), 1, "mine"); fault.Of(err) != fault.NotFound {
		t.Errorf("a note in another guild: %v", err)
	}
	notes := violation(t, s, 1).Notes
	if len(notes) != 2 || notes[0] != (store.ViolationNote{At: noon, By: 7, Text: "knows them"}) || notes[1].Text != "talked to them" {
		t.Errorf("notes %+v", notes)
	}
}
