package store_test

import (
	"slices"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// What a user was told in a guild is theirs alone, is seen once, is bounded, and goes with them.
func TestNotifications(t *testing.T) {
	now := noon
	s := storetest.New(t, storetest.Clock(func() time.Time { return now }))
	for _, guild := range []snowflake.GuildID{1, 2} {
		if err := s.SeeGuild(t.Context(), moderation.GuildSeen{Origin: moderation.Origin{Guild: guild, At: noon},
			Profile: moderation.Guild{ID: guild, Name: "Home", Owner: 9, JoinedAt: noon}}); err != nil {
			t.Fatal(err)
		}
	}
	tell := func(guild snowflake.GuildID, user snowflake.UserID) store.Export {
		t.Helper()
		made, err := s.AskExport(t.Context(), granted[access.Export](t, guild, user), store.ExportOrder{What: "health", Format: "csv"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.EndExport(t.Context(), made, store.ExportResult{State: store.ExportFailed}, true); err != nil {
			t.Fatal(err)
		}
		return made
	}
	unseen := func(guild snowflake.GuildID, user snowflake.UserID) (numbers []int64) {
		t.Helper()
		list, err := s.Unseen(t.Context(), guild, user)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range list {
			numbers = append(numbers, n.Number)
		}
		return numbers
	}
	tell(2, 7)
	tell(1, 8)
	made := tell(1, 7)
	if list, err := s.Unseen(t.Context(), 1, 7); err != nil || len(list) != 1 || list[0].Number != 1 || list[0].Subject != made.ID ||
		list[0].Kind != "export.failed" || list[0].About != "health" {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := s.SeeNotifications(t.Context(), 1, 7, []int64{1, 1, 99}); err != nil {
		t.Fatal(err)
	}
	if mine, theirs, far := unseen(1, 7), unseen(1, 8), unseen(2, 7); len(mine) != 0 || len(theirs) != 1 || len(far) != 1 {
		t.Errorf("after they have seen it there is %v, of another %v, in the other guild %v", mine, theirs, far)
	}
	for range 60 {
		now = now.Add(time.Minute) // more than ten exports in one are refused
		tell(1, 7)
	}
	if mine := unseen(1, 7); len(mine) != 50 || mine[0] != 12 || !slices.IsSorted(mine) {
		t.Errorf("of 61 there is %v", mine)
	}
	if _, err := s.EraseMember(t.Context(), granted[access.EraseMember](t, 1, 9), 7); err != nil {
		t.Fatal(err)
	}
	if mine, theirs := unseen(1, 7), unseen(1, 8); len(mine) != 0 || len(theirs) != 1 {
		t.Errorf("after they were erased there is %v, of another %v", mine, theirs)
	}
}
