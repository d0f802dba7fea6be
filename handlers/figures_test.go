package handlers

import (
	"fmt"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// noon is when every test here happens; what is stored lies before it.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// filled gives a store, and its directory, with one guild, home, in which a little of everything has happened. Names
// and texts are canaries: none of them may show where only aggregates are allowed.
func filled(t testing.TB) (s *store.Store, dir string) {
	t.Helper()
	s = storetest.New(t, storetest.Sealing, func(o *store.Options) { o.Clock, dir = func() time.Time { return noon }, o.Dir })
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	at := func(ago time.Duration) moderation.Origin { return moderation.Origin{Guild: home, At: noon.Add(-ago)} }
	must(s.SeeGuild(ctx, moderation.GuildSeen{Origin: at(40 * 24 * time.Hour), Joined: true,
		Profile: moderation.Guild{ID: home, Name: "Canary <Coffee> House", Members: 3, Owner: keeper,
			JoinedAt: noon.Add(-40 * 24 * time.Hour)}}))
	member := func(id snowflake.UserID, name string) moderation.Member {
		return moderation.Member{User: moderation.User{ID: id, Name: name}, JoinedAt: noon.Add(-time.Hour)}
	}
	_, err := s.Join(ctx, moderation.MemberJoined{Origin: at(time.Hour), Member: member(101, "canary-ann")})
	must(err)
	for i, kind := range []moderation.ActionKind{moderation.ActionBan, moderation.ActionTimeout, moderation.ActionKick} {
		_, err = s.RecordAudit(ctx, moderation.AuditEntry{Origin: at(time.Duration(50-i) * time.Minute),
			Entry: snowflake.EntryID(i + 1), Action: moderation.Action{Kind: kind, Source: moderation.SourceAudit, Target: 101,
				Actor: 102, Reason: "canary reason", Count: 1, Outcome: moderation.OutcomeDone}})
		must(err)
	}
	_, err = s.RecordExecution(ctx, moderation.AutoModExecution{Origin: at(30 * time.Minute), Rule: 7,
		Trigger: moderation.TriggerKeyword, User: 101, Channel: 5, Message: 900, Keyword: "canary keyword",
		Content: "canary text", Did: moderation.ActionDelete})
	must(err)
	for i := range 8 {
		_, err = s.RecordCommand(ctx, moderation.CommandRun{Origin: at(time.Duration(20-i) * time.Minute),
			Interaction: snowflake.InteractionID(i + 1), Command: fmt.Sprint("canary-command-", i),
			User: moderation.User{ID: 102, Name: "canary-bob"}, OK: i != 3})
		must(err)
	}
	tally := moderation.NewTally()
	tally.Counts[moderation.Spot{Guild: home,
		Bucket: moderation.BucketOf(noon.Add(-2 * time.Hour)).UnixMilli()}] = moderation.Counts{Messages: 12}
	tally.Counts[moderation.Spot{Guild: home,
		Bucket: moderation.BucketOf(noon.Add(-time.Minute)).UnixMilli()}] = moderation.Counts{Messages: 5}
	tally.Latency[moderation.BucketOf(noon.Add(-10*time.Minute)).UnixMilli()] = moderation.Latency{Count: 4,
		Sum: 200 * time.Millisecond}
	must(s.Flush(ctx, tally, moderation.Position{}))
	return s, dir
}

// figures computes over s at noon.
func figures(s *store.Store) *stats.Stats {
	return stats.New(s, stats.Options{Clock: func() time.Time { return noon }, Registered: func() int { return 1 },
		Gateway: func() stats.Gateway { return stats.Gateway{State: "connected", Since: noon.Add(-time.Hour)} }})
}
