package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// wire asks a stand-in for members, as the bot does. follows is set by the test.
type wire struct {
	sim     *discordsim.Sim
	client  *http.Client
	follows bool
}

func (w *wire) Follows(snowflake.GuildID) bool { return w.follows }

func (w *wire) FetchMember(
	ctx context.Context, guild snowflake.GuildID, user snowflake.UserID,
) (member moderation.Member, there bool, err error) {
	r, err := http.NewRequestWithContext(ctx, "GET", fmt.Sprintf("%s/v10/guilds/%d/members/%d", w.sim.URL(),
		guild, user), nil)
	if err != nil {
		return member, false, err
	}
	r.Header.Set("Authorization", "Bot "+w.sim.Token())
	response, err := w.client.Do(r)
	if err != nil {
		return member, false, err
	}
	defer response.Body.Close()
	var told struct {
		Roles []snowflake.RoleID
		User  struct {
			ID       snowflake.UserID
			Username string
		}
	}
	switch response.StatusCode {
	case http.StatusOK:
		err = json.NewDecoder(response.Body).Decode(&told)
	case http.StatusNotFound:
		return member, false, nil
	default:
		err = errors.New(response.Status)
	}
	member.User, member.Roles = moderation.User{ID: told.User.ID, Name: told.User.Username}, told.Roles
	return member, err == nil, err
}

// town is a roster over a real store, and a stand-in with one guild, of which guildwatch knows the Discord roles and no
// member.
type town struct {
	*Roster
	testing.TB
	wire  *wire
	guild snowflake.GuildID
	boss  snowflake.RoleID // administrates
	ada   snowflake.UserID // has it
	bob   snowflake.UserID // has nothing
	now   time.Time
	mu    sync.Mutex
}

func newTown(t testing.TB) *town {
	t.Helper()
	sim := discordsim.New(discordsim.Options{})
	if err := sim.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	w := &town{TB: t, now: time.Date(2026, 3, 14, 15, 0, 0, 0, time.UTC),
		wire: &wire{sim: sim, client: &http.Client{Transport: &http.Transport{}}}}
	t.Cleanup(w.wire.client.CloseIdleConnections)
	w.ada, w.bob = sim.AddUser(discordsim.User{Username: "ada"}), sim.AddUser(discordsim.User{Username: "bob"})
	w.guild = sim.AddGuild(discordsim.Guild{Name: "Harbour", Members: []discordsim.Member{
		{User: &discordsim.User{ID: w.ada}}, {User: &discordsim.User{ID: w.bob}}}})
	w.boss = sim.AddRole(w.guild, sim.OwnerID(), discordsim.Role{Name: "Boss",
		Permissions: discordsim.PermissionAdministrator})
	sim.SetRoles(w.guild, sim.OwnerID(), w.ada, w.boss)
	s := storetest.New(t, func(o *store.Options) { o.Clock = w.clock })
	w.Roster = NewRoster(s, w.wire)
	w.Roster.clock = w.clock
	w.must(s.SeeGuild(t.Context(), moderation.GuildSeen{Origin: w.at(), Joined: true,
		Profile: moderation.Guild{ID: w.guild, Name: "Harbour", Owner: sim.OwnerID()},
		Roles: []moderation.DiscordRole{{ID: w.boss, Name: "Boss", Position: 1,
			Permissions: moderation.PermAdministrator}}}))
	return w
}

func (w *town) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *town) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *town) at() moderation.Origin { return moderation.Origin{Guild: w.guild, At: w.clock()} }

func (w *town) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// role is what somebody is now; the test fails when nobody can tell.
func (w *town) role(user snowflake.UserID) access.Role {
	w.Helper()
	role, err := w.RoleIn(w.Context(), w.guild, access.Person(user, false))
	w.must(err)
	return role
}

// asked counts the questions to Discord about members.
func (w *town) asked() (n int) {
	for _, r := range w.wire.sim.Requests() {
		if r.Method == "GET" {
			n++
		}
	}
	return n
}

// While the gateway tells of everything, what is stored is the truth, changes with the event that changes it, and
// Discord is never asked.
func TestFollowedGuildsAreReadFromTheStore(t *testing.T) {
	w := newTown(t)
	w.wire.follows = true
	if got := w.role(w.ada); got != access.None {
		t.Errorf("who was in no list of members is %s", got)
	}
	ada := moderation.Member{User: moderation.User{ID: w.ada, Name: "ada"}, Roles: []snowflake.RoleID{w.boss}}
	w.must(w.store.SeeMembers(t.Context(), w.guild, []moderation.Member{ada}))
	if got := w.role(w.ada); got != access.Admin {
		t.Errorf("with the role ada is %s", got)
	}
	if mine, err := w.Mine(t.Context(), access.Person(w.ada, false)); err != nil || len(mine) != 1 ||
		mine[w.guild] != access.Admin {
		t.Errorf("ada's guilds: %v, %v", mine, err)
	}
	w.later(time.Second)
	ada.Roles = nil
	w.must(w.store.ChangeMember(t.Context(), moderation.MemberChanged{Origin: w.at(), Member: ada}))
	if got := w.role(w.ada); got != access.None {
		t.Errorf("without the role ada is %s", got)
	}
	if mine, err := w.Mine(t.Context(), access.Person(w.ada, false)); err != nil || len(mine) != 0 {
		t.Errorf("ada's guilds: %v, %v", mine, err)
	}
	if n := w.asked(); n != 0 {
		t.Errorf("Discord was asked %d times", n)
	}
}

