package bot

import (
	"context"
	"slices"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

// idle is a Bot that is not connected: what asks REST works.
func idle(t *testing.T, sim *discordsim.Sim) *Bot {
	t.Helper()
	r := caller(t, sim)
	return &Bot{rest: r, operators: newOperators(r, Options{pace: brisk()})}
}

func TestAMemberIsFetchedAsTheyAreNow(t *testing.T) {
	sim := discord(t)
	guild, _, ada := harbour(sim)
	role := sim.AddRole(guild, sim.OwnerID(), discordsim.Role{Name: "Helper"})
	sim.SetRoles(guild, sim.OwnerID(), ada, role)
	sim.SetNick(guild, ada, "Captain")
	m, there, err := idle(t, sim).FetchMember(within(t), guild, ada)
	if err != nil || !there || m.ID != ada || m.Nick != "Captain" || m.Global != "Ada" || m.JoinedAt.IsZero() ||
		!slices.Equal(m.Roles, []snowflake.RoleID{role}) {
		t.Errorf("%+v, %v, %v", m, there, err)
	}
}

func TestOnlyDiscordsOwnWordMakesSomebodyNoMember(t *testing.T) {
	sim := discord(t)
	guild, _, ada := harbour(sim)
	b := idle(t, sim)
	stranger := sim.AddUser(discordsim.User{Username: "eve"})
	for name, user := range map[string]snowflake.UserID{"a user of elsewhere": stranger, "nobody": 4711} {
		if _, there, err := b.FetchMember(within(t), guild, user); err != nil || there {
			t.Errorf("%s: member %v, %v", name, there, err)
		}
	}
	if _, there, err := b.FetchMember(within(t), 4711, ada); there || fault.Of(err) != fault.NotFound {
		t.Errorf("a guild without the bot: member %v, %v", there, err)
	}
	for name, f := range map[string]discordsim.Failure{
		"a proxy's 404":      {Status: 404, Body: "<h1>not here</h1>"},
		"another thing's":    {Status: 200, Body: `{"hello":"world"}`},
		"another member":     {Status: 200, Body: `{"user":{"id":"5"},"roles":[]}`},
		"a failing server":   {Status: 502},
		"a cut connection":   {Reset: true},
		"a 429":              {Status: 429, Body: `{"retry_after":0.01}`},
		"a 403 without word": {Status: 403},
	} {
		f.Times, f.Path = discordsim.Always, "/guilds/"+guild.String()+"/members/" // a cut connection is tried twice
		sim.Set(func(k *discordsim.Knobs) { k.Failures = []discordsim.Failure{f} })
		if _, there, err := b.FetchMember(within(t), guild, stranger); err == nil || there {
			t.Errorf("%s: member %v, %v", name, there, err)
		} else if kind := fault.Of(err); f.Status != 403 && kind != fault.Unavailable && kind != fault.TooMany {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAskingForAMemberEndsWithItsContext(t *testing.T) {
	sim := discord(t)
	guild, _, ada := harbour(sim)
	fail(sim, discordsim.Failure{Times: discordsim.Always, Path: "/guilds/", Hang: soon})
	ctx, cancel := context.WithTimeout(within(t), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, there, err := idle(t, sim).FetchMember(ctx, guild, ada)
	if took := time.Since(began); err == nil || there || took > soon/2 {
		t.Errorf("after %s: member %v, %v", took, there, err)
	}
}

// asks waits until the team was asked for n times more, and so learned n-1 times.
func asks(t *testing.T, sim *discordsim.Sim, n int) {
	t.Helper()
	about := discordsim.To("GET", "/applications/@me")
	seen := 0
	for _, request := range sim.Requests() {
		if about(request) {
			seen++
		}
	}
	if _, err := sim.WaitRequests(within(t), seen+n, about); err != nil {
		t.Fatal(err)
	}
}

func TestOperatorsAreTheOwnerOrWhoJoinedTheTeam(t *testing.T) {
	sim := discord(t)
	r := start(t, sim, nil, func(o *Options) { o.pace.teamEvery = 2 * time.Millisecond })
	r.wait(t, StateConnected)
	if got := r.Operators(); !slices.Equal(got, []snowflake.UserID{sim.OwnerID()}) {
		t.Errorf("the operators are %v", got)
	}
	if r.ApplicationID() != sim.ApplicationID() {
		t.Errorf("the application is %d", r.ApplicationID())
	}
	one, two := sim.AddUser(discordsim.User{Username: "one"}), sim.AddUser(discordsim.User{Username: "two"})
	sim.SetTeam(two, one)
	sim.InviteToTeam(sim.AddUser(discordsim.User{Username: "invited"}))
	asks(t, sim, 2)
	if got := r.Operators(); !slices.Equal(got, []snowflake.UserID{one, two}) {
		t.Errorf("of a team of %d and %d the operators are %v", one, two, got)
	}
	fail(sim, discordsim.Failure{Times: discordsim.Always, Path: "/applications/@me", Status: 503})
	asks(t, sim, 3)
	if got := r.Operators(); len(got) != 2 || r.ApplicationID() == 0 {
		t.Errorf("while Discord fails the operators are %v", got)
	}
}

func TestNobodyOperatesBeforeDiscordHasSaidWho(t *testing.T) {
	sim := discord(t)
	if b := idle(t, sim); len(b.Operators()) != 0 || b.ApplicationID() != 0 {
		t.Errorf("operators %v of application %d", b.Operators(), b.ApplicationID())
	}
}

func TestANewConnectionAsksForTheTeam(t *testing.T) {
	sim := discord(t)
	r := start(t, sim, nil, func(o *Options) { o.pace.teamLeast = 0 })
	r.wait(t, StateConnected)
	asked := func(n int) {
		t.Helper()
		if _, err := sim.WaitRequests(within(t), n, discordsim.To("GET", "/applications/@me")); err != nil {
			t.Fatal(err)
		}
	}
	asked(2) // before the first connection, and once it is there
	sim.Drop()
	asked(3)
	if wait := defaultPace().teamLeast; wait < 30*time.Second {
		t.Errorf("a connection that flaps asks each %s", wait)
	}
}
