package stats_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// What was not seen is never shown as zero: before guildwatch watched, while Discord could not reach the guild, while the bot
// was not in it, and since the connection was lost.
func TestWhatWasNotSeenIsNotZero(t *testing.T) {
	now := time.Date(2026, 3, 17, 9, 0, 0, 0, time.UTC)
	at := func(hoursAgo int) time.Time { return now.Add(-time.Duration(hoursAgo) * time.Hour) }
	s, closed := openAt(t, func() time.Time { return now })
	defer closed()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	see := func(hoursAgo int, joined time.Time) {
		t.Helper()
		must(s.SeeGuild(ctx, moderation.GuildSeen{Origin: moderation.Origin{Guild: 11, At: at(hoursAgo)},
			Profile: moderation.Guild{ID: 11, JoinedAt: joined}}))
	}
	lose := func(hoursAgo int, outage bool) {
		t.Helper()
		must(s.LoseGuild(ctx, moderation.GuildLost{Origin: moderation.Origin{Guild: 11, At: at(hoursAgo)}, Outage: outage}))
	}
	tally := moderation.NewTally()
	tally.Latency[moderation.BucketOf(at(40)).UnixMilli()] = moderation.Latency{}
	tally.Counts[moderation.Spot{Guild: 11, Bucket: moderation.BucketOf(at(40)).UnixMilli()}] = moderation.Counts{Messages: 1}
	see(40, at(40))
	must(s.Flush(ctx, tally, moderation.Position{}))
	lose(30, true)
	see(28, at(40))
	lose(20, false)
	see(17, at(17))
	must(s.Lose(ctx, moderation.NewTally(), moderation.Gap{From: at(2), Reason: "the connection was lost"}))

	figures := stats.New(s, stats.Options{Clock: func() time.Time { return now }})
	ask := func(from, until time.Time) *stats.Analytics {
		t.Helper()
		w, err := stats.CustomWindow(now, from, until)
		must(err)
		a, err := figures.Analytics(ctx, snowflake.GuildID(11), w)
		must(err)
		return a
	}
	a := ask(at(44), now)
	var missed []int
	for _, p := range a.Temporal.Series.Points {
		if p.Missed {
			missed = append(missed, int(now.Sub(p.From)/time.Hour))
		}
	}
	if want := []int{44, 43, 42, 41, 30, 29, 20, 19, 18, 2, 1}; !slices.Equal(missed, want) {
		t.Errorf("hatched are the hours that began so many hours ago: %v, want %v", missed, want)
	}
	var listed []string
	for _, m := range a.Timeline.Moments {
		listed = append(listed, string(m.Kind)+" "+m.Target+" "+m.Until.Sub(m.From).String())
	}
	text := strings.Join(listed, ", ")
	for _, want := range []string{"gap Discord could not reach the server 2h0m0s", "gap guildwatch was not in the server 3h0m0s",
		"gap the connection was lost -"} {
		if !strings.Contains(text, want) {
			t.Errorf("the timeline has %q, not %q", text, want)
		}
	}
	if !a.Temporal.Violations.Known || a.Temporal.Unknown != "" {
		t.Errorf("part of it was watched: %+v", a.Temporal.Violations)
	}
	a = ask(at(100), at(50))
	if a.Temporal.Violations.Known || a.Temporal.Unknown == "" || a.Members.Unknown == "" || !a.Temporal.Series.Points[0].Missed {
		t.Errorf("before all: %+v, %q", a.Temporal.Violations, a.Members.Unknown)
	}
	if answer := a.TemporalAnswer(); answer.Found.Value != nil {
		t.Errorf("as JSON: %v", *answer.Found.Value)
	}
	const allMissed = "events may have been missed all of this time"
	for _, unseen := range []*stats.Analytics{ask(at(30), at(28)), ask(at(19), at(18)), ask(at(2), now)} {
		if unseen.Temporal.Violations.Known || unseen.Temporal.Unknown != allMissed || unseen.Members.Unknown != allMissed {
			t.Errorf("in a gap from %v: %+v, %q", unseen.Window.Span.From, unseen.Temporal.Violations, unseen.Members.Unknown)
		}
		if answer := unseen.OffendersAnswer(); answer.Unknown != allMissed || unseen.WorkloadAnswer().Unknown != allMissed ||
			unseen.TemporalAnswer().Unknown != allMissed {
			t.Errorf("as JSON: %+v", answer)
		}
		board, err := figures.Guild(ctx, 11, unseen.Window)
		must(err)
		if board.Unknown != allMissed || board.NoRows != allMissed || board.Messages.Known || board.Metrics().Unknown != allMissed {
			t.Errorf("on the dashboard: %q, %q, %+v", board.Unknown, board.NoRows, board.Messages)
		}
		alone, err := figures.Members(ctx, 11, unseen.Window)
		must(err)
		if alone.Members.Unknown != allMissed {
			t.Errorf("of members alone: %q", alone.Members.Unknown)
		}
	}
	if seen := ask(at(30), at(27)); seen.Temporal.Unknown != "" || !seen.Temporal.Violations.Known || seen.Members.Unknown != "" {
		t.Errorf("of three hours one was watched: %q", seen.Temporal.Unknown)
	}
	lose(0, true)
	if a = ask(at(3), now.Add(time.Hour)); a.Timeline.Moments[0].Kind != stats.MomentOutage {
		t.Errorf("an outage that is not over: %+v", a.Timeline.Moments)
	}
}

