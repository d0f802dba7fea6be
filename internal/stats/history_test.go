package stats_test

import (
	"context"
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// fact is one thing that happened, as plainly as it can be kept.
type fact struct {
	guild    snowflake.GuildID
	at       time.Time
	what     string // "message", "command", "join", "leave", "action", "violation", "shadow", "wrong", "beat"
	n        int64
	kind     moderation.ActionKind
	source   moderation.Source
	severity moderation.Severity
	target   snowflake.UserID
	latency  time.Duration
	number   int64  // of a violation of an own rule
	found    string // what it is while nobody calls it wrong: "violation" or "shadow"
}

// chronicle is a random history, written through the ledger and kept as a list of facts to count by hand.
type chronicle struct {
	now    time.Time
	guilds []snowflake.GuildID
	facts  []fact
	gaps   []moderation.Gap
	months map[int]map[snowflake.GuildID]map[snowflake.UserID]bool
	last   map[moderation.Presence]time.Time // bucket of the last activity of those who have not left
	nextID int64
}

func newChronicle(now time.Time) *chronicle {
	return &chronicle{
		now: now, guilds: []snowflake.GuildID{11, 22, 33}, nextID: 1000, last: map[moderation.Presence]time.Time{},
		months: map[int]map[snowflake.GuildID]map[snowflake.UserID]bool{},
	}
}

func (c *chronicle) id() int64 { c.nextID++; return c.nextID }

// open writes the guilds themselves: the bot came long ago.
func (c *chronicle) open(ctx context.Context, s *store.Store) error {
	for _, guild := range c.guilds {
		joined := c.now.AddDate(0, -5, 0)
		err := s.SeeGuild(ctx, moderation.GuildSeen{Origin: moderation.Origin{Guild: guild, At: joined},
			Profile: moderation.Guild{ID: guild, Name: "guild " + guild.String(), JoinedAt: joined}})
		if err != nil {
			return err
		}
	}
	return nil
}

// moment draws a time before now: mostly near, sometimes months ago, often on the edge of a bucket, sometimes where the
// windows of 7 and 30 days begin.
func (c *chronicle) moment(t *rapid.T) time.Time {
	const day = 24 * time.Hour
	reaches := []time.Duration{90 * time.Minute, 3 * time.Hour, 2 * day, 16 * day, 80 * day}
	reach := rapid.SampledFrom(reaches).Draw(t, "reach")
	back := time.Duration(rapid.Int64Range(0, reach.Milliseconds()).Draw(t, "back")) * time.Millisecond
	if rapid.IntRange(0, 5).Draw(t, "a window begins") == 0 {
		back = rapid.SampledFrom([]time.Duration{7 * day, 30 * day}).Draw(t, "length") + back%(20*time.Minute) - 5*time.Minute
	}
	at := c.now.Add(-back)
	if rapid.Bool().Draw(t, "on the edge") {
		beside := rapid.SampledFrom([]time.Duration{-1, 0, 1}).Draw(t, "beside")
		at = moderation.BucketOf(at).Add(beside * time.Millisecond)
	}
	return at
}

func (c *chronicle) active(guild snowflake.GuildID, user snowflake.UserID, at time.Time) {
	month := at.Year()*100 + int(at.Month())
	for _, whose := range []snowflake.GuildID{guild, store.Everywhere} {
		if c.months[month] == nil {
			c.months[month] = map[snowflake.GuildID]map[snowflake.UserID]bool{}
		}
		if c.months[month][whose] == nil {
			c.months[month][whose] = map[snowflake.UserID]bool{}
		}
		c.months[month][whose][user] = true
	}
	who := moderation.Presence{Guild: guild, User: user}
	if bucket := moderation.BucketOf(at); bucket.After(c.last[who]) {
		c.last[who] = bucket
	}
}

var (
	happenings = []string{"messages", "audit", "automod", "own rule", "own rule", "mark", "command", "join", "visit", "beat", "gap"}
	sources    = []moderation.Source{moderation.SourceAudit, moderation.SourceCommand, moderation.SourceDashboard}
	triggers   = []moderation.Trigger{moderation.TriggerKeyword, moderation.TriggerKeywordPreset, moderation.TriggerMentionSpam}
	answers    = []moderation.ActionKind{moderation.ActionDelete, moderation.ActionTimeout, moderation.ActionNote}
)

// step lets one random thing happen at a time.
func (c *chronicle) step(ctx context.Context, t *rapid.T, s *store.Store, at time.Time) error {
	guild := rapid.SampledFrom(c.guilds).Draw(t, "guild")
	user := snowflake.UserID(rapid.Int64Range(1, 6).Draw(t, "user"))
	origin := moderation.Origin{Guild: guild, At: at}
	switch what := rapid.SampledFrom(happenings).Draw(t, "what"); what {
	case "messages":
		n := rapid.Int64Range(1, 50).Draw(t, "messages")
		tally := moderation.NewTally()
		spot := moderation.Spot{Guild: guild, Bucket: moderation.BucketOf(at).UnixMilli()}
		tally.Counts[spot] = moderation.Counts{Messages: n}
		tally.Active[moderation.Presence{Guild: guild, User: user}] = at.UnixMilli()
		tally.Users[user] = moderation.User{ID: user, Name: "user " + user.String()}
		c.facts = append(c.facts, fact{guild: guild, at: at, what: "message", n: n})
		c.active(guild, user, at)
		return s.Flush(ctx, tally, moderation.Position{})
	case "audit":
		kind := rapid.SampledFrom(moderation.ActionKinds()).Draw(t, "kind")
		source := rapid.SampledFrom(sources).Draw(t, "source")
		c.acted(guild, at, kind, source, user)
		_, err := s.RecordAudit(ctx, moderation.AuditEntry{Origin: origin, Entry: snowflake.EntryID(c.id()),
			Action: moderation.Action{Kind: kind, Source: source, Target: user, Actor: 7}})
		return err
	case "automod":
		trigger := rapid.SampledFrom(triggers).Draw(t, "trigger")
		did := rapid.SampledFrom(answers).Draw(t, "did")
		c.facts = append(c.facts, fact{guild: guild, at: at, what: "violation", n: 1, severity: trigger.Severity(),
			source: moderation.SourceAutoMod, target: user})
		c.acted(guild, at, did, moderation.SourceAutoMod, user)
		_, err := s.RecordExecution(ctx, moderation.AutoModExecution{Origin: origin, Rule: 5, Trigger: trigger, User: user,
			Channel: 9, Message: snowflake.MessageID(c.id()), Did: did})
		return err
	case "own rule":
		severity, shadow := rapid.SampledFrom(moderation.Severities()).Draw(t, "severity"), rapid.Bool().Draw(t, "shadow")
		found := map[bool]string{false: "violation", true: "shadow"}[shadow]
		opened, err := s.Open(ctx, moderation.Case{Evidence: "e", Version: 1, Shadow: shadow, Detected: at,
			Violation: moderation.Violation{Guild: guild, At: at, Source: moderation.SourceRule, Severity: severity, Rule: "rule:1",
				RuleName: "Words", User: user, Channel: 9, Message: snowflake.MessageID(c.id())}})
		c.facts = append(c.facts, fact{guild: guild, at: at, what: found, found: found, n: 1, severity: severity,
			source: moderation.SourceRule, target: user, number: opened.Violation})
		return err
	case "mark":
		return c.mark(ctx, t, s)
	case "command":
		c.facts = append(c.facts, fact{guild: guild, at: at, what: "command", n: 1})
		c.active(guild, user, at)
		_, err := s.RecordCommand(ctx, moderation.CommandRun{Origin: origin, Interaction: snowflake.InteractionID(c.id()),
			Command: "guildwatch", User: moderation.User{ID: user, Name: "user " + user.String()}, OK: true})
		return err
	case "join", "visit":
		newcomer := moderation.User{ID: snowflake.UserID(c.id()), Name: "newcomer"}
		c.facts = append(c.facts, fact{guild: guild, at: at, what: "join", n: 1})
		c.active(guild, newcomer.ID, at)
		joined := moderation.MemberJoined{Origin: origin, Member: moderation.Member{User: newcomer, JoinedAt: at}}
		if _, err := s.Join(ctx, joined); err != nil {
			return err
		}
		if what == "join" {
			return nil
		}
		origin.At = at.Add(time.Millisecond)
		c.facts = append(c.facts, fact{guild: guild, at: origin.At, what: "leave", n: 1})
		delete(c.last, moderation.Presence{Guild: guild, User: newcomer.ID})
		_, err := s.Leave(ctx, moderation.MemberLeft{Origin: origin, User: newcomer})
		return err
	case "beat":
		latency := time.Duration(rapid.Int64Range(1, 900).Draw(t, "ms")) * time.Millisecond
		c.facts = append(c.facts, fact{at: at, what: "beat", n: 1, latency: latency})
		tally := moderation.NewTally()
		var beats moderation.Latency
		beats.Add(latency)
		tally.Latency[moderation.BucketOf(at).UnixMilli()] = beats
		return s.Flush(ctx, tally, moderation.Position{})
	default:
		gap := moderation.Gap{Guild: rapid.SampledFrom([]snowflake.GuildID{0, guild}).Draw(t, "whose"), From: at,
			To: at.Add(time.Duration(c.id()) * time.Second), Reason: "a burst"}
		c.gaps = append(c.gaps, gap)
		return s.RecordGap(ctx, gap)
	}
}

// mark lets a moderator call a violation wrong, or right after all.
func (c *chronicle) mark(ctx context.Context, t *rapid.T, s *store.Store) error {
	var marked []*fact
	for i := range c.facts {
		if c.facts[i].number != 0 {
			marked = append(marked, &c.facts[i])
		}
	}
	if len(marked) == 0 {
		return nil
	}
	one := rapid.SampledFrom(marked).Draw(t, "violation")
	wrong := one.what != "wrong"
	if one.what = one.found; wrong {
		one.what = "wrong"
	}
	grant, err := access.Check[access.ManageViolations](ctx, moderators{}, access.Person(7, false), one.guild)
	if err != nil {
		return err
	}
	return s.MarkFalsePositive(ctx, grant, one.number, wrong)
}

func (c *chronicle) acted(
	guild snowflake.GuildID, at time.Time, kind moderation.ActionKind, source moderation.Source, target snowflake.UserID,
) {
	c.facts = append(c.facts, fact{guild: guild, at: at, what: "action", n: 1, kind: kind, source: source, target: target})
}

// within says whether the bucket of a moment lies in a span.
func within(span store.Span, at time.Time) bool {
	bucket := moderation.BucketOf(at)
	return !bucket.Before(span.From) && bucket.Before(span.Until)
}

// count adds up the facts of a guild (0: of all) whose bucket lies in a span.
func (c *chronicle) count(guild snowflake.GuildID, span store.Span, what string, also func(fact) bool) (n int64) {
	for _, f := range c.facts {
		if f.what == what && (guild == 0 || f.guild == guild) && within(span, f.at) && (also == nil || also(f)) {
			n += f.n
		}
	}
	return n
}

// average is the mean heartbeat of a span in milliseconds; false when there was none.
func (c *chronicle) average(span store.Span) (float64, bool) {
	var total time.Duration
	var n int64
	for _, f := range c.facts {
		if f.what == "beat" && within(span, f.at) {
			total += f.latency
			n++
		}
	}
	if n == 0 {
		return 0, false
	}
	return float64(total.Microseconds()) / 1000 / float64(n), true
}

// activeSince counts users active in a bucket from since on, in a guild that they have not left.
func (c *chronicle) activeSince(since time.Time) int64 {
	users := map[snowflake.UserID]bool{}
	for who, bucket := range c.last {
		if !bucket.Before(since) {
			users[who.User] = true
		}
	}
	return int64(len(users))
}

// targets ranks the members acted on from since on.
func (c *chronicle) targets(guild snowflake.GuildID, span store.Span) []stats.Target {
	found := map[snowflake.UserID]stats.Target{}
	for _, f := range c.facts {
		if f.what == "action" && f.guild == guild && within(span, f.at) {
			target := found[f.target]
			target.Person.ID = f.target
			target.Actions++
			if f.at.After(target.Last) {
				target.Last = f.at
			}
			found[f.target] = target
		}
	}
	list := slices.Collect(maps.Values(found))
	slices.SortFunc(list, func(a, b stats.Target) int {
		if a.Actions != b.Actions {
			return int(b.Actions - a.Actions)
		}
		return int(a.ID - b.ID)
	})
	return list[:min(10, len(list))]
}
