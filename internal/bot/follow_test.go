package bot

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/storetest"
)

// pier is a stand-in that lists members as often as it is asked, with a guild and a member of it.
func pier(t *testing.T) (*discordsim.Sim, snowflake.GuildID, snowflake.UserID) {
	t.Helper()
	sim := discord(t)
	sim.Set(func(k *discordsim.Knobs) { k.MemberListEvery = 0 })
	guild, _, ada := harbour(sim)
	return sim, guild, ada
}

// behind returns when all that the guild's lane got before is recorded: a change behind it was begun.
func (r *running) behind(t *testing.T, guild snowflake.GuildID) {
	t.Helper()
	n := len(eventsOf[moderation.GuildSeen](r.watch))
	r.sim.UpdateGuild(guild, "", 0, 1)
	waitEvents[moderation.GuildSeen](t, r, n+1)
}

// listed waits for the guild's nth complete list.
func (r *running) listed(t *testing.T, guild snowflake.GuildID, n int) moderation.MembersComplete {
	t.Helper()
	list := waitEvents[moderation.MembersComplete](t, r, n)[n-1]
	r.behind(t, guild)
	return list
}

func TestAGuildIsFollowedOnceItsMembersAreRecorded(t *testing.T) {
	sim, guild, _ := pier(t)
	sim.Set(func(k *discordsim.Knobs) { k.ChunkSize = 1 })
	r := start(t, sim, nil)
	list := r.listed(t, guild, 1)
	if !r.Follows(guild) {
		t.Error("not followed, though all members are recorded")
	}
	if len(list.Members) != len(sim.Members(guild)) {
		t.Errorf("the list is %v, want %v", list.Members, sim.Members(guild))
	}
	if r.Follows(4711) {
		t.Error("a guild is followed that nobody knows")
	}
}

func TestAGuildIsNotFollowedWithoutTheIntent(t *testing.T) {
	sim, guild, _ := pier(t)
	sim.Set(func(k *discordsim.Knobs) { k.PrivilegedIntents = discordsim.IntentMessageContent })
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	waitEvents[moderation.GuildSeen](t, r, 1)
	r.behind(t, guild)
	if r.Follows(guild) {
		t.Error("followed, though Discord tells of no member")
	}
}

func TestALostConnectionIsTrustedForAMinute(t *testing.T) {
	for name, c := range map[string]struct {
		trust time.Duration
		want  bool
	}{"lately": {time.Hour, true}, "long ago": {time.Nanosecond, false}} {
		t.Run(name, func(t *testing.T) {
			sim, guild, _ := pier(t)
			r := start(t, sim, nil, func(o *Options) { o.pace.trust = c.trust })
			r.listed(t, guild, 1)
			sim.Set(func(k *discordsim.Knobs) { k.RefuseSockets = true })
			sim.Drop()
			r.wait(t, StateResuming)
			if r.Follows(guild) != c.want {
				t.Errorf("followed: %v", !c.want)
			}
			sim.Set(func(k *discordsim.Knobs) { k.RefuseSockets = false })
			r.wait(t, StateConnected)
			if !r.Follows(guild) {
				t.Error("not followed, though what was missed was sent again")
			}
			if n := len(eventsOf[moderation.MembersComplete](r.watch)); n != 1 {
				t.Errorf("the members were listed %d times: the session goes on", n)
			}
		})
	}
	if trust := defaultPace().trust; trust != time.Minute {
		t.Errorf("a lost connection is trusted for %s", trust)
	}
}

func TestANewSessionIsNotTrustedBeforeItsListIsThere(t *testing.T) {
	sim, guild, _ := pier(t)
	r := start(t, sim, nil)
	r.listed(t, guild, 1)
	r.wait(t, StateConnected)
	sim.Set(func(k *discordsim.Knobs) { k.MemberListEvery = time.Hour }) // the list is refused for now
	sim.Forget()
	sim.Drop()
	r.wait(t, StateConnected)
	r.behind(t, guild)
	if r.Follows(guild) {
		t.Error("followed, though nobody knows who left between the sessions")
	}
	sim.Set(func(k *discordsim.Knobs) { k.MemberListEvery = 0 })
	sim.Forget()
	sim.Drop()
	r.wait(t, StateConnected)
	r.listed(t, guild, 2)
	if !r.Follows(guild) {
		t.Error("not followed, though the list is there")
	}
}

func TestAGuildWithAnOutageIsNotFollowed(t *testing.T) {
	sim, guild, _ := pier(t)
	r := start(t, sim, nil)
	r.listed(t, guild, 1)
	sim.Outage(guild)
	waitEvents[moderation.GuildLost](t, r, 1)
	if r.Follows(guild) {
		t.Error("followed through an outage")
	}
	sim.Recover(guild)
	r.listed(t, guild, 2)
	if !r.Follows(guild) {
		t.Error("not followed after the outage")
	}
	sim.RemoveGuild(guild)
	waitEvents[moderation.GuildLost](t, r, 2)
	if r.Follows(guild) {
		t.Error("followed, though the bot was removed")
	}
}

