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

func TestWhoIsNotOnTheCompleteListIsGone(t *testing.T) {
	const guild, other, role = snowflake.GuildID(1), snowflake.GuildID(2), snowflake.RoleID(9)
	const ada, bob, cleo = snowflake.UserID(11), snowflake.UserID(12), snowflake.UserID(13)
	s := storetest.New(t)
	at := time.Now().UTC()
	ctx := t.Context()
	fine := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var members []moderation.Member
	for _, user := range []snowflake.UserID{ada, bob, cleo} {
		who := moderation.User{ID: user, Name: user.String()}
		members = append(members, moderation.Member{User: who, Roles: []snowflake.RoleID{role}})
	}
	for _, g := range []snowflake.GuildID{guild, other} {
		fine(s.SeeGuild(ctx, moderation.GuildSeen{
			Origin: moderation.Origin{Guild: g, At: at}, Profile: moderation.Guild{ID: g, Members: 3},
			Roles: []moderation.DiscordRole{{ID: role, Permissions: moderation.PermAdministrator}},
		}))
		fine(s.SeeMembers(ctx, g, members))
		tally := moderation.NewTally()
		tally.Active[moderation.Presence{Guild: g, User: bob}] = at.UnixMilli()
		fine(s.Flush(ctx, tally, moderation.Position{}))
	}
	admins := func(g snowflake.GuildID) (who []snowflake.UserID) {
		t.Helper()
		for _, m := range members {
			standing, _, err := s.Standing(ctx, g, m.ID)
			fine(err)
			if len(standing) > 0 {
				who = append(who, m.ID)
			}
		}
		return who
	}
	if !slices.Equal(admins(guild), []snowflake.UserID{ada, bob, cleo}) {
		t.Fatalf("at first %v have rights", admins(guild))
	}
	list := moderation.MembersComplete{
		Origin: moderation.Origin{Guild: guild, At: at}, Members: []snowflake.UserID{ada, cleo},
	}
	for range 2 { // a list says the same twice
		fine(s.KeepMembers(ctx, list))
	}
	if !slices.Equal(admins(guild), []snowflake.UserID{ada, cleo}) || len(admins(other)) != 3 {
		t.Errorf("%v have rights here, %v elsewhere", admins(guild), admins(other))
	}
	fine(s.Read(ctx, func(now *store.Snapshot) {
		if n := now.ActiveUsers(at.Add(-time.Hour)); n != 1 {
			t.Errorf("%d users are active, want the one who still is elsewhere", n)
		}
		for _, change := range now.Newest(guild, 50) {
			if change.Kind == moderation.ChangeLeave {
				t.Errorf("a leave is counted: %+v", change)
			}
		}
	}))
	list.Guild = other
	fine(s.KeepMembers(ctx, list))
	fine(s.Read(ctx, func(now *store.Snapshot) {
		if n := now.ActiveUsers(at.Add(-time.Hour)); n != 0 {
			t.Errorf("%d users are active, though the one who was is nowhere", n)
		}
	}))
	fine(s.SeeMembers(ctx, guild, members[1:2]))
	if len(admins(guild)) != 3 {
		t.Errorf("after the return %v have rights", admins(guild))
	}
}

func TestAnAnswerIsNoNewerThanItsQuestion(t *testing.T) {
	const guild, ada = snowflake.GuildID(1), snowflake.UserID(11)
	s := storetest.New(t)
	ctx, at := t.Context(), time.Now().UTC().Truncate(time.Millisecond)
	fine := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	fine(s.SeeGuild(ctx, moderation.GuildSeen{
		Origin: moderation.Origin{Guild: guild, At: at}, Profile: moderation.Guild{ID: guild},
		Roles: []moderation.DiscordRole{{ID: 9, Permissions: moderation.PermAdministrator}},
	}))
	who := moderation.Member{User: moderation.User{ID: ada, Name: "ada"}, Roles: []snowflake.RoleID{9}}
	role := func() access.Role {
		t.Helper()
		standing, _, err := s.Standing(ctx, guild, ada)
		fine(err)
		return standing.Role()
	}
	fine(s.SeeMember(ctx, guild, who, at))
	if role() != access.Admin {
		t.Fatalf("at first they are %s", role())
	}
	left := moderation.Origin{Guild: guild, At: at.Add(2 * time.Second)}
	_, err := s.Leave(ctx, moderation.MemberLeft{Origin: left, User: who.User})
	fine(err)
	fine(s.SeeMember(ctx, guild, who, at.Add(time.Second)))
	if role() != access.None {
		t.Errorf("an answer from before they left makes them %s", role())
	}
	fine(s.SeeMember(ctx, guild, who, at.Add(3*time.Second)))
	if role() != access.Admin {
		t.Errorf("an answer from after they came back makes them %s", role())
	}
}