// Who is thrown out right after they spoke to the bot does not come back with what they said.
func TestWhoHasJustLeftAFollowedGuildStaysGone(t *testing.T) {
	w := newTown(t)
	w.wire.follows = true
	ada := moderation.Member{User: moderation.User{ID: w.ada, Name: "ada"}, Roles: []snowflake.RoleID{w.boss}}
	w.must(w.store.SeeMembers(t.Context(), w.guild, []moderation.Member{ada}))
	if got := w.role(w.ada); got != access.Admin {
		t.Fatalf("at first ada is %s", got)
	}
	w.later(time.Second)
	if _, err := w.store.Leave(t.Context(), moderation.MemberLeft{Origin: w.at(), User: ada.User}); err != nil {
		t.Fatal(err)
	}
	w.later(time.Second)
	w.must(w.Saw(t.Context(), w.guild, ada))
	if got := w.role(w.ada); got != access.None {
		t.Errorf("after leaving ada is %s", got)
	}
}

// Where nobody follows the guild a message says who its author is, and Discord is not asked; what was told later stands.
func TestWhoIsMetNeedNotBeAskedFor(t *testing.T) {
	w := newTown(t)
	early := w.clock()
	w.later(time.Second)
	w.must(w.Met(t.Context(), w.guild, w.member(w.boss), w.clock()))
	if got := w.role(w.ada); got != access.Admin {
		t.Errorf("ada is %s", got)
	}
	w.must(w.Met(t.Context(), w.guild, w.member(), w.clock())) // within 30 s nothing is written
	if got := w.role(w.ada); got != access.Admin || w.asked() != 0 {
		t.Errorf("met again, ada is %s; Discord was asked %d times", got, w.asked())
	}
	w.later(time.Second)
	w.must(w.store.LoseMember(t.Context(), w.guild, w.ada, w.clock()))
	w.must(w.Met(t.Context(), w.guild, w.member(w.boss), early))
	if got := w.role(w.ada); got != access.None {
		t.Errorf("a message from before ada left makes them %s", got)
	}
}

// Without the member list Discord is asked, once in 30 s for each person, however many requests come at once.
func TestUnfollowedGuildsAreAskedFor(t *testing.T) {
	w := newTown(t)
	var asking sync.WaitGroup
	for range 20 {
		asking.Go(func() {
			if got := w.role(w.ada); got != access.Admin {
				t.Errorf("ada is %s", got)
			}
		})
	}
	asking.Wait()
	if got := w.role(w.bob); got != access.None {
		t.Errorf("bob is %s", got)
	}
	if n := w.asked(); n != 2 {
		t.Fatalf("Discord was asked %d times about two people", n)
	}
	w.wire.sim.SetRoles(w.guild, w.wire.sim.OwnerID(), w.ada)
	w.later(askPace - time.Millisecond)
	if got := w.role(w.ada); got != access.Admin || w.asked() != 2 {
		t.Errorf("within 30 s ada is %s after %d questions", got, w.asked())
	}
	w.later(time.Millisecond)
	if got := w.role(w.ada); got != access.None || w.asked() != 3 {
		t.Errorf("after 30 s ada is %s after %d questions", got, w.asked())
	}
}

func TestWhoLeftIsGone(t *testing.T) {
	w := newTown(t)
	if got := w.role(w.ada); got != access.Admin {
		t.Fatalf("ada is %s", got)
	}
	w.wire.sim.Kick(w.guild, w.wire.sim.OwnerID(), w.ada, "")
	w.later(askPace)
	if got := w.role(w.ada); got != access.None {
		t.Errorf("after the kick ada is %s", got)
	}
	if got := w.role(w.wire.sim.OwnerID()); got != access.Owner {
		t.Errorf("the owner is %s", got)
	}
}

