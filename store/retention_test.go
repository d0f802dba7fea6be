package store_test

import (
	"fmt"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// Rows go when they are older than their guild keeps them, each kind of them; kicks and what is counted stay.
func TestRowsAreKeptAsLongAsAGuildSays(t *testing.T) {
	now := noon
	s := storetest.New(t, func(o *store.Options) { o.Clock = func() time.Time { return now } })
	seeGuild(t, s)
	grant := granted[access.UpdateSettings](t, 1, 99)
	offend := func(message snowflake.MessageID, response moderation.Response) {
		c := broken(1, message, response)
		c.Violation.At = now
		openCase(t, s, c)
		errands, err := s.TakeDue(t.Context(), now.Add(time.Hour), 10, moderation.Busy{})
		if err != nil {
			t.Fatal(err)
		}
		settle(t, s, moderation.Result{Done: true}, errands...)
	}
	whole := store.Span{From: noon.Add(-24 * time.Hour), Until: noon.Add(400 * 24 * time.Hour)}
	seen := func() (text string) {
		if err := s.Read(t.Context(), func(at *store.Snapshot) {
			kinds := ""
			for _, a := range at.ActionList(1, store.ActionFilter{}, 10) {
				kinds += string(a.Kind) + " " + a.Reason + ","
			}
			text = fmt.Sprint(len(at.Violations(1, store.ViolationFilter{}, 10)), " ", len(at.Warnings(1, store.WarningFilter{}, 10)),
				" ", len(at.RunsOf(1, 21, 0, 10)), " ", len(at.MonthsOf(1, 21)), " ", kinds, " ", at.Severities(1, whole)[moderation.SeverityHigh])
		}); err != nil {
			t.Fatal(err)
		}
		return text
	}
	_, err := s.RecordCommand(t.Context(), moderation.CommandRun{Origin: moderation.Origin{Guild: 1, At: now}, Interaction: 5,
		User: moderation.User{ID: 21, Name: "who"}, Command: "guildwatch stats", OK: true})
	if err != nil {
		t.Fatal(err)
	}
	offend(100, moderation.Response{Kind: moderation.ActionWarn})
	offend(101, moderation.Response{Kind: moderation.ActionKick})
	now = noon.Add(60 * 24 * time.Hour)
	offend(102, moderation.Response{Kind: moderation.ActionWarn})
	before := seen()
	if before != "3 2 1 1 warn No shouting,kick No shouting,warn No shouting, 3" {
		t.Fatal(before)
	}
	drop := func(wants int64) {
		t.Helper()
		if n, err := s.DropOldRows(t.Context(), now); err != nil || n != wants {
			t.Errorf("%d rows were deleted, want %d: %v", n, wants, err)
		}
	}
	now = noon.Add(100 * 24 * time.Hour)
	drop(0)
	if err := s.SetRetention(t.Context(), grant, store.Retention{Text: 7, Rows: 90}); err != nil {
		t.Fatal(err)
	}
	// Two violations, a warn and its warning, a command; the kick loses its reason. The month is not over yet.
	drop(6)
	if after := seen(); after != "1 1 0 1 warn No shouting,kick , 3" {
		t.Errorf("left are %s", after)
	}
	drop(0)
	if card := card(t, s, 21); !card.KickedBefore {
		t.Error("the kick is forgotten")
	}
	if err := s.Read(t.Context(), func(at *store.Snapshot) {
		if keep := at.Retention(1); keep.Rows != 90 || keep.Text != 7 || !keep.From.Equal(noon.Add(10*24*time.Hour).Truncate(24*time.Hour)) {
			t.Errorf("%+v", keep)
		}
	}); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []store.Retention{{Rows: 89}, {Rows: 3651}, {Text: 100, Rows: 90}, {Text: -1}} {
		if err := s.SetRetention(t.Context(), grant, wrong); fault.Of(err) != fault.Invalid {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
}
