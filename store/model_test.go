package store_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/desk"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
)

// model is the ledger in plain maps: what the database must hold after the same events.
type model struct {
	now      time.Time
	guilds   map[snowflake.GuildID]*modelGuild
	members  map[moderation.Presence]*modelMember
	activity map[moderation.Spot]modelActivity
	latency  map[int64]moderation.Latency
	months   map[string]bool // guild, month, user
	changes  []string
	past     []moderation.Event // recorded, and ready to be replayed
}

type modelGuild struct{ known, in, outage bool }

type modelMember struct {
	left       bool
	leftAt     time.Time
	lastActive int64
}

type modelActivity struct {
	messages, edits, deletes, commands, joins, leaves int64
}

func newModel() *model {
	return &model{
		now: time.Date(2026, 1, 31, 20, 0, 0, 0, time.UTC), guilds: map[snowflake.GuildID]*modelGuild{},
		members: map[moderation.Presence]*modelMember{}, activity: map[moderation.Spot]modelActivity{},
		latency: map[int64]moderation.Latency{}, months: map[string]bool{},
	}
}

func (m *model) member(guild snowflake.GuildID, user snowflake.UserID) *modelMember {
	who := moderation.Presence{Guild: guild, User: user}
	if m.members[who] == nil {
		m.members[who] = &modelMember{}
	}
	return m.members[who]
}

func (m *model) count(guild snowflake.GuildID, at time.Time, add func(*modelActivity)) {
	for _, whose := range []snowflake.GuildID{guild, 0} {
		spot := moderation.Spot{Guild: whose, Bucket: moderation.BucketOf(at).UnixMilli()}
		sum := m.activity[spot]
		add(&sum)
		m.activity[spot] = sum
	}
}

func (m *model) active(guild snowflake.GuildID, user snowflake.UserID, at time.Time) {
	member := m.member(guild, user)
	member.lastActive = max(member.lastActive, moderation.BucketOf(at).UnixMilli())
	if member.left && at.After(member.leftAt) {
		member.left = false
	}
	for _, whose := range []snowflake.GuildID{guild, 0} {
		m.months[fmt.Sprint(int64(whose), at.UTC().Format(" 200601 "), int64(user))] = true
	}
}

// activeUsers counts each user once, in the newest bucket of activity in guilds that they have not left.
func (m *model) activeUsers() map[int64]int64 {
	newest := map[snowflake.UserID]int64{}
	for who, member := range m.members {
		if !member.left && member.lastActive > 0 {
			newest[who.User] = max(newest[who.User], member.lastActive)
		}
	}
	buckets := map[int64]int64{}
	for _, bucket := range newest {
		buckets[bucket]++
	}
	return buckets
}

func (m *model) say(kind moderation.ChangeKind, guild snowflake.GuildID, text string) {
	m.changes = append(m.changes, fmt.Sprintf("%s %d %s", kind, guild, text))
}

// apply is what one event does. It is called once for each event, replays apart.
func (m *model) apply(event moderation.Event) {
	at, guild := event.Where().At, event.Where().Guild
	switch e := event.(type) {
	case moderation.GuildSeen:
		g := m.guilds[guild]
		switch {
		case g == nil || !g.in:
			m.say(moderation.ChangeGuild, guild, "joined")
		case g.outage:
			m.say(moderation.ChangeGap, guild, "Discord could not reach the server")
			m.say(moderation.ChangeGuild, guild, "back")
		}
		m.guilds[guild] = &modelGuild{known: true, in: true}
	case moderation.GuildLost:
		g := m.guilds[guild]
		if g == nil || !g.in {
			return
		}
		if e.Outage {
			if !g.outage {
				g.outage = true
				m.say(moderation.ChangeGuild, guild, "outage")
			}
			return
		}
		g.in, g.outage = false, false
		for who, member := range m.members {
			if who.Guild == guild && !member.left {
				member.left, member.leftAt = true, at
			}
		}
		m.say(moderation.ChangeGuild, guild, "left")
	case moderation.MemberJoined:
		m.member(guild, e.Member.ID).left = false
		if !e.Member.Bot {
			m.active(guild, e.Member.ID, at)
		}
		m.count(guild, at, func(a *modelActivity) { a.joins++ })
		m.say(moderation.ChangeJoin, guild, e.Member.ID.String())
	case moderation.MemberLeft:
		member := m.member(guild, e.User.ID)
		member.left, member.leftAt = true, at
		m.count(guild, at, func(a *modelActivity) { a.leaves++ })
		m.say(moderation.ChangeLeave, guild, e.User.ID.String())
	case moderation.MemberChanged:
		m.member(guild, e.Member.ID).left = false
	case moderation.CommandRun:
		m.active(guild, e.User.ID, at)
		m.count(guild, at, func(a *modelActivity) { a.commands++ })
		m.say(moderation.ChangeCommand, guild, e.Command)
	case moderation.AuditEntry:
		m.say(moderation.ChangeAction, guild, string(e.Kind))
	case moderation.AutoModExecution:
		m.say(moderation.ChangeAction, guild, string(e.Did))
	}
}

// flush is what a flush of counters does.
func (m *model) flush(tally *moderation.Tally) {
	for spot, n := range tally.Counts {
		m.count(spot.Guild, time.UnixMilli(spot.Bucket), func(a *modelActivity) {
			a.messages += n.Messages
			a.edits += n.Edits
			a.deletes += n.Deletes
		})
	}
	for who, at := range tally.Active {
		m.active(who.Guild, who.User, time.UnixMilli(at))
	}
	for bucket, n := range tally.Latency {
		sum := m.latency[bucket]
		sum.Count += n.Count
		sum.Sum += n.Sum
		m.latency[bucket] = sum
	}
}

// send hands an event to the ledger, as the desk does.
func send(ctx context.Context, ledger moderation.Ledger, event moderation.Event) error {
	none, _ := rule.Compile(0, nil, nil)
	unruled := desk.New(desk.Options{Ledger: ledger,
		Rules: func(context.Context, snowflake.GuildID) (*rule.Set, error) { return none, nil }})
	return unruled.Handle(ctx, moderation.NewTally(), event)
}

func sorted[K comparable, V any](m map[K]V, text func(K, V) string) []string {
	lines := []string{}
	for _, key := range slices.Collect(maps.Keys(m)) {
		lines = append(lines, text(key, m[key]))
	}
	slices.Sort(lines)
	return lines
}
