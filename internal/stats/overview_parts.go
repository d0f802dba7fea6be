package stats

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// activeDays is how long somebody counts as active after they last wrote, ran a command or joined.
const activeDays = 30

// overviewParts are what the overview is made of.
type overviewParts struct {
	roster  *part[roster]
	users   *part[int64] // active in activeDays
	month   *part[lastMonth]
	day     *part[everybody]            // of the day, but for the running bucket
	running *part[everybody]            // of the running bucket
	deeds   *part[deeds]                // of the running bucket
	hours   *part[[]store.BucketCounts] // but for the running bucket
	latency *part[beats]                // but for the running bucket
	beats   *part[moderation.Latency]   // of the running bucket
	command *part[time.Time]            // the last one
	lines   *part[[]moderation.Change]
	gaps    *part[[]moderation.Gap]
}

// roster are the guilds that the bot is in, and how many it was in when the month began.
type roster struct {
	profiles []store.Profile
	before   int64
}

// lastMonth is what the running month is compared with, and since when there is anything.
type lastMonth struct {
	began    time.Time
	commands int64
	active   int64
}

// everybody is what was counted in all guilds, together and each.
type everybody struct {
	sum    store.Activity
	guilds map[snowflake.GuildID]store.GuildTotals
}

// deeds are the actions and violations of all guilds.
type deeds struct{ actions, violations int64 }

// overviewShelves cache the parts of the overview.
type overviewShelves struct {
	roster  *shelf[onlyKey, roster]
	users   *shelf[onlyKey, int64]
	month   *shelf[onlyKey, lastMonth]
	day     *shelf[onlyKey, everybody]
	running *shelf[onlyKey, everybody]
	deeds   *shelf[onlyKey, deeds]
	hours   *shelf[onlyKey, []store.BucketCounts]
	latency *shelf[onlyKey, beats]
	beats   *shelf[onlyKey, moderation.Latency]
	command *shelf[onlyKey, time.Time]
	lines   *shelf[onlyKey, []moderation.Change]
	gaps    *shelf[onlyKey, []moderation.Gap]
}

func newOverviewShelves(s *Stats) overviewShelves {
	whenever := func(matters ...store.Matter) drops[onlyKey] { return drops[onlyKey]{any: matters} }
	later := func(matters ...store.Matter) drops[onlyKey] { return drops[onlyKey]{past: matters} }
	day := later(store.MatterCounters, store.MatterActions)
	day.any = []store.Matter{store.MatterStays} // a guild that comes back is counted again
	users := later(store.MatterPresences)
	users.ago = activeDays * 24 * time.Hour
	return overviewShelves{
		roster: shelve(s, "overview roster", whenever(store.MatterConfig), readRoster),
		users:  shelve(s, "overview users", users, readUsers),
		month: shelve(s, "overview month", later(store.MatterCounters, store.MatterBeats, store.MatterMonths),
			readLastMonth),
		day: shelve(s, "overview day", day, readDay),
		running: shelve(s, "overview running",
			whenever(store.MatterCounters, store.MatterActions, store.MatterStays), readRunning),
		deeds:   shelve(s, "overview deeds", whenever(store.MatterActions, store.MatterViolations), readDeeds),
		hours:   shelve(s, "overview hours", later(counted...), readAllHours),
		latency: shelve(s, "overview latency", later(store.MatterBeats), readHourLatency),
		beats:   shelve(s, "overview beats", whenever(store.MatterBeats), readRunningBeats),
		command: shelve(s, "overview command", whenever(store.MatterRuns), readLastCommand),
		lines:   shelve(s, "overview lines", whenever(store.MatterLines), readAllLines),
		gaps:    shelve(s, "overview gaps", whenever(store.MatterGaps), readAllGaps),
	}
}

// take collects the overview's parts.
func (h *overviewShelves) take(g *gathering, p *overviewParts) {
	h.roster.take(g, onlyKey{}, &p.roster)
	h.users.take(g, onlyKey{}, &p.users)
	h.month.take(g, onlyKey{}, &p.month)
	h.day.take(g, onlyKey{}, &p.day)
	h.running.take(g, onlyKey{}, &p.running)
	h.deeds.take(g, onlyKey{}, &p.deeds)
	h.hours.take(g, onlyKey{}, &p.hours)
	h.latency.take(g, onlyKey{}, &p.latency)
	h.beats.take(g, onlyKey{}, &p.beats)
	h.command.take(g, onlyKey{}, &p.command)
	h.lines.take(g, onlyKey{}, &p.lines)
	h.gaps.take(g, onlyKey{}, &p.gaps)
}

func readRoster(snapshot *store.Snapshot, now time.Time, _ onlyKey) roster {
	return roster{snapshot.Profiles(), snapshot.GuildsAt(monthOf(now, 0).From)}
}

func readUsers(snapshot *store.Snapshot, now time.Time, _ onlyKey) int64 {
	active, _ := windows(now, activeDays*24*time.Hour)
	return snapshot.ActiveUsers(active.From)
}

func readLastMonth(snapshot *store.Snapshot, now time.Time, _ onlyKey) lastMonth {
	month := monthOf(now, 1)
	return lastMonth{
		began: snapshot.Began(store.Everywhere), commands: snapshot.Activity(store.Everywhere, month).Commands,
		active: snapshot.ActiveInMonth(store.Everywhere, month.From),
	}
}

func readDay(snapshot *store.Snapshot, now time.Time, _ onlyKey) everybody {
	day, _ := windows(now, 24*time.Hour)
	return everybodyIn(snapshot, over(day, now))
}

func readRunning(snapshot *store.Snapshot, now time.Time, _ onlyKey) everybody {
	return everybodyIn(snapshot, runningOf(now))
}

func everybodyIn(snapshot *store.Snapshot, span store.Span) everybody {
	return everybody{snapshot.Activity(store.Everywhere, span), snapshot.GuildTotals(span)}
}

func readDeeds(snapshot *store.Snapshot, now time.Time, _ onlyKey) deeds {
	span := runningOf(now)
	return deeds{snapshot.ActionTotal(store.Everywhere, span), sum(snapshot.Severities(store.Everywhere, span))}
}

func readAllHours(snapshot *store.Snapshot, now time.Time, _ onlyKey) []store.BucketCounts {
	return snapshot.Buckets(store.Everywhere, over(dayOf(now), now))
}

func readHourLatency(snapshot *store.Snapshot, now time.Time, _ onlyKey) beats {
	current, previous := windows(now, time.Hour)
	return beatsIn(snapshot, over(current, now), previous)
}

func readRunningBeats(snapshot *store.Snapshot, now time.Time, _ onlyKey) moderation.Latency {
	return snapshot.Latency(runningOf(now))
}

func readLastCommand(snapshot *store.Snapshot, _ time.Time, _ onlyKey) time.Time {
	return snapshot.LastCommand()
}

func readAllLines(snapshot *store.Snapshot, _ time.Time, _ onlyKey) []moderation.Change {
	return snapshot.Newest(store.Everywhere, recentLines)
}

func readAllGaps(snapshot *store.Snapshot, now time.Time, _ onlyKey) []moderation.Gap {
	return snapshot.Gaps(store.Everywhere, dayOf(now), readGaps)
}
