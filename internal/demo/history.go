package demo

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// Write makes the database of the town's last 90 days in dir, which must hold none.
func (t *Town) Write(ctx context.Context, dir string) error {
	return store.Import(ctx, store.Options{Dir: dir}, func(im *store.Importer) error {
		for i, g := range t.Guilds {
			c := &chronicle{town: t, guild: g, im: im, random: t.random(uint64(10 + i)), deeds: t.random(uint64(40 + i)),
				rhythm: newRhythm(g.plan, g.zone)}
			c.write()
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
		t.heartbeats(im)
		for _, gap := range t.gaps() {
			im.Gap(gap)
		}
		return nil
	})
}

// chronicle writes one guild's history.
type chronicle struct {
	town    *Town
	guild   *Guild
	im      *store.Importer
	random  *rand.Rand
	deeds   *rand.Rand // what moderators do
	rhythm  rhythm
	entries []entry
	last    int64 // number of the last made-up id
	cases   docket
}

// entry is one event of the past; the importer takes each guild's in the order of their time.
type entry struct {
	at  time.Time
	put func()
}

func (c *chronicle) write() {
	g := c.guild
	c.im.Guild(moderation.Guild{ID: g.ID, Name: g.name, Owner: c.town.Owner, Members: len(g.Present()) + 2, JoinedAt: g.JoinedAt,
		Permissions: moderation.Permissions(g.permissions())}, g.plan.zone)
	for i, rule := range nativeRules {
		c.im.Rule(moderation.NativeRuleSeen{Origin: moderation.Origin{Guild: g.ID, At: g.JoinedAt}, Rule: g.Rules[i],
			Name: rule.name, Trigger: moderation.Trigger(rule.trigger), Enabled: true})
	}
	for _, r := range g.OwnRules() {
		c.im.OwnRule(g.ID, r, c.town.Start.Add(-ruleAge))
	}
	c.messages()
	c.moderators()
	c.people()
	c.commands()
	c.hits()
	c.timeouts()
	c.offences()
	slices.SortStableFunc(c.entries, func(a, b entry) int { return a.at.Compare(b.at) })
	for _, e := range c.entries {
		e.put()
	}
}

func (c *chronicle) begin() time.Time { return c.town.Start.Add(-History) }

func (c *chronicle) add(at time.Time, put func()) { c.entries = append(c.entries, entry{at, put}) }

func (c *chronicle) origin(at time.Time) moderation.Origin {
	return moderation.Origin{Guild: c.guild.ID, At: at}
}

// messages counts what was written, bucket by bucket: the guild grows a little, and days differ.
func (c *chronicle) messages() {
	mood := 1.0
	for at := c.begin(); at.Before(c.town.Now); at = at.Add(moderation.Bucket) {
		if at.Hour() == 0 && at.Minute() == 0 {
			mood = math.Exp(c.random.NormFloat64() * 0.13)
		}
		growth := 0.85 + 0.2*float64(at.Sub(c.begin()))/float64(History)
		part := min(1, float64(c.town.Now.Sub(at))/float64(moderation.Bucket))
		n := poisson(c.random, c.guild.messages/96*c.rhythm.at(at)*mood*growth*part)
		if n > 0 {
			c.im.Messages(c.guild.ID, at, moderation.Counts{Messages: n, Edits: n / 30, Deletes: n / 80})
		}
	}
}

// people lets residents come, write and go. Of those who go, a third are kicked or banned, some of them by a rule.
func (c *chronicle) people() {
	g, begin := c.guild, c.begin()
	for i := range g.People {
		who := &g.People[i]
		member := moderation.Member{User: who.User, JoinedAt: who.Joined}
		from, until := who.Joined, who.Left
		if from.Before(begin) {
			c.im.Member(g.ID, &member)
			from = begin
		} else {
			c.add(who.Joined, func() { c.im.Join(moderation.MemberJoined{Origin: c.origin(who.Joined), Member: member}) })
		}
		if until.IsZero() {
			until = c.town.Now
		} else {
			c.add(who.Left, func() { c.im.Leave(moderation.MemberLeft{Origin: c.origin(who.Left), User: who.User}) })
			switch x := c.random.Float64(); {
			case x < 0.25:
				c.audit(who.Left, c.removal(who.ID))
			case x < 0.35:
				c.offend(who.Left.Add(-reaction), who)
			}
		}
		if who.Active {
			for range 3 + c.random.IntN(8) {
				c.im.Active(g.ID, who.ID, from.Add(time.Duration(c.random.Float64()*float64(until.Sub(from)))))
			}
		}
	}
}

func (c *chronicle) removal(who snowflake.UserID) moderation.Action {
	kind := moderation.ActionBan
	if c.random.IntN(5) < 2 {
		kind = moderation.ActionKick
	}
	return c.action(kind, who)
}

func (c *chronicle) action(kind moderation.ActionKind, who snowflake.UserID) moderation.Action {
	return moderation.Action{Kind: kind, Source: moderation.SourceAudit, Target: who, Actor: c.moderator(), Count: 1,
		Reason: reasons[c.random.IntN(len(reasons))], Outcome: moderation.OutcomeDone}
}

func (c *chronicle) moderator() snowflake.UserID {
	x := c.random.Float64() // some do more than others
	return c.guild.People[int(x*x*float64(c.guild.mods))].ID
}

func (c *chronicle) audit(at time.Time, action moderation.Action) {
	c.last++
	entry := snowflake.At[snowflake.EntryID](at, c.last)
	c.add(at, func() { c.im.Action(moderation.AuditEntry{Origin: c.origin(at), Entry: entry, Action: action}) })
}

// troublemaker is somebody there at the time, mostly one of a few.
func (c *chronicle) troublemaker(at time.Time) *Resident {
	people := c.guild.People[c.guild.mods:]
	for range 50 {
		x := c.random.Float64()
		who := &people[int(math.Pow(x, 3.5)*float64(len(people)))*7919%len(people)]
		if who.Joined.Before(at) && (who.Left.IsZero() || at.Before(who.Left)) {
			return who
		}
	}
	return &people[0]
}

// often calls do at each of the moments of something that happens so many times a day.
func (c *chronicle) often(perDay float64, do func(at time.Time)) {
	for range poisson(c.random, perDay*History.Hours()/24) {
		do(c.rhythm.moment(c.random, c.begin(), c.town.Now))
	}
}

func (c *chronicle) commands() {
	g := c.guild
	c.often(g.commands, func(at time.Time) {
		c.last++
		who := &g.People[c.random.IntN(len(g.People))]
		if !who.Left.IsZero() || at.Before(who.Joined) {
			who = &g.People[c.random.IntN(g.mods)]
		}
		run := moderation.CommandRun{Origin: c.origin(at), Interaction: snowflake.At[snowflake.InteractionID](at, c.last),
			Command: "guildwatch stats", User: who.User, Channel: g.Channels[0], OK: c.random.IntN(80) > 0,
			Took: time.Duration(20+c.random.ExpFloat64()*40) * time.Millisecond}
		c.add(at, func() { c.im.Command(run) })
	})
}

func (c *chronicle) hits() {
	g := c.guild
	c.often(g.hits, func(at time.Time) {
		rule := pickRule(c.random)
		who, text := c.troublemaker(at), scams[c.random.IntN(len(scams))]
		v := moderation.Violation{Guild: g.ID, At: at, Source: moderation.SourceAutoMod, User: who.ID, Channel: g.Channels[0],
			Severity: moderation.Trigger(nativeRules[rule].trigger).Severity(), Rule: "automod:" + g.Rules[rule].String(),
			RuleName: nativeRules[rule].name, Keyword: strings.Fields(text)[0], Content: text}
		var done []moderation.Action
		for _, consequence := range nativeRules[rule].actions {
			action := moderation.Action{Kind: moderation.ActionDelete, Source: moderation.SourceAutoMod, Target: who.ID, Count: 1,
				Channel: v.Channel, Reason: v.RuleName, Outcome: moderation.OutcomeDone}
			if consequence.Type == discordsim.AutoModTimeout {
				action.Kind = moderation.ActionTimeout
				action.Until = at.Add(time.Duration(consequence.Metadata.Seconds) * time.Second)
			}
			done = append(done, action)
		}
		c.add(at, func() { c.im.Violation(v, done...) })
	})
}

// pickRule picks the native rule that fires, by weight.
func pickRule(random *rand.Rand) int {
	pick := random.Float64()
	for i, rule := range nativeRules {
		if pick -= rule.weight; pick < 0 {
			return i
		}
	}
	return len(nativeRules) - 1
}

// timeouts is what moderators do beside removing people.
func (c *chronicle) timeouts() {
	c.often(c.guild.actions/2, func(at time.Time) {
		kind := []moderation.ActionKind{moderation.ActionTimeout, moderation.ActionTimeout, moderation.ActionDelete,
			moderation.ActionUntimeout}[c.random.IntN(4)]
		action := c.action(kind, c.troublemaker(at).ID)
		if kind == moderation.ActionTimeout {
			action.Until = at.Add(time.Duration(1+c.random.IntN(24)) * time.Hour)
		}
		c.audit(at, action)
	})
}

// The gateway's latency in milliseconds: never below shortest, on the mean spread above it.
const (
	shortest = 30.0
	spread   = 14.0
)

// heartbeats writes the gateway's latency: one every 41.25 s, with a slow hour now and then.
func (t *Town) heartbeats(im *store.Importer) {
	random := t.random(1)
	base := shortest + spread
	for at := t.Start.Add(-History); at.Before(t.Now); at = at.Add(moderation.Bucket) {
		if random.IntN(12) == 0 {
			base = shortest + random.ExpFloat64()*spread
		}
		var sum moderation.Latency
		for range min(22, int(t.Now.Sub(at)/(41250*time.Millisecond))) {
			sum.Add(time.Duration((base + random.ExpFloat64()*9) * float64(time.Millisecond)))
		}
		if sum.Count > 0 {
			im.Latency(at, sum)
		}
	}
}

// gaps are the times in which the bot was away.
func (t *Town) gaps() []moderation.Gap {
	at := func(before, length time.Duration, reason string) moderation.Gap {
		from := t.Start.Add(-before)
		return moderation.Gap{From: from, To: from.Add(length), Reason: reason}
	}
	return []moderation.Gap{
		at(23*24*time.Hour, 14*time.Minute, "Discord ended the session, and it could not be resumed"),
		at(7*time.Hour, 4*time.Minute, "guildwatch was restarted, and the session could not be resumed"),
	}
}
