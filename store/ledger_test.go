package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// lines gives the feed as short texts.
func lines(t *testing.T, s *store.Store) (texts []string) {
	t.Helper()
	changes, err := s.ChangesAfter(t.Context(), 0, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		text := string(c.Kind)
		for _, part := range []string{string(c.Severity), string(c.Action), c.Label} {
			if part != "" {
				text += " " + part
			}
		}
		if c.Kind == moderation.ChangeViolation {
			text += fmt.Sprint(" #", c.Ref)
		}
		texts = append(texts, text)
	}
	return texts
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// One hit of an AutoMod rule arrives once for each action of the rule, whether it names a message or not.
func TestExecutionsOfOneHitAreOneViolation(t *testing.T) {
	for what, message := range map[string]snowflake.MessageID{"a deleted message": 77, "a blocked message": 0} {
		t.Run(what, func(t *testing.T) {
			s := storetest.New(t)
			hit := func(at time.Time, user snowflake.UserID, did moderation.ActionKind) bool {
				t.Helper()
				fresh, err := s.RecordExecution(t.Context(), moderation.AutoModExecution{
					Origin: moderation.Origin{Guild: 1, At: at}, Rule: 5, Trigger: moderation.TriggerMentionSpam,
					User: user, Message: message, Did: did, Keyword: "@everyone", Duration: time.Minute,
				})
				if err != nil {
					t.Fatal(err)
				}
				return fresh
			}
			for i, did := range []moderation.ActionKind{moderation.ActionDelete, moderation.ActionTimeout,
				moderation.ActionNote} {
				at := noon.Add(time.Duration(i) * 300 * time.Millisecond)
				if !hit(at, 9, did) {
					t.Errorf("%s is not new", did)
				}
				if hit(at, 9, did) {
					t.Errorf("%s is new again", did)
				}
			}
			want(t, lines(t, s), "violation high AutoMod rule: Mention spam #1", "action delete", "action timeout",
				"action note")
			if message == 0 {
				hit(noon.Add(500*time.Millisecond), 10, moderation.ActionDelete)
				hit(noon.Add(5*time.Second), 9, moderation.ActionDelete)
				want(t, lines(t, s)[4:], "violation high AutoMod rule: Mention spam #2", "action delete",
					"violation high AutoMod rule: Mention spam #3", "action delete")
			}
		})
	}
}

func TestViolationsBearTheNameOfTheirRule(t *testing.T) {
	s := storetest.New(t)
	o := moderation.Origin{Guild: 1, At: noon}
	seen := moderation.NativeRuleSeen{Origin: o, Rule: 5, Name: "No shouting", Trigger: moderation.TriggerKeyword,
		Enabled: true}
	if err := s.SeeNativeRule(t.Context(), seen); err != nil {
		t.Fatal(err)
	}
	e := moderation.AutoModExecution{Origin: o, Rule: 5, Trigger: moderation.TriggerKeyword, Message: 1,
		Did: moderation.ActionDelete}
	if _, err := s.RecordExecution(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	want(t, lines(t, s), "violation medium No shouting #1", "action delete")
}

func TestAGuildComesAndGoes(t *testing.T) {
	s := storetest.New(t)
	minute := 0
	see := func(joined time.Time) {
		t.Helper()
		minute++
		o := moderation.Origin{Guild: 1, At: noon.Add(time.Duration(minute) * time.Minute)}
		if err := s.SeeGuild(t.Context(), moderation.GuildSeen{Origin: o,
			Profile: moderation.Guild{ID: 1, JoinedAt: joined}}); err != nil {
			t.Fatal(err)
		}
	}
	lose := func(outage bool) {
		t.Helper()
		minute++
		o := moderation.Origin{Guild: 1, At: noon.Add(time.Duration(minute) * time.Minute)}
		if err := s.LoseGuild(t.Context(), moderation.GuildLost{Origin: o, Outage: outage}); err != nil {
			t.Fatal(err)
		}
	}
	lose(false) // of a guild that was never there
	see(noon)
	see(noon)
	lose(true)
	lose(true)
	see(noon)
	lose(false)
	lose(false)
	see(noon.Add(time.Hour))
	want(t, lines(t, s), "guild joined", "guild outage", "gap Discord could not reach the server", "guild back", "guild left", "guild joined")
}

func TestPruningKeepsWhatPagesAndReplaysNeed(t *testing.T) {
	s := storetest.New(t)
	record := func(guild snowflake.GuildID, n int, at time.Time) {
		t.Helper()
		for range n {
			next := snowflake.EntryID(s.LastSeq() + 1)
			e := moderation.AuditEntry{Origin: moderation.Origin{Guild: guild, At: at}, Entry: next,
				Action: moderation.Action{Kind: moderation.ActionWarn, Target: 5}}
			if _, err := s.RecordAudit(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
	}
	for guild := snowflake.GuildID(1); guild <= 3; guild++ {
		if err := s.SeeGuild(t.Context(),
			moderation.GuildSeen{Origin: moderation.Origin{Guild: guild, At: noon}}); err != nil {
			t.Fatal(err)
		}
	}
	week := 7 * 24 * time.Hour
	record(1, 700, noon) // busy: old lines go
	record(2, 30, noon)  // quiet: all stay
	record(3, 10, noon)  // what is younger than a week stays
	record(1, 300, noon.Add(2*week))
	record(3, 250, noon.Add(2*week))
	for _, ago := range []time.Duration{0, 2 * week} {
		if err := s.NoteIdentify(t.Context(), noon.Add(ago)); err != nil {
			t.Fatal(err)
		}
	}
	deleted, err := s.Prune(t.Context(), noon.Add(2*week+time.Hour))
	if err != nil || deleted != 1+700+1+10+1 {
		t.Errorf("%d rows pruned, %v", deleted, err)
	}
	for guild, left := range map[snowflake.GuildID]int{1: 300, 2: 31, 3: 250} {
		changes, err := s.ChangesAfter(t.Context(), guild, 0, 10_000)
		if err != nil || len(changes) != left {
			t.Errorf("guild %d: %d lines left, want %d (%v)", guild, len(changes), left, err)
		}
	}
	for after, whole := range map[int64]bool{s.LastSeq(): true, s.LastSeq() - 550: true, 100: false, 0: false, -1: false,
		s.LastSeq() + 1: false} {
		if got, err := s.Replayable(t.Context(), after); err != nil || got != whole {
			t.Errorf("a replay after %d of %d: %t, want %t (%v)", after, s.LastSeq(), got, whole, err)
		}
	}
	if n, err := s.IdentifiesSince(t.Context(), noon); err != nil || n != 1 {
		t.Errorf("%d identifies left, %v", n, err)
	}
	if again, err := s.Prune(t.Context(), noon.Add(2*week+time.Hour)); err != nil || again != 0 {
		t.Errorf("pruning again: %d, %v", again, err)
	}
}

// Changes come from memory while they are new and from the table otherwise, in the same order and without a hole.
func TestChangesBeyondTheRing(t *testing.T) {
	s := storetest.New(t)
	const n = 4096 + 300
	done := make(chan error, 1)
	go func() {
		calls := make(chan snowflake.EntryID)
		errs := make(chan error, 64)
		for range 64 {
			go func() {
				var err error
				for entry := range calls {
					e := moderation.AuditEntry{Origin: moderation.Origin{Guild: 1, At: noon}, Entry: entry,
						Action: moderation.Action{Kind: moderation.ActionWarn}}
					if _, failed := s.RecordAudit(context.Background(), e); failed != nil {
						err = failed
					}
				}
				errs <- err
			}()
		}
		for i := range snowflake.EntryID(n) {
			calls <- i + 1
		}
		close(calls)
		var err error
		for range 64 {
			if failed := <-errs; failed != nil {
				err = failed
			}
		}
		done <- err
	}()
	read := func(stop int64) {
		t.Helper()
		for after := int64(0); after < stop; {
			changes, err := s.NextChanges(t.Context(), after, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range changes {
				if c.Seq != after+1 {
					t.Fatalf("change %d comes after %d", c.Seq, after)
				}
				after = c.Seq
			}
		}
	}
	read(n)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	read(n)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.NextChanges(ended, n, 1); err == nil {
		t.Error("waiting for changes outlives its context")
	}
}

// A position is resumed only after the counters up to it are in the database, and is gone once forgotten.
func TestPositions(t *testing.T) {
	dir := t.TempDir()
	s, err := storetest.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	at := moderation.Position{Shard: 2, Session: "abc", Seq: 41, ResumeURL: "wss://gateway.example", SavedAt: noon}
	for _, position := range []moderation.Position{{Shard: 2, Session: "old", Seq: 7}, at, {}} {
		if err := s.Flush(t.Context(), moderation.NewTally(), position); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = storetest.Open(dir); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, err := s.Position(t.Context(), 2); err != nil || got != at {
		t.Errorf("after a restart: %+v, %v", got, err)
	}
	if got, err := s.Position(t.Context(), 3); err != nil || got.Session != "" {
		t.Errorf("a shard without a session: %+v, %v", got, err)
	}
}
