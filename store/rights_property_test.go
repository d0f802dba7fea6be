package store_test

import (
	"context"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// asRole is a roster in which everybody has one role.
type asRole access.Role

func (r asRole) RoleIn(context.Context, snowflake.GuildID, access.Actor) (access.Role, error) {
	return access.Role(r), nil
}

// granted is a grant of R for a person who owns a guild.
func granted[R access.Right](t interface{ Fatal(...any) }, guild snowflake.GuildID, user snowflake.UserID) access.Grant[R] {
	grant, err := access.Check[R](context.Background(), asRole(access.Owner), access.Person(user, false), guild)
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

// After any events and deeds everybody has the rights that a simple model gives them, kept or computed anew; whoever's
// have changed is told of, when the store already answers by it; and the team is who has some.
func TestRightsFollowEverythingThatHappens(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "run")
		if err != nil {
			t.Fatal(err)
		}
		run := &rightsRun{T: r, m: newRightsModel(), dir: dir, told: map[moderation.Presence]*access.Standing{}}
		run.before = run.standings()
		run.open()
		defer func() { run.s.Close() }()
		run.begin()
		r.Repeat(map[string]func(*rapid.T){
			"guild": run.guild, "lost": run.lost, "role": run.role, "join": run.join, "leave": run.leave,
			"change": run.change, "list": run.list, "active": run.active, "stale": run.stale, "give": run.give,
			"give again": run.give, "map": run.mapRole, "reopen": run.reopen, "": run.check,
		})
	})
}

type rightsRun struct {
	*rapid.T
	m   *rightsModel
	s   *store.Store
	dir string

	past   []moderation.Event // of members, to be replayed
	before map[moderation.Presence]rightsSeen

	mu   sync.Mutex
	told map[moderation.Presence]*access.Standing // of whom it told; and what it answered then, if it was asked
}

type rightsSeen struct {
	access.Standing
	known bool
}

func (l *rightsRun) open() {
	s, err := storetest.Open(l.dir, func(o *store.Options) { o.Clock = func() time.Time { return l.m.now } })
	if err != nil {
		l.Fatal(err)
	}
	s.OnRights(func(guild snowflake.GuildID, user snowflake.UserID) {
		l.mu.Lock()
		defer l.mu.Unlock()
		for id := snowflake.UserID(1); id <= everybot; id++ {
			who := moderation.Presence{Guild: guild, User: id}
			switch {
			case user == id, user == 0 && id == 1: // one of everybody is enough
				standing, _, err := s.Standing(context.Background(), guild, id)
				if err != nil {
					panic(err)
				}
				l.told[who] = &standing
			case user == 0:
				l.told[who] = nil
			}
		}
	})
	l.s = s
}

// begin makes the first guild one in which much can happen: one Discord role administrates, another moderates.
func (l *rightsRun) begin() {
	g := l.m.guilds[1]
	g.in, g.owner, g.mapped[12] = true, 1, access.Moderator
	e := moderation.GuildSeen{Origin: moderation.Origin{Guild: 1, At: l.m.now}, Profile: moderation.Guild{ID: 1, Owner: 1}}
	for id, permissions := range map[snowflake.RoleID]moderation.Permissions{1: 0, 11: moderation.PermAdministrator, 12: 0} {
		g.roles[id] = moderation.DiscordRole{ID: id, Position: int(id), Permissions: permissions}
		e.Roles = append(e.Roles, g.roles[id])
	}
	l.send(e)
	l.assign(1, access.HoldersOf(12), access.Moderator, true)
}

func (l *rightsRun) reopen(r *rapid.T) {
	if rapid.IntRange(0, 2).Draw(r, "rarely") > 0 {
		return // it takes as long as ten events
	}
	if err := l.s.Close(); err != nil {
		l.Fatal(err)
	}
	l.open()
}

func (l *rightsRun) where(r *rapid.T) (moderation.Origin, *rightsGuild) {
	l.m.now = l.m.now.Add(time.Duration(rapid.IntRange(1, 5000).Draw(r, "ms")) * time.Millisecond)
	guild := rapid.SampledFrom([]snowflake.GuildID{1, 1, 1, 2}).Draw(r, "guild")
	return moderation.Origin{Guild: guild, At: l.m.now}, l.m.guilds[guild]
}

func (l *rightsRun) who(r *rapid.T) moderation.User {
	id := snowflake.UserID(rapid.IntRange(1, int(everybot)).Draw(r, "user"))
	return moderation.User{ID: id, Name: "user", Bot: id == everybot}
}

