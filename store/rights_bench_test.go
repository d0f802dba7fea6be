package store_test

import (
	"context"
	"fmt"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// byStore is a roster of what the store knows.
type byStore struct{ *store.Store }

func (s byStore) RoleIn(ctx context.Context, guild snowflake.GuildID, actor access.Actor) (access.Role, error) {
	standing, _, err := s.Standing(ctx, guild, actor.User())
	return standing.Role(), err
}

// staff is a guild in which user n has n Discord roles, all of them mapped.
func staff(t testing.TB, s *store.Store, counts ...int) {
	t.Helper()
	ctx := context.Background()
	seen := moderation.GuildSeen{Origin: moderation.Origin{Guild: 1, At: noon},
		Profile: moderation.Guild{ID: 1, Owner: 99}, Roles: []moderation.DiscordRole{{ID: 1, Name: "@everyone"}}}
	for i := range 250 {
		seen.Roles = append(seen.Roles, moderation.DiscordRole{ID: snowflake.RoleID(100 + i), Position: 1 + i})
	}
	if err := s.SeeGuild(ctx, seen); err != nil {
		t.Fatal(err)
	}
	for _, n := range counts {
		who := moderation.Member{User: moderation.User{ID: snowflake.UserID(n), Name: "staff"}, JoinedAt: noon}
		for i := range n {
			role := snowflake.RoleID(100 + i)
			who.Roles = append(who.Roles, role)
			err := s.AssignRole(ctx, granted[access.ManageRoles](t, 1, 99), access.HoldersOf(role), access.Moderator)
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := s.SeeMembers(ctx, 1, []moderation.Member{who}); err != nil {
			t.Fatal(err)
		}
	}
}

// A check asks no query and no memory of the machine once the person is known.
func TestAWarmCheckCostsNothing(t *testing.T) {
	s := storetest.New(t)
	staff(t, s, 30)
	check := func(guild snowflake.GuildID, want bool) {
		_, err := access.Check[access.ActOnMembers](context.Background(), byStore{s}, access.Person(30, false), guild)
		if want != (err == nil) {
			t.Fatal(err)
		}
	}
	check(1, true)
	cold := s.Reads()
	if cold == 0 {
		t.Error("no query was counted: the test cannot fail")
	}
	allocations := testing.AllocsPerRun(1000, func() { check(1, true) })
	if reads := s.Reads() - cold; allocations != 0 || reads != 0 {
		t.Errorf("a warm check makes %v allocations and %d queries", allocations, reads)
	}
	check(2, false)
}

// BenchmarkCheck is one right checked by what the store keeps: the bar is 1 us.
func BenchmarkCheck(b *testing.B) {
	s := storetest.New(b)
	staff(b, s, 1, 30)
	ctx := context.Background()
	for _, roles := range []int{1, 30} {
		actor := access.Person(snowflake.UserID(roles), false)
		check := func(b *testing.B) {
			if _, err := access.Check[access.ActOnMembers](ctx, byStore{s}, actor, 1); err != nil {
				b.Fatal(err)
			}
		}
		b.Run(fmt.Sprintf("warm, %d roles", roles), func(b *testing.B) {
			b.ReportAllocs()
			check(b)
			before := s.Reads()
			for b.Loop() {
				check(b)
			}
			b.ReportMetric(float64(s.Reads()-before)/float64(b.N), "queries/op")
		})
		b.Run(fmt.Sprintf("cold, %d roles", roles), func(b *testing.B) {
			for b.Loop() {
				s.DropCaches()
				check(b)
			}
		})
	}
	b.Run("warm, all processors", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := access.Check[access.ActOnMembers](ctx, byStore{s}, access.Person(30, false), 1); err != nil {
					b.Error(err)
					return
				}
			}
		})
	})
}
