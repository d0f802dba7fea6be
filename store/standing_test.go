package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

const staffRole = snowflake.RoleID(50)

// withStaff makes guild 1, owned by user 99, with a Discord role and a member 7 who has it. The clock stands at noon.
func withStaff(t *testing.T) *store.Store {
	t.Helper()
	s := storetest.New(t, atNoon)
	seeGuild(t, s)
	list(t, s, member(7, staffRole))
	return s
}

func atNoon(o *store.Options) { o.Clock = func() time.Time { return noon } }

func seeGuild(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.SeeGuild(t.Context(), moderation.GuildSeen{
		Origin: moderation.Origin{Guild: 1, At: noon}, Profile: moderation.Guild{ID: 1, Owner: 99},
		Roles: []moderation.DiscordRole{{ID: 1, Name: "@everyone"}, {ID: staffRole, Name: "Staff", Position: 3}},
		Channels: []moderation.Channel{{ID: 30, Name: "log"}, {ID: 31, Name: "Rooms", Kind: moderation.ChannelCategory},
			{ID: 33, Name: "news", Kind: moderation.ChannelAnnouncements, Parent: 31, Position: 1},
			{ID: 32, Name: "chat", Parent: 31}, {ID: 34, Name: "Empty", Kind: moderation.ChannelCategory, Position: 1},
			{ID: 29, Name: "rules", Position: 1}},
	}); err != nil {
		t.Fatal(err)
	}
}

func member(user snowflake.UserID, roles ...snowflake.RoleID) moderation.Member {
	return moderation.Member{User: moderation.User{ID: user, Name: fmt.Sprint("user", int64(user))}, Roles: roles,
		JoinedAt: noon.Add(-time.Hour)}
}

func list(t *testing.T, s *store.Store, members ...moderation.Member) {
	t.Helper()
	if err := s.SeeMembers(t.Context(), 1, members); err != nil {
		t.Fatal(err)
	}
}

func assign(t *testing.T, s *store.Store, subject access.Subject, to access.Role) error {
	t.Helper()
	ctx := access.WithRequest(t.Context(), "a-request")
	return s.AssignRole(ctx, granted[access.ManageRoles](t, 1, 90), subject, to)
}

func mustAssign(t *testing.T, s *store.Store, subject access.Subject, to access.Role) {
	t.Helper()
	if err := assign(t, s, subject, to); err != nil {
		t.Fatal(err)
	}
}

func roleOf(t *testing.T, s *store.Store, user snowflake.UserID) access.Role {
	t.Helper()
	standing, _, err := s.Standing(t.Context(), 1, user)
	if err != nil {
		t.Fatal(err)
	}
	return standing.Role()
}