// member draws somebody as Discord describes them: in the stay they are in, or in one that began unseen.
func (l *rightsRun) member(r *rapid.T, g *rightsGuild) moderation.Member {
	who := moderation.Member{User: l.who(r), JoinedAt: l.m.now, Roles: rapid.SliceOfNDistinct(
		rapid.Map(rapid.IntRange(11, 13), func(id int) snowflake.RoleID { return snowflake.RoleID(id) }),
		0, 3, func(id snowflake.RoleID) snowflake.RoleID { return id }).Draw(r, "roles")}
	if known := g.members[who.ID]; known != nil && known.in && rapid.IntRange(0, 5).Draw(r, "unseen stay") > 0 {
		who.JoinedAt = known.came
	}
	return who
}

func (l *rightsRun) discordRole(r *rapid.T, guild snowflake.GuildID) moderation.DiscordRole {
	id := rapid.SampledFrom([]snowflake.RoleID{snowflake.RoleID(guild), 11, 12, 13}).Draw(r, "role")
	role := moderation.DiscordRole{ID: id, Name: "role", Position: int(id),
		Permissions: rapid.SampledFrom([]moderation.Permissions{0, moderation.PermManageRoles,
			moderation.PermAdministrator | moderation.PermBanMembers}).Draw(r, "permissions")}
	if id == snowflake.RoleID(guild) {
		role.Position = 0
	}
	return role
}

func (l *rightsRun) send(e moderation.Event) {
	if err := send(context.Background(), l.s, e); err != nil {
		l.Fatal(err)
	}
}

func (l *rightsRun) guild(r *rapid.T) {
	o, g := l.where(r)
	e := moderation.GuildSeen{Origin: o, Profile: moderation.Guild{ID: o.Guild, Owner: l.who(r).ID}}
	if rapid.Bool().Draw(r, "whole") {
		e.Roles = []moderation.DiscordRole{}
		clear(g.roles)
		for range rapid.IntRange(0, 3).Draw(r, "roles") {
			role := l.discordRole(r, o.Guild)
			if g.roles[role.ID].ID == 0 {
				e.Roles = append(e.Roles, role)
				g.roles[role.ID] = role
			}
		}
	}
	g.in, g.owner = true, e.Profile.Owner
	l.send(e)
}

func (l *rightsRun) lost(r *rapid.T) {
	o, g := l.where(r)
	outage := rapid.Bool().Draw(r, "outage")
	if g.in && !outage {
		g.in = false
		for _, member := range g.members {
			member.in = false
		}
	}
	l.send(moderation.GuildLost{Origin: o, Outage: outage})
}

func (l *rightsRun) role(r *rapid.T) {
	o, g := l.where(r)
	e := moderation.RoleSeen{Origin: o, Role: l.discordRole(r, o.Guild), Deleted: rapid.IntRange(0, 3).Draw(r, "gone") == 0}
	if e.Deleted {
		delete(g.roles, e.Role.ID)
	} else {
		g.roles[e.Role.ID] = e.Role
	}
	l.send(e)
}

func (l *rightsRun) join(r *rapid.T) {
	o, g := l.where(r)
	e := moderation.MemberJoined{Origin: o, Member: l.member(r, g)}
	e.Member.JoinedAt = o.At
	l.m.tell(o.Guild, e.Member)
	l.past = append(l.past, e)
	l.send(e)
}

func (l *rightsRun) leave(r *rapid.T) {
	o, g := l.where(r)
	who := l.who(r)
	g.leave(who.ID, o.At)
	if rapid.Bool().Draw(r, "answered") {
		// Discord was asked, and said that they are no member.
		if err := l.s.LoseMember(context.Background(), o.Guild, who.ID, o.At); err != nil {
			l.Fatal(err)
		}
		return
	}
	l.m.named[who.ID] = true
	e := moderation.MemberLeft{Origin: o, User: who}
	l.past = append(l.past, e)
	l.send(e)
}

func (l *rightsRun) change(r *rapid.T) {
	o, g := l.where(r)
	e := moderation.MemberChanged{Origin: o, Member: l.member(r, g)}
	l.m.tell(o.Guild, e.Member)
	l.past = append(l.past, e)
	l.send(e)
}

func (l *rightsRun) list(r *rapid.T) {
	o, g := l.where(r)
	who := l.member(r, g)
	l.m.tell(o.Guild, who)
	if err := l.s.SeeMembers(context.Background(), o.Guild, []moderation.Member{who}); err != nil {
		l.Fatal(err)
	}
}

// active is a message: whoever writes is there, and nothing else is known of them.
func (l *rightsRun) active(r *rapid.T) {
	o, g := l.where(r)
	who := moderation.Presence{Guild: o.Guild, User: l.who(r).ID}
	g.member(who.User).in = true
	tally := moderation.NewTally()
	tally.Active[who] = o.At.UnixMilli()
	if err := l.s.Flush(context.Background(), tally, moderation.Position{}); err != nil {
		l.Fatal(err)
	}
}