// Who broke rules in a time whose rows were deleted is not known, though how many violations there were is.
func TestDeletedRowsAreNotZero(t *testing.T) {
	now := time.Date(2026, 9, 17, 9, 0, 0, 0, time.UTC)
	clock := now.AddDate(0, 0, -200)
	s, closed := openAt(t, func() time.Time { return clock })
	defer closed()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	must(s.SeeGuild(ctx, moderation.GuildSeen{Origin: moderation.Origin{Guild: 11, At: clock}, Profile: moderation.Guild{ID: 11, JoinedAt: clock}}))
	tally := moderation.NewTally()
	tally.Latency[moderation.BucketOf(clock).UnixMilli()] = moderation.Latency{}
	must(s.Flush(ctx, tally, moderation.Position{}))
	for i, day := range []int{150, 60} {
		_, err := s.RecordExecution(ctx, moderation.AutoModExecution{Rule: 5, Trigger: moderation.TriggerKeyword, User: 2, Channel: 9,
			Origin: moderation.Origin{Guild: 11, At: now.AddDate(0, 0, -day)}, Message: snowflake.MessageID(100 + i), Did: moderation.ActionDelete})
		must(err)
	}
	clock = now
	grant, err := access.Check[access.UpdateSettings](ctx, ownsAll(7), access.Person(7, false), 11)
	must(err)
	must(s.SetRetention(ctx, grant, store.Retention{Rows: 90}))
	if _, err := s.DropOldRows(ctx, now); err != nil {
		t.Fatal(err)
	}
	figures := stats.New(s, stats.Options{Clock: func() time.Time { return now }})
	for _, c := range []struct {
		from, until int // days ago
		violations  float64
		unknown     bool
		partly      bool
		change      string
	}{{160, 140, 1, true, true, "the rows of the time before"}, {160, 50, 2, false, true, "the time before was not"},
		{100, 50, 1, false, true, "the rows of the time before"}, {70, 50, 1, false, false, ""}} {
		w, err := stats.CustomWindow(now, now.AddDate(0, 0, -c.from), now.AddDate(0, 0, -c.until))
		must(err)
		a, err := figures.Analytics(ctx, 11, w)
		must(err)
		if a.Temporal.Violations.Value != c.violations || (a.Members.Unknown != "") != c.unknown || a.RowsFrom.IsZero() == c.partly {
			t.Errorf("%+v: %v violations, members %q %v, rows from %v", c, a.Temporal.Violations.Value, a.Members.Unknown,
				a.Members.Repeat, a.RowsFrom)
		}
		d, err := figures.Guild(ctx, 11, w)
		must(err)
		if d.Violations.Value != c.violations || (d.NoRows != "") != c.unknown || d.RowsFrom.IsZero() == c.partly || d.Unknown != "" {
			t.Errorf("%+v: on the dashboard %v violations, %q, rows from %v", c, d.Violations.Value, d.NoRows, d.RowsFrom)
		}
		if why := a.Members.Change[0].Why; !strings.HasPrefix(why, c.change) {
			t.Errorf("%+v: members are compared with %q", c, why)
		}
	}
}

// Connections are lost a few times a day: what a month showed hatched it still does when hundreds of gaps came later.
func TestGapsOfLongAgoAreStillHatched(t *testing.T) {
	now := time.Date(2026, 9, 17, 9, 0, 0, 0, time.UTC)
	clock := now.AddDate(0, 0, -200)
	s, closed := openAt(t, func() time.Time { return clock })
	defer closed()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	must(s.SeeGuild(ctx, moderation.GuildSeen{Origin: moderation.Origin{Guild: 11, At: clock},
		Profile: moderation.Guild{ID: 11, JoinedAt: clock}}))
	tally := moderation.NewTally()
	tally.Latency[moderation.BucketOf(clock).UnixMilli()] = moderation.Latency{}
	must(s.Flush(ctx, tally, moderation.Position{}))
	old := now.AddDate(0, 0, -150)
	lose := func(at time.Time) {
		t.Helper()
		must(s.RecordGap(ctx, moderation.Gap{From: at, To: at.Add(time.Minute), Reason: "the connection was lost"}))
	}
	lose(old.Add(time.Hour))
	for i := range 300 {
		lose(now.Add(-time.Duration(i+1) * time.Hour))
	}
	w, err := stats.CustomWindow(now, old, old.Add(3*time.Hour))
	must(err)
	a, err := stats.New(s, stats.Options{Clock: func() time.Time { return now }}).Analytics(ctx, 11, w)
	must(err)
	hatched := 0
	for _, p := range a.Temporal.Series.Points {
		if p.Missed {
			hatched++
		}
	}
	if hatched != 1 || len(a.Timeline.Moments) != 1 || a.Timeline.Moments[0].Kind != stats.MomentGap {
		t.Errorf("%d points are hatched, want 1; of note: %+v", hatched, a.Timeline.Moments)
	}
	if a.Timeline.Cut {
		t.Error("of one gap some are not listed")
	}
	w, err = stats.WindowOf(now, stats.PeriodMonth)
	must(err)
	a, err = stats.New(s, stats.Options{Clock: func() time.Time { return now }}).Analytics(ctx, 11, w)
	must(err)
	if len(a.Timeline.Moments) != stats.TimelineLength || !a.Timeline.Cut || !a.TemporalAnswer().TimelineCut {
		t.Errorf("%d of 300 gaps are listed, and that there are more: %t", len(a.Timeline.Moments), a.Timeline.Cut)
	}
}
