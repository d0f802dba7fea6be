package stats

import (
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// shownTargets is how many of the members most acted on, and of those who broke most rules, a dashboard names.
const shownTargets = 10

// guildParts are what a dashboard is made of.
type guildParts struct {
	profile   *part[presentGuild]
	setup     *part[setup]
	past      *part[guildPast]
	vitals    *part[guildVitals]
	hours     *part[[]store.BucketCounts] // of the day, but for the running bucket
	counters  *part[store.Activity]       // of the running bucket
	actions   *part[store.ActionCounts]
	found     *part[found]
	kinds     *part[[]Share] // violations by kind
	active    *part[guildActive]
	latency   *part[beats] // but for the running bucket
	beats     *part[instanceBeats]
	targets   *part[[]store.Target]
	offenders *part[store.Offenders]
	lines     *part[[]moderation.Change]
	gaps      *part[[]moderation.Gap]
	chosen    *part[chosen] // nil: the window is a period's
}

// presentGuild is a guild, if the bot is in it.
type presentGuild struct {
	store.Profile
	there bool
}

// guildPast is what was counted in the finished buckets of a period, or in all of a chosen time, and in the time before.
type guildPast struct {
	began  time.Time
	totals totals
	before earlierTotals
}

// guildVitals are what health is computed from: of the finished buckets of the last 24 hours, and of the 24 before.
type guildVitals struct {
	current, before          store.Vitals
	answered, answeredBefore moderation.Latency
}

// guildActive are the members active in this month and in the last.
type guildActive struct{ current, previous int64 }

// instanceBeats are the running bucket's heartbeats, and since when the instance has counted at all.
type instanceBeats struct {
	running moderation.Latency
	began   time.Time
}

// guildShelves cache the parts of dashboards.
type guildShelves struct {
	profile   *shelf[guildKey, presentGuild]
	setup     *shelf[guildKey, setup]
	past      *shelf[Key, guildPast]
	vitals    *shelf[guildKey, guildVitals]
	hours     *shelf[guildKey, []store.BucketCounts]
	counters  *shelf[guildKey, store.Activity]
	actions   *shelf[guildKey, store.ActionCounts]
	found     *shelf[guildKey, found]
	kinds     *shelf[Key, []Share]
	active    *shelf[guildKey, guildActive]
	latency   *shelf[Period, beats]
	beats     *shelf[onlyKey, instanceBeats]
	targets   *shelf[Key, []store.Target]
	offenders *shelf[Key, store.Offenders]
	lines     *shelf[guildKey, []moderation.Change]
	gaps      *shelf[Key, []moderation.Gap]
}

// counted are the matters that are counted by bucket.
var counted = []store.Matter{store.MatterCounters, store.MatterActions, store.MatterViolations}

func newGuildShelves(s *Stats) guildShelves {
	guild := func(matters ...store.Matter) drops[guildKey] { return drops[guildKey]{any: matters, of: keyOf} }
	return guildShelves{
		profile:  shelve(s, "metrics profile", guild(store.MatterConfig), readProfile),
		setup:    shelve(s, "metrics setup", guild(store.MatterConfig, store.MatterTeam), readSetup),
		past:     shelve(s, "metrics past", drops[Key]{past: counted, of: keysOf}, readPast),
		vitals:   shelve(s, "metrics vitals", drops[guildKey]{past: counted, of: keyOf}, readVitals),
		hours:    shelve(s, "metrics hours", drops[guildKey]{past: counted, of: keyOf}, readHours),
		counters: shelve(s, "metrics counters", guild(store.MatterCounters), readCounters),
		actions:  shelve(s, "metrics actions", guild(store.MatterActions), readActions),
		found:    shelve(s, "metrics violations", guild(store.MatterViolations), readFound),
		kinds: shelve(s, "metrics kinds", drops[Key]{of: keysOf, any: []store.Matter{store.MatterViolations,
			store.MatterRules, store.MatterConfig}}, readKinds),
		active:  shelve(s, "metrics active", guild(store.MatterMonths), readActive),
		latency: shelve(s, "metrics latency", drops[Period]{past: []store.Matter{store.MatterBeats}}, readLatency),
		beats: shelve(s, "metrics beats", drops[onlyKey]{
			any: []store.Matter{store.MatterBeats}, past: []store.Matter{store.MatterCounters}}, readBeats),
		targets: shelve(s, "metrics targets", drops[Key]{any: []store.Matter{store.MatterTargets}, of: keysOf}, readTargets),
		offenders: shelve(s, "metrics offenders",
			drops[Key]{any: []store.Matter{store.MatterOffenders}, of: keysOf}, readOffenders),
		lines: shelve(s, "metrics lines", guild(store.MatterLines), readLines),
		gaps:  shelve(s, "metrics gaps", drops[Key]{any: []store.Matter{store.MatterGaps}, of: keysOf}, readGuildGaps),
	}
}

// take collects a dashboard's parts.
func (h *guildShelves) take(g *gathering, id snowflake.GuildID, w Window, p *guildParts) error {
	guild := guildKey(id)
	h.profile.take(g, guild, &p.profile)
	if p.profile != nil && !p.profile.value.there {
		return fault.New(fault.NotFound, "There is no such server here, or you have no access to it.")
	}
	h.setup.take(g, guild, &p.setup)
	h.vitals.take(g, guild, &p.vitals)
	h.hours.take(g, guild, &p.hours)
	h.counters.take(g, guild, &p.counters)
	h.actions.take(g, guild, &p.actions)
	h.found.take(g, guild, &p.found)
	h.active.take(g, guild, &p.active)
	h.beats.take(g, onlyKey{}, &p.beats)
	h.lines.take(g, guild, &p.lines)
	if w.Period == PeriodCustom {
		p.choose(g, id, w)
		return nil
	}
	key := Key{id, w.Period}
	h.past.take(g, key, &p.past)
	h.kinds.take(g, key, &p.kinds)
	h.latency.take(g, key.Period, &p.latency)
	h.targets.take(g, key, &p.targets)
	h.offenders.take(g, key, &p.offenders)
	h.gaps.take(g, key, &p.gaps)
	return nil
}

func readProfile(snapshot *store.Snapshot, _ time.Time, key guildKey) presentGuild {
	profile, there := snapshot.Profile(snowflake.GuildID(key))
	return presentGuild{profile, there}
}

func readPast(snapshot *store.Snapshot, now time.Time, key Key) guildPast {
	current, previous := windows(now, key.Period.Length())
	return pastIn(snapshot, key.Guild, over(current, now), previous)
}

func pastIn(snapshot *store.Snapshot, guild snowflake.GuildID, current, previous store.Span) guildPast {
	return guildPast{snapshot.Began(guild), totalsIn(snapshot, guild, current), earlierIn(snapshot, guild, previous)}
}

func readVitals(snapshot *store.Snapshot, now time.Time, key guildKey) guildVitals {
	guild := snowflake.GuildID(key)
	current, previous := windows(now, PeriodDay.Length())
	current = over(current, now)
	return guildVitals{snapshot.Vitals(guild, current), snapshot.Vitals(guild, previous),
		snapshot.ResponseTimes(guild, current), snapshot.ResponseTimes(guild, previous)}
}

func readHours(snapshot *store.Snapshot, now time.Time, key guildKey) []store.BucketCounts {
	return snapshot.Buckets(snowflake.GuildID(key), over(dayOf(now), now))
}

func readCounters(snapshot *store.Snapshot, now time.Time, key guildKey) store.Activity {
	return snapshot.Activity(snowflake.GuildID(key), runningOf(now))
}

func readActions(snapshot *store.Snapshot, now time.Time, key guildKey) store.ActionCounts {
	return snapshot.Actions(snowflake.GuildID(key), runningOf(now))
}

func readFound(snapshot *store.Snapshot, now time.Time, key guildKey) found {
	return foundIn(snapshot, snowflake.GuildID(key), runningOf(now))
}

// readKinds reads the violations of the whole period by kind: 30 sheets for each rule, whatever was found.
func readKinds(snapshot *store.Snapshot, now time.Time, key Key) []Share {
	current, _ := windows(now, key.Period.Length())
	return kindsIn(snapshot, key.Guild, current)
}

func kindsIn(snapshot *store.Snapshot, guild snowflake.GuildID, span store.Span) []Share {
	return byKind(snapshot.RulesFound(guild, span), snapshot.RuleLabels(guild))
}

func readActive(snapshot *store.Snapshot, now time.Time, key guildKey) guildActive {
	guild := snowflake.GuildID(key)
	return guildActive{snapshot.ActiveInMonth(guild, now), snapshot.ActiveInMonth(guild, monthOf(now, 1).From)}
}

func readLatency(snapshot *store.Snapshot, now time.Time, period Period) beats {
	current, previous := windows(now, period.Length())
	return beatsIn(snapshot, over(current, now), previous)
}

func readBeats(snapshot *store.Snapshot, now time.Time, _ onlyKey) instanceBeats {
	return instanceBeats{snapshot.Latency(runningOf(now)), snapshot.Began(store.Everywhere)}
}

// readTargets reads the members most acted on: from the index for a short period, from the running windows for a long
// one.
func readTargets(snapshot *store.Snapshot, now time.Time, key Key) []store.Target {
	switch key.Period {
	case PeriodWeek:
		return snapshot.WeekTargets(key.Guild, shownTargets)
	case PeriodMonth:
		return snapshot.MonthTargets(key.Guild, shownTargets)
	}
	current, _ := windows(now, key.Period.Length())
	return snapshot.TargetsIn(key.Guild, current, shownTargets)
}

// readOffenders reads who broke most rules, as readTargets reads whom most was done to.
func readOffenders(snapshot *store.Snapshot, now time.Time, key Key) store.Offenders {
	switch key.Period {
	case PeriodWeek:
		return snapshot.WeekOffenders(key.Guild, shownTargets)
	case PeriodMonth:
		return snapshot.MonthOffenders(key.Guild, shownTargets)
	}
	current, _ := windows(now, key.Period.Length())
	return snapshot.OffendersSince(key.Guild, current.From, shownTargets)
}

func readLines(snapshot *store.Snapshot, _ time.Time, key guildKey) []moderation.Change {
	return snapshot.Newest(snowflake.GuildID(key), recentLines)
}

func readGuildGaps(snapshot *store.Snapshot, now time.Time, key Key) []moderation.Gap {
	current, _ := windows(now, key.Period.Length())
	return gapsIn(snapshot, key.Guild, current, now)
}

// gapsIn reads the gaps of a window and of the last 24 hours.
func gapsIn(snapshot *store.Snapshot, guild snowflake.GuildID, span store.Span, now time.Time) []moderation.Gap {
	day := dayOf(now)
	return snapshot.Gaps(guild, store.Span{From: minTime(span.From, day.From), Until: day.Until}, readGaps)
}