// stale repeats an event of the past: it changes nothing.
func (l *rightsRun) stale(r *rapid.T) {
	if len(l.past) == 0 {
		r.Skip("nothing to repeat")
	}
	l.send(rapid.SampledFrom(l.past).Draw(r, "event"))
}

// give gives a member a role, or takes it.
func (l *rightsRun) give(r *rapid.T) {
	o, g := l.where(r)
	user := snowflake.UserID(rapid.IntRange(1, int(everybot)).Draw(r, "user"))
	to := access.Role(rapid.IntRange(int(access.None), int(access.Owner)).Draw(r, "to"))
	member := g.members[user]
	may := to == access.None || to == g.counts(user) ||
		member != nil && member.in && l.m.named[user] && user != everybot
	l.assign(o.Guild, access.Member(user), to, may)
	if !may || to == g.counts(user) && to != access.None {
		return
	}
	given := rightsGiven{to, o.At}
	if member != nil && member.came.After(given.at) {
		given.at = member.came
	}
	g.given[user] = given
}

// mapRole gives whoever has a Discord role a role here, or takes it.
func (l *rightsRun) mapRole(r *rapid.T) {
	o, g := l.where(r)
	id := rapid.SampledFrom([]snowflake.RoleID{snowflake.RoleID(o.Guild), 11, 12, 13}).Draw(r, "role")
	to := access.Role(rapid.IntRange(int(access.None), int(access.Owner)).Draw(r, "to"))
	may := to != access.Owner && (to == access.None || to == g.mapped[id] ||
		g.roles[id].ID != 0 && (id != snowflake.RoleID(o.Guild) || to == access.Viewer))
	l.assign(o.Guild, access.HoldersOf(id), to, may)
	if may {
		g.mapped[id] = to
	}
}

func (l *rightsRun) assign(guild snowflake.GuildID, subject access.Subject, to access.Role, may bool) {
	err := l.s.AssignRole(context.Background(), granted[access.ManageRoles](l, guild, 99), subject, to)
	if may != (err == nil) {
		l.Fatalf("%+v becomes %s: %v, allowed %v", subject, to, err, may)
	}
}

func (l *rightsRun) standings() map[moderation.Presence]rightsSeen {
	all := map[moderation.Presence]rightsSeen{}
	for guild := snowflake.GuildID(1); guild <= 2; guild++ {
		for user := snowflake.UserID(1); user <= everybot; user++ {
			standing, known := l.m.standing(guild, user)
			all[moderation.Presence{Guild: guild, User: user}] = rightsSeen{standing, known}
		}
	}
	return all
}

func (l *rightsRun) check(r *rapid.T) {
	want := l.standings()
	l.mu.Lock()
	told := l.told
	l.told = map[moderation.Presence]*access.Standing{}
	l.mu.Unlock()
	for who, now := range want {
		then, heard := told[who]
		if changed := !slices.Equal(now.Standing, l.before[who].Standing); changed && !heard {
			l.Fatalf("%+v was %+v, is %+v, and nobody was told", who, l.before[who].Standing, now.Standing)
		}
		if then != nil && !slices.Equal(*then, now.Standing) {
			l.Fatalf("%+v: when it told, the store answered %+v, not %+v", who, *then, now.Standing)
		}
	}
	l.before = want
	l.answers(want)
	// Now and then all is computed anew, and the caches stay empty: what is asked for first must be right too.
	if rapid.IntRange(0, 7).Draw(r, "anew") == 0 {
		l.s.DropCaches()
		l.answers(want)
		for guild := snowflake.GuildID(1); guild <= 2; guild++ {
			l.team(guild)
		}
		l.s.DropCaches()
	}
}

func (l *rightsRun) answers(want map[moderation.Presence]rightsSeen) {
	for who, now := range want {
		standing, known, err := l.s.Standing(context.Background(), who.Guild, who.User)
		if err != nil || known != now.known || !slices.Equal(standing, now.Standing) {
			l.Fatalf("%+v: %+v (known %v), want %+v (known %v), %v", who, standing, known, now.Standing, now.known, err)
		}
	}
}

func (l *rightsRun) team(guild snowflake.GuildID) {
	var list, first []store.TeamMember
	var more int
	if err := l.s.Read(context.Background(), func(snapshot *store.Snapshot) {
		list, _ = snapshot.Team(guild, 10)
		first, more = snapshot.Team(guild, 1)
	}); err != nil {
		l.Fatal(err)
	}
	want, last := l.m.team(guild), access.Owner
	for _, one := range list {
		if one.Standing.Role() != want[one.User] || one.Standing.Role() > last {
			l.Fatalf("the team of %d is %+v, want %v", guild, list, want)
		}
		last = one.Standing.Role()
	}
	if len(list) != len(want) || len(first)+more != len(want) && len(first) > 0 {
		l.Fatalf("the team of %d is %+v, and first %+v with %d more, want %v", guild, list, first, more, want)
	}
}
