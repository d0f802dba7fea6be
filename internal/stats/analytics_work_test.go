package stats_test

import (
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
)

// A server may have more moderators than are listed: it is said how many, and none is lost without a word.
func TestMoreModeratorsThanAreListed(t *testing.T) {
	now := time.Date(2026, 3, 17, 9, 1, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	s, closed := openAt(t, clock)
	defer closed()
	if err := newChronicle(now).open(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	figures := stats.New(s, stats.Options{Clock: clock})
	w, err := stats.WindowOf(now, stats.PeriodDay)
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i <= 53; i++ {
		if _, err := s.RecordAudit(t.Context(), moderation.AuditEntry{Origin: moderation.Origin{Guild: 11, At: now},
			Entry: snowflake.EntryID(i), Action: moderation.Action{Kind: moderation.ActionWarn, Source: moderation.SourceAudit,
				Target: 5, Actor: snowflake.UserID(100 + i)}}); err != nil {
			t.Fatal(err)
		}
		if i != 50 && i != 53 {
			continue
		}
		a, err := figures.Analytics(t.Context(), 11, w)
		if err != nil {
			t.Fatal(err)
		}
		if answer := a.WorkloadAnswer(); len(a.Workload.Moderators) != 50 || a.Workload.Others != i-50 || answer.Others != i-50 {
			t.Errorf("of %d moderators %d are listed, and %d others", i, len(a.Workload.Moderators), a.Workload.Others)
		}
	}
}