func TestWhatMakesSomebodyWhat(t *testing.T) {
	o := moderation.Origin{Guild: 1, At: noon.Add(time.Minute)}
	permit := func(role snowflake.RoleID, permissions moderation.Permissions) func(*testing.T, *store.Store) {
		return func(t *testing.T, s *store.Store) {
			e := moderation.RoleSeen{Origin: o, Role: moderation.DiscordRole{ID: role, Permissions: permissions}}
			if err := s.SeeRole(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
	}
	give := func(subject access.Subject, to access.Role) func(*testing.T, *store.Store) {
		return func(t *testing.T, s *store.Store) { mustAssign(t, s, subject, to) }
	}
	for name, c := range map[string]struct {
		user snowflake.UserID
		with []func(*testing.T, *store.Store)
		want access.Role
	}{
		"a member":                       {user: 7, want: access.None},
		"the owner, seen or not":         {user: 99, want: access.Owner},
		"a stranger":                     {user: 8, want: access.None},
		"a role with every permission":   {7, fns(permit(staffRole, moderation.PermAdministrator)), access.Admin},
		"a role that manages the guild":  {7, fns(permit(staffRole, moderation.PermManageGuild)), access.None},
		"@everyone administrates":        {7, fns(permit(1, moderation.PermAdministrator)), access.Admin},
		"a mapped role":                  {7, fns(give(access.HoldersOf(staffRole), access.Moderator)), access.Moderator},
		"everybody may look":             {7, fns(give(access.HoldersOf(1), access.Viewer)), access.Viewer},
		"everybody may look, a stranger": {8, fns(give(access.HoldersOf(1), access.Viewer)), access.None},
		"a further owner":                {7, fns(give(access.Member(7), access.Owner)), access.Owner},
		"an admin made viewer stays one": {7, fns(permit(staffRole, moderation.PermAdministrator),
			give(access.Member(7), access.Viewer)), access.Admin},
		"the owner made viewer stays one": {99, fns(func(t *testing.T, s *store.Store) { list(t, s, member(99)) },
			give(access.Member(99), access.Viewer)), access.Owner},
		"given, then taken": {7, fns(give(access.Member(7), access.Admin),
			give(access.Member(7), access.None)), access.None},
		"timed out": {7, fns(give(access.Member(7), access.Admin), func(t *testing.T, s *store.Store) {
			who := member(7)
			who.TimeoutUntil, who.Pending = noon.Add(24*time.Hour), true
			list(t, s, who)
		}), access.Admin},
		"a bot": {5, fns(permit(staffRole, moderation.PermAdministrator), func(t *testing.T, s *store.Store) {
			bot := member(5, staffRole)
			bot.Bot = true
			list(t, s, bot)
		}), access.None},
		"the role is deleted": {7, fns(give(access.HoldersOf(staffRole), access.Admin), func(t *testing.T, s *store.Store) {
			e := moderation.RoleSeen{Origin: o, Role: moderation.DiscordRole{ID: staffRole}, Deleted: true}
			if err := s.SeeRole(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}), access.None},
	} {
		t.Run(name, func(t *testing.T) {
			s := withStaff(t)
			for _, do := range c.with {
				roleOf(t, s, c.user) // keeps what is to be dropped
				do(t, s)
			}
			if got := roleOf(t, s, c.user); got != c.want {
				t.Errorf("is %s, want %s", got, c.want)
			}
		})
	}
}

func fns(list ...func(*testing.T, *store.Store)) []func(*testing.T, *store.Store) { return list }

func TestWhatCannotBeAssigned(t *testing.T) {
	s := withStaff(t)
	bot := member(5)
	bot.Bot = true
	list(t, s, bot, member(8))
	if err := s.LoseMember(t.Context(), 1, 8, noon); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		subject access.Subject
		to      access.Role
		want    fault.Kind
	}{
		"themselves":               {access.Member(90), access.Admin, fault.Forbidden},
		"a bot":                    {access.Member(5), access.Viewer, fault.Invalid},
		"a stranger":               {access.Member(4), access.Viewer, fault.Invalid},
		"somebody who left":        {access.Member(8), access.Viewer, fault.Invalid},
		"a role of nobody's":       {access.HoldersOf(51), access.Viewer, fault.Invalid},
		"everybody as moderator":   {access.HoldersOf(1), access.Moderator, fault.Invalid},
		"a Discord role as owner":  {access.HoldersOf(staffRole), access.Owner, fault.Forbidden},
		"nobody":                   {access.Subject{}, access.Viewer, fault.Invalid},
		"another guild's everyone": {access.HoldersOf(2), access.Viewer, fault.Invalid},
	} {
		if err := assign(t, s, c.subject, c.to); fault.Of(err) != c.want || err == nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got := lines(t, s); len(got) != 1 {
		t.Errorf("refusals were announced: %q", got)
	}
	if rows := auditRows(t, s); len(rows) != 0 {
		t.Errorf("refusals were noted as deeds: %+v", rows)
	}
}

func auditRows(t *testing.T, s *store.Store) (rows []store.AuditRow) {
	t.Helper()
	if err := s.Read(t.Context(), func(snapshot *store.Snapshot) {
		rows = snapshot.Audit(1, store.AuditFilter{}, 100)
	}); err != nil {
		t.Fatal(err)
	}
	return rows
}

// What was given is there after a restart, is told of, and stands in the audit log, once each.
func TestAssignmentsLast(t *testing.T) {
	dir := t.TempDir()
	s, err := storetest.Open(dir, atNoon)
	if err != nil {
		t.Fatal(err)
	}
	seeGuild(t, s)
	list(t, s, member(7, staffRole), member(8))
	mustAssign(t, s, access.Member(7), access.Viewer)
	mustAssign(t, s, access.Member(7), access.Moderator)
	mustAssign(t, s, access.Member(7), access.Moderator)
	mustAssign(t, s, access.HoldersOf(staffRole), access.Viewer)
	mustAssign(t, s, access.Member(8), access.Owner)
	mustAssign(t, s, access.Member(8), access.None)
	mustAssign(t, s, access.Member(8), access.None)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = storetest.Open(dir, atNoon); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	standing, known, err := s.Standing(t.Context(), 1, 7)
	if want := (access.Standing{{Role: access.Moderator, Ground: access.ByAssignment},
		{Role: access.Viewer, Ground: access.ByDiscordRole, Discord: staffRole}}); err != nil || !known ||
		!slices.Equal(standing, want) {
		t.Errorf("after a restart: %+v, %v, %v", standing, known, err)
	}
	var given []store.Assignment
	if err := s.Read(t.Context(), func(snapshot *store.Snapshot) { given = snapshot.Assignments(1) }); err != nil {
		t.Fatal(err)
	}
	if want := []store.Assignment{{Subject: access.Member(7), Role: access.Moderator, By: 90, At: noon},
		{Subject: access.HoldersOf(staffRole), Role: access.Viewer, By: 90, At: noon}}; !slices.Equal(given, want) {
		t.Errorf("assignments %+v, want %+v", given, want)
	}
	deeds := []string{}
	for _, row := range auditRows(t, s) {
		deeds = append(deeds, fmt.Sprint(row.Action, " ", row.Role, " ", row.Actor.User, " ", row.Person.User, " ",
			row.Target, " ", row.Before, " ", row.After, " ", row.Request))
	}
	slices.Reverse(deeds)
	want(t, deeds, `role.assigned owner 90 7   "viewer" a-request`,
		`role.assigned owner 90 7  "viewer" "moderator" a-request`,
		`role.assigned owner 90 0 discord_role:50  "viewer" a-request`, `role.assigned owner 90 8   "owner" a-request`,
		`role.taken owner 90 8  "owner"  a-request`)
	want(t, lines(t, s)[1:], "config roles", "config roles", "config roles", "config roles", "config roles")
}

// Like Discord's own roles, a role here does not survive that its member leaves, whether that was seen or not.
func TestWhoComesBackComesWithoutTheirRole(t *testing.T) {
	o := moderation.Origin{Guild: 1, At: noon.Add(time.Hour)}
	back := member(7)
	back.JoinedAt = noon.Add(2 * time.Hour)
	ended := func(t *testing.T, s *store.Store) (ended bool) {
		t.Helper()
		if err := s.Read(t.Context(), func(snapshot *store.Snapshot) { ended = snapshot.Assignments(1)[0].Ended }); err != nil {
			t.Fatal(err)
		}
		return ended
	}
	for how, leave := range map[string]func(*store.Store) error{
		"left": func(s *store.Store) error {
			_, err := s.Leave(t.Context(), moderation.MemberLeft{Origin: o, User: back.User})
			return err
		},
		"unseen":     func(*store.Store) error { return nil },
		"found gone": func(s *store.Store) error { return s.LoseMember(t.Context(), 1, 7, o.At) },
	} {
		t.Run(how, func(t *testing.T) {
			now := noon
			s := storetest.New(t, func(o *store.Options) { o.Clock = func() time.Time { return now } })
			seeGuild(t, s)
			list(t, s, member(7, staffRole))
			mustAssign(t, s, access.Member(7), access.Admin)
			if ended(t, s) || roleOf(t, s, 7) != access.Admin {
				t.Error("what was given does not count")
			}
			now = noon.Add(time.Hour)
			if err := leave(s); err != nil {
				t.Fatal(err)
			}
			if how != "unseen" && roleOf(t, s, 7) != access.None {
				t.Error("who left has a role")
			}
			now = noon.Add(3 * time.Hour)
			list(t, s, back)
			if !ended(t, s) || roleOf(t, s, 7) != access.None {
				t.Errorf("who came back is %s", roleOf(t, s, 7))
			}
			mustAssign(t, s, access.Member(7), access.Admin)
			if ended(t, s) || roleOf(t, s, 7) != access.Admin {
				t.Error("what was given anew does not count")
			}
			mustAssign(t, s, access.Member(7), access.None)
		})
	}
}

// A guild that removes the bot is nobody's until the bot is back; then all is as it was.
func TestALostGuildIsNobodys(t *testing.T) {
	s := withStaff(t)
	mustAssign(t, s, access.Member(7), access.Moderator)
	at := func(hours int) moderation.Origin {
		return moderation.Origin{Guild: 1, At: noon.Add(time.Duration(hours) * time.Hour)}
	}
	if err := s.LoseGuild(t.Context(), moderation.GuildLost{Origin: at(1), Outage: true}); err != nil {
		t.Fatal(err)
	}
	if roleOf(t, s, 7) != access.Moderator || roleOf(t, s, 99) != access.Owner {
		t.Error("Discord's outage took rights")
	}
	if err := s.LoseGuild(t.Context(), moderation.GuildLost{Origin: at(2)}); err != nil {
		t.Fatal(err)
	}
	for _, user := range []snowflake.UserID{7, 99, 4} {
		if standing, known, err := s.Standing(t.Context(), 1, user); err != nil || !known || standing.Role() != access.None {
			t.Errorf("%d in a guild that the bot left: %+v, %v, %v", user, standing, known, err)
		}
	}
	if err := s.SeeGuild(t.Context(),
		moderation.GuildSeen{Origin: at(3), Profile: moderation.Guild{ID: 1, Owner: 98}}); err != nil {
		t.Fatal(err)
	}
	if err := s.ChangeMember(t.Context(),
		moderation.MemberChanged{Origin: at(4), Member: member(7, staffRole)}); err != nil {
		t.Fatal(err)
	}
	if roleOf(t, s, 7) != access.Moderator || roleOf(t, s, 98) != access.Owner || roleOf(t, s, 99) != access.None {
		t.Error("back, but not as it was")
	}
}

// Who only wrote a message is there, but what they are must be asked.
func TestOfWhomDiscordToldNothing(t *testing.T) {
	s := withStaff(t)
	tally := moderation.NewTally()
	tally.Active[moderation.Presence{Guild: 1, User: 6}] = noon.UnixMilli()
	if err := s.Flush(t.Context(), tally, moderation.Position{}); err != nil {
		t.Fatal(err)
	}
	for user, want := range map[snowflake.UserID]bool{7: true, 99: true, 6: false, 4: false} {
		if _, known, err := s.Standing(t.Context(), 1, user); err != nil || known != want {
			t.Errorf("%d is known: %v, %v", user, known, err)
		}
	}
	list(t, s, member(6))
	if err := s.LoseMember(t.Context(), 1, 4, noon); err != nil {
		t.Fatal(err)
	}
	for _, user := range []snowflake.UserID{6, 4} {
		if _, known, err := s.Standing(t.Context(), 1, user); err != nil || !known {
			t.Errorf("%d is not known: %v", user, err)
		}
	}
	if got := lines(t, s); len(got) != 1 {
		t.Errorf("what was asked was announced: %q", got)
	}
}

// Discord's answer may come after an event that is newer than the question.
func TestAnAnswerDoesNotUndoWhatWasToldSince(t *testing.T) {
	s := withStaff(t)
	mustAssign(t, s, access.Member(7), access.Moderator)
	if err := s.LoseMember(t.Context(), 1, 7, noon.Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	if got := roleOf(t, s, 7); got != access.Moderator {
		t.Errorf("an answer from before they were listed makes them %s", got)
	}
	if err := s.LoseMember(t.Context(), 1, 7, noon.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if got := roleOf(t, s, 7); got != access.None {
		t.Errorf("an answer from after makes them %s", got)
	}
}

// Once a deed is done nobody is answered by what was before it, however many ask meanwhile.
func TestADeedIsSeenByWhoeverAsksAfterIt(t *testing.T) {
	s := withStaff(t)
	var asking sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	for range 4 {
		asking.Go(func() {
			for ctx.Err() == nil {
				if _, _, err := s.Standing(context.Background(), 1, 7); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range 60 {
		to := []access.Role{access.Moderator, access.None, access.Admin}[i%3]
		mustAssign(t, s, access.Member(7), to)
		if got := roleOf(t, s, 7); got != to {
			t.Errorf("deed %d made them %s, and they are %s", i, to, got)
		}
	}
	stop()
	asking.Wait()
}

func TestTheTeamIsFoundWhateverItsSize(t *testing.T) {
	s := withStaff(t)
	crowd := []moderation.Member{member(99), member(98)}
	for i := range 1500 {
		crowd = append(crowd, member(snowflake.UserID(1000+i), staffRole))
	}
	list(t, s, crowd...)
	mustAssign(t, s, access.HoldersOf(1), access.Viewer)
	mustAssign(t, s, access.Member(1400), access.Admin)
	mustAssign(t, s, access.Member(98), access.Owner)
	team := func(most int) (users []snowflake.UserID, more int) {
		t.Helper()
		if err := s.Read(context.Background(), func(snapshot *store.Snapshot) {
			var list []store.TeamMember
			list, more = snapshot.Team(1, most)
			for _, one := range list {
				users = append(users, one.User)
			}
		}); err != nil {
			t.Fatal(err)
		}
		return users, more
	}
	if got, more := team(100); !slices.Equal(got, []snowflake.UserID{99, 98, 1400}) || more != 0 {
		t.Errorf("without the mapped role: %v and %d more", got, more)
	}
	mustAssign(t, s, access.HoldersOf(staffRole), access.Moderator)
	got, more := team(5)
	if !slices.Equal(got, []snowflake.UserID{99, 98, 1400, 7, 1000}) || more != 1000 {
		t.Errorf("with it: %v and %d more", got, more)
	}
	if got, more = team(1504); len(got) != 1503 || more != 0 {
		t.Errorf("all: %d and %d more", len(got), more)
	}
}
