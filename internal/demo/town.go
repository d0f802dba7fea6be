package demo

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// History is how far back the demo's records go.
const History = 90 * 24 * time.Hour

// Town is the demo's world as it is at the start: made from a seed and an hour, and the same for the same two.
type Town struct {
	Seed   uint64
	Start  time.Time // on the hour, UTC; history ends before Now
	Now    time.Time
	Guilds []*Guild
	Owner  snowflake.UserID // owns the application and the guilds
}

// Guild is one server of the town.
type Guild struct {
	plan
	ID       snowflake.GuildID
	JoinedAt time.Time // when the bot came
	Channels []snowflake.ChannelID
	Rules    []snowflake.RuleID
	People   []Resident // everybody who was ever there in the last 90 days; moderators first
	zone     *time.Location
}

// Resident is one user of a guild.
type Resident struct {
	moderation.User
	Joined time.Time
	Left   time.Time // zero: still there
	Active bool      // writes now and then
}

// NewTown makes the world of seed at now.
func NewTown(seed uint64, now time.Time) *Town {
	now = now.UTC()
	t := &Town{Seed: seed, Start: now.Truncate(time.Hour), Now: now}
	r := t.random(0)
	ids := &mint{r: r}
	t.Owner = mintID[snowflake.UserID](ids, t.Start.Add(-6*365*24*time.Hour))
	for _, p := range plans {
		t.Guilds = append(t.Guilds, t.found(r, ids, p))
	}
	return t
}

// random is a source of its own for each purpose, so that a change in one does not shift the others.
func (t *Town) random(purpose uint64) *rand.Rand {
	return rand.New(rand.NewPCG(t.Seed, uint64(t.Start.Unix())<<8|purpose)) // #nosec G404 -- the same seed, the same town
}

// found makes a guild with its people: those there 90 days ago, and those who came since. Who has left is kept as well.
func (t *Town) found(r *rand.Rand, ids *mint, p plan) *Guild {
	g := &Guild{plan: p, zone: time.UTC}
	if zone, err := time.LoadLocation(p.zone); err == nil {
		g.zone = zone
	}
	founded := t.Start.Add(-p.age)
	g.ID = mintID[snowflake.GuildID](ids, founded)
	g.JoinedAt = t.Start.Add(-min(p.age/2, 300*24*time.Hour)).Truncate(time.Second)
	for range p.channels {
		g.Channels = append(g.Channels, mintID[snowflake.ChannelID](ids, founded.Add(time.Hour)))
	}
	for range nativeRules {
		g.Rules = append(g.Rules, mintID[snowflake.RuleID](ids, g.JoinedAt))
	}
	begin := t.Start.Add(-History)
	days := History.Hours() / 24
	came, went := int(p.joins*days), int(p.leaves*days)
	for i := range p.members - came + went {
		joined := founded.Add(time.Duration(r.Float64() * float64(begin.Sub(founded))))
		g.People = append(g.People, t.resident(r, ids, i, joined, p.regulars))
	}
	beat := newRhythm(p, g.zone)
	settlers := len(g.People)
	for range came {
		g.People = append(g.People, t.resident(r, ids, len(g.People), beat.moment(r, begin, t.Start), p.regulars))
	}
	slices.SortFunc(g.People[settlers:], func(a, b Resident) int { return a.Joined.Compare(b.Joined) })
	for left := 0; left < went; { // newcomers leave sooner: half of those who go came lately
		at, i := beat.moment(r, begin, t.Start), p.mods+r.IntN(settlers-p.mods)
		if r.IntN(2) == 0 && came > 0 {
			i = settlers + r.IntN(came)
		}
		if who := &g.People[i]; who.Left.IsZero() && who.Joined.Before(at) {
			who.Left = at
			left++
		}
	}
	for i := range p.mods {
		g.People[i].Active = true
	}
	return g
}

// opening is the day on which Discord opened.
var opening = time.Date(2015, 5, 13, 0, 0, 0, 0, time.UTC)

// resident makes a user whose account is older than the joining, mostly by years.
func (t *Town) resident(r *rand.Rand, ids *mint, n int, joined time.Time, regulars float64) Resident {
	age := time.Duration(math.Exp(r.NormFloat64()*1.6+6.2) * float64(24*time.Hour)) // median 490 days
	made := joined.Add(-min(age, 9*365*24*time.Hour)).Add(-time.Hour)
	if made.Before(opening) { // an id from before Discord's epoch would be negative
		made = opening
	}
	name, display := handle(r, n)
	return Resident{
		User:   moderation.User{ID: mintID[snowflake.UserID](ids, made), Name: name, Global: display},
		Joined: joined.Truncate(time.Millisecond), Active: r.Float64() < regulars,
	}
}

// permissions are the bot's own: the smallest guild has not given it all, so that its page shows what is left to do.
func (g *Guild) permissions() discordsim.Permissions {
	if g.bursts < 1 {
		return discordsim.PermissionsModerator &^ (discordsim.PermissionBanMembers | discordsim.PermissionModerateMembers)
	}
	return discordsim.PermissionsModerator
}

// Present lists who is in the guild now.
func (g *Guild) Present() []Resident {
	here := make([]Resident, 0, len(g.People))
	for _, who := range g.People {
		if who.Left.IsZero() {
			here = append(here, who)
		}
	}
	return here
}

// Moderators lists who keeps order.
func (g *Guild) Moderators() []Resident { return g.People[:g.mods] }

// mint makes ids that never repeat: the number within the millisecond goes up.
type mint struct {
	r *rand.Rand
	n int64
}

func mintID[T snowflake.ID](m *mint, at time.Time) T {
	m.n++
	return snowflake.At[T](at, m.n)
}
