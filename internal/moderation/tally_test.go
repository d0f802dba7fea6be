package moderation

import (
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/snowflake"
)

// Lanes count apart and are merged: however events are dealt to them, the sum is as if one had counted all.
func TestMergedLanesCountAsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lanes := []*Tally{NewTally(), NewTally(), NewTally()}
		whole := NewTally()
		for range rapid.IntRange(0, 60).Draw(t, "events") {
			event := drawCounted(t)
			for _, tally := range []*Tally{whole, lanes[rapid.IntRange(0, 2).Draw(t, "lane")]} {
				tally.take(event)
			}
		}
		sum := NewTally()
		for _, lane := range lanes {
			sum.Merge(lane)
		}
		if !maps.Equal(sum.Counts, whole.Counts) || !maps.Equal(sum.Active, whole.Active) || !maps.Equal(sum.Latency, whole.Latency) ||
			!maps.Equal(sum.Read, whole.Read) || sum.Newest != whole.Newest {
			t.Fatalf("lanes %+v\nwhole %+v", sum, whole)
		}
		if sum.Empty() != whole.Empty() {
			t.Fatal("empty and not")
		}
	})
}

// take counts an event as the desk does.
func (t *Tally) take(event Event) {
	switch e := event.(type) {
	case MessagePosted:
		t.Message(&e)
	case MessagesDeleted:
		t.Deleted(&e)
	case LatencyMeasured:
		t.Beat(&e)
	case HistoryRead:
		t.Progress(&e)
	}
}

func drawCounted(t *rapid.T) Event {
	at := time.UnixMilli(rapid.Int64Range(1_700_000_000_000, 1_700_003_600_000).Draw(t, "at")).UTC()
	origin := Origin{Guild: snowflake.GuildID(rapid.IntRange(1, 3).Draw(t, "guild")), At: at}
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 3:
		return HistoryRead{Origin: origin, Reading: Reading{Gap: 1, Guild: origin.Guild}, Progress: Progress{
			Upto: rapid.Int64Range(0, 9).Draw(t, "upto"), Requests: 1, Found: rapid.Int64Range(0, 9).Draw(t, "found"),
			State: ReadState(rapid.IntRange(0, 3).Draw(t, "state"))}}
	case 0:
		return LatencyMeasured{Origin: origin, Latency: time.Duration(rapid.IntRange(1, 5000).Draw(t, "ms")) * time.Millisecond}
	case 1:
		return MessagesDeleted{Origin: origin, Messages: make([]snowflake.MessageID, rapid.IntRange(0, 3).Draw(t, "deleted"))}
	}
	return MessagePosted{Origin: origin, Message: snowflake.MessageID(rapid.IntRange(1, 9).Draw(t, "message")),
		Edit: rapid.Bool().Draw(t, "edit"), Late: rapid.Bool().Draw(t, "late"), Unfurl: rapid.Bool().Draw(t, "unfurl"), Author: Member{User: User{
			ID: snowflake.UserID(rapid.IntRange(0, 4).Draw(t, "author")), Bot: rapid.Bool().Draw(t, "bot")}}}
}

func TestBotsAndWebhooksAreCountedButNobodysActivity(t *testing.T) {
	tally := NewTally()
	origin := Origin{Guild: 1, At: time.Unix(1_700_000_000, 0)}
	for _, e := range []MessagePosted{
		{Origin: origin, Author: Member{User: User{ID: 5, Bot: true}}},
		{Origin: origin, Author: Member{User: User{ID: 6}}, Webhook: 6},
		{Origin: origin, Author: Member{User: User{ID: 7}}},
		{Origin: origin, Author: Member{User: User{ID: 7}}, Unfurl: true}, // no message at all
	} {
		tally.Message(&e)
	}
	if n := tally.Counts[Spot{1, BucketOf(origin.At).UnixMilli()}].Messages; n != 3 || len(tally.Active) != 1 || len(tally.Users) != 1 {
		t.Errorf("%d messages, active %v, users %v", n, tally.Active, tally.Users)
	}
}

func TestLatencyFallsIntoTheBucketOfItsBound(t *testing.T) {
	var l Latency
	for _, ms := range []int{25, 26, 2500, 2501} {
		l.Add(time.Duration(ms) * time.Millisecond)
	}
	if l.Count != 4 || l.Sum != 5052*time.Millisecond || l.Buckets[0] != 1 || l.Buckets[1] != 1 || l.Buckets[8] != 1 || l.Buckets[9] != 1 {
		t.Errorf("%+v", l)
	}
}

func TestAnAdministratorHasEveryPermission(t *testing.T) {
	if !PermAdministrator.Has(PermBanMembers|PermKickMembers) || (PermBanMembers).Has(PermBanMembers|PermKickMembers) {
		t.Error("administrators have all, others what they have")
	}
}