// Who is thrown out is gone with the next request, not 30 s later; so is back who was let in again meanwhile.
func TestWhoIsThrownOutIsAskedForAnew(t *testing.T) {
	w := newTown(t)
	if got := w.role(w.ada); got != access.Admin {
		t.Fatalf("at first ada is %s", got)
	}
	w.later(time.Second)
	w.must(w.store.LoseMember(t.Context(), w.guild, w.ada, w.clock())) // Discord has her still: she came back at once
	w.later(time.Second)
	if got := w.role(w.ada); got != access.Admin || w.asked() != 2 {
		t.Errorf("back in the server ada is %s after %d questions", got, w.asked())
	}
	w.wire.sim.Ban(w.guild, w.wire.sim.OwnerID(), w.ada, "")
	w.must(w.store.LoseMember(t.Context(), w.guild, w.ada, w.clock()))
	for range 3 {
		if got := w.role(w.ada); got != access.None || w.asked() != 3 {
			t.Errorf("banned ada is %s after %d questions", got, w.asked())
		}
	}
}

// While Discord does not answer, what was known last stands; about whom nothing is known, nobody says "not a member".
func TestTheLastKnownStandsWhileDiscordIsDown(t *testing.T) {
	for name, fault := range map[string]discordsim.Failure{
		"an error":     {Status: 503},
		"a broken off": {Reset: true},
		"silence":      {Hang: time.Hour},
	} {
		w := newTown(t)
		if got := w.role(w.ada); got != access.Admin {
			t.Fatalf("ada is %s", got)
		}
		fault.Times = discordsim.Always
		w.wire.sim.Set(func(k *discordsim.Knobs) { k.Failures = []discordsim.Failure{fault} })
		w.later(askPace)
		began := time.Now()
		if got := w.role(w.ada); got != access.Admin {
			t.Errorf("%s: ada is %s", name, got)
		}
		if took := time.Since(began); took > askPatience+10*time.Second {
			t.Errorf("%s: the request waited %s", name, took)
		}
		if role, err := w.RoleIn(t.Context(), w.guild, access.Person(w.bob, false)); err == nil {
			t.Errorf("%s: bob, never seen, is %s", name, role)
		}
		n := w.asked() // net/http asks again by itself when a connection breaks off
		if role, err := w.RoleIn(t.Context(), w.guild, access.Person(w.bob, false)); err == nil || w.asked() != n {
			t.Errorf("%s: bob, asked for again, is %s after %d questions, then %d", name, role, n, w.asked())
		}
	}
}

// Nobody, the system and strangers to the instance are nothing, and cost Discord nothing.
func TestForeignGuildsAreNotAskedFor(t *testing.T) {
	w := newTown(t)
	for name, c := range map[string]struct {
		guild snowflake.GuildID
		actor access.Actor
	}{
		"nobody":                     {w.guild, access.Actor{}},
		"the system":                 {w.guild, access.System()},
		"a guild that is not known":  {w.guild + 1, access.Person(w.ada, true)},
		"no guild":                   {0, access.Person(w.ada, true)},
		"an id that Discord has not": {-7, access.Person(w.ada, true)},
	} {
		if role, err := w.RoleIn(t.Context(), c.guild, c.actor); role != access.None || err != nil {
			t.Errorf("%s is %s, %v", name, role, err)
		}
	}
	w.must(w.store.LoseGuild(t.Context(), moderation.GuildLost{Origin: w.at()}))
	if got := w.role(w.ada); got != access.None {
		t.Errorf("in a guild that the bot left ada is %s", got)
	}
	if n := w.asked(); n != 0 {
		t.Errorf("Discord was asked %d times", n)
	}
}

// Who has just signed in finds their servers in the list, also where the gateway does not tell of members.
func TestMeetFillsTheList(t *testing.T) {
	w := newTown(t)
	list := func() map[snowflake.GuildID]access.Role {
		mine, err := w.Mine(t.Context(), access.Person(w.ada, false))
		w.must(err)
		return mine
	}
	if mine := list(); len(mine) != 0 {
		t.Errorf("before: %v", mine)
	}
	w.Meet(t.Context(), w.ada, []snowflake.GuildID{1, 2, w.guild, 3})
	if mine := list(); len(mine) != 1 || mine[w.guild] != access.Admin {
		t.Errorf("after: %v", mine)
	}
	if n := w.asked(); n != 1 {
		t.Errorf("Discord was asked %d times", n)
	}
}

// What is remembered of whom Discord was asked for is bounded, whoever probes.
func TestWhoWasAskedForIsBounded(t *testing.T) {
	w := newTown(t)
	for user := range snowflake.UserID(askedMost + 10) {
		w.note(seat{w.guild, user}, nil)
	}
	if n := len(w.Roster.asked); n > askedMost {
		t.Errorf("%d are remembered", n)
	}
}

// A request asks for the role before anything else: warm, that costs no memory.
func BenchmarkRoleIn(b *testing.B) {
	w := newTown(b)
	w.wire.follows = true
	actor := access.Person(w.wire.sim.OwnerID(), false)
	b.ReportAllocs()
	for b.Loop() {
		if role, err := w.RoleIn(b.Context(), w.guild, actor); role != access.Owner || err != nil {
			b.Fatal(role, err)
		}
	}
}