func TestAProcessThatResumesReadsTheListsItself(t *testing.T) {
	sim, guild, ada := pier(t)
	l := newLedger(storetest.New(t))
	r := start(t, sim, l)
	r.listed(t, guild, 1)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	sim.Leave(guild, ada)
	r = start(t, sim, newLedger(l.Store), func(o *Options) {
		o.Guilds = func(context.Context) ([]snowflake.GuildID, error) { return []snowflake.GuildID{guild}, nil }
	})
	list := r.listed(t, guild, 1)
	if len(sim.Identifies()) != 1 || len(list.Members) != len(sim.Members(guild)) || !r.Follows(guild) {
		t.Errorf("%d sessions, list %v, followed %v", len(sim.Identifies()), list.Members, r.Follows(guild))
	}
}

func TestARecordThatIsGivenUpHasTheListReadAgain(t *testing.T) {
	sim, guild, _ := pier(t)
	r := start(t, sim, nil)
	r.listed(t, guild, 1)
	r.ledger.failing(func(call string) error {
		if call == "Join" {
			return errors.New("refused")
		}
		return nil
	})
	bob := sim.Join(guild, sim.AddUser(discordsim.User{Username: "bob"}))
	r.listed(t, guild, 2)
	if !r.Follows(guild) {
		t.Error("not followed after the list was read again")
	}
	if who := standing(t, r, guild, bob); who != access.None {
		t.Errorf("the one whose joining was not recorded is %v", who)
	}
}

// SeeRole can be made to fail.
func (l *ledger) SeeRole(ctx context.Context, e moderation.RoleSeen) error {
	if err := l.refuse("SeeRole"); err != nil {
		return err
	}
	return l.Store.SeeRole(ctx, e)
}

func TestARoleThatIsGivenUpHasTheGuildLookedUp(t *testing.T) {
	sim, guild, ada := pier(t)
	chief := sim.AddRole(guild, sim.OwnerID(),
		discordsim.Role{Name: "Chief", Permissions: discordsim.PermissionAdministrator})
	sim.SetRoles(guild, sim.OwnerID(), ada, chief)
	r := start(t, sim, nil)
	r.listed(t, guild, 1)
	if who := standing(t, r, guild, ada); who != access.Admin {
		t.Fatalf("at first they are %v", who)
	}
	r.ledger.failing(func(call string) error {
		if call == "SeeRole" {
			return errors.New("refused")
		}
		return nil
	})
	sim.ChangeRole(guild, sim.OwnerID(), chief, func(role *discordsim.Role) { role.Permissions = 0 })
	r.listed(t, guild, 2)
	if who := standing(t, r, guild, ada); who != access.None || !r.Follows(guild) {
		t.Errorf("they are %v, followed %v", who, r.Follows(guild))
	}
}

func TestAClockThatIsSetBackHidesNoChange(t *testing.T) {
	sim, guild, ada := pier(t)
	chief := sim.AddRole(guild, sim.OwnerID(),
		discordsim.Role{Name: "Chief", Permissions: discordsim.PermissionAdministrator})
	sim.SetRoles(guild, sim.OwnerID(), ada, chief)
	var back atomic.Int64
	r := start(t, sim, nil, func(o *Options) {
		o.Clock = func() time.Time { return time.Now().Add(-time.Duration(back.Load())) }
	})
	r.listed(t, guild, 1)
	if who := standing(t, r, guild, ada); who != access.Admin {
		t.Fatalf("at first they are %v", who)
	}
	back.Store(int64(time.Hour))
	sim.SetRoles(guild, sim.OwnerID(), ada)
	waitEvents[moderation.MemberChanged](t, r, 1)
	r.behind(t, guild)
	if who := standing(t, r, guild, ada); who != access.None {
		t.Errorf("an hour earlier they are %v", who)
	}
}

// Who left while nobody looked is found missing from the next list, and has no rights any more.
func TestWhoLeftUnseenIsGone(t *testing.T) {
	sim, guild, ada := pier(t)
	chief := sim.AddRole(guild, sim.OwnerID(),
		discordsim.Role{Name: "Chief", Permissions: discordsim.PermissionAdministrator})
	bob := sim.Join(guild, sim.AddUser(discordsim.User{Username: "bob"}))
	sim.SetRoles(guild, sim.OwnerID(), ada, chief)
	sim.SetRoles(guild, sim.OwnerID(), bob, chief)
	r := start(t, sim, nil)
	r.listed(t, guild, 1)
	if a, b := standing(t, r, guild, ada), standing(t, r, guild, bob); a != access.Admin || b != access.Admin {
		t.Fatalf("they are %v and %v", a, b)
	}
	r.wait(t, StateConnected)
	sim.Set(func(k *discordsim.Knobs) { k.RefuseSockets = true })
	sim.Drop()
	r.wait(t, StateResuming)
	sim.Forget()
	sim.Leave(guild, ada)
	sim.Set(func(k *discordsim.Knobs) { k.RefuseSockets = false })
	r.listed(t, guild, 2)
	if a, b := standing(t, r, guild, ada), standing(t, r, guild, bob); a != access.None || b != access.Admin {
		t.Errorf("they are %v and %v", a, b)
	}
	if left := eventsOf[moderation.MemberLeft](r.watch); len(left) != 0 {
		t.Errorf("counted as leaving: %+v", left)
	}
}

func standing(t *testing.T, r *running, guild snowflake.GuildID, user snowflake.UserID) access.Role {
	t.Helper()
	s, known, err := r.ledger.Standing(t.Context(), guild, user)
	if err != nil || !known {
		t.Fatalf("of %d: known %v, %v", user, known, err)
	}
	return s.Role()
}
