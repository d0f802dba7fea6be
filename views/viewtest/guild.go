// Package viewtest makes figures for tests of the pages: a busy server, a quiet one, one that has just come.
package viewtest

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/health"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
)

// Now is the moment of every fixture.
var Now = time.Date(2026, 3, 14, 15, 4, 5, 0, time.UTC)

// HarborID is the busy server.
const HarborID snowflake.GuildID = 81384788765712384

// messages is a plausible day, oldest hour first.
var messages = [24]int64{212, 148, 96, 61, 40, 33, 28, 44, 87, 140, 205, 260, 318, 352, 341, 366, 402, 455, 521,
	610, 588, 497, 380, 161}

// Hours is a day of activity. With a gap, two hours of it may have missed events.
func Hours(gap bool) []stats.Hour {
	hours := make([]stats.Hour, 24)
	for i, n := range messages {
		hours[i] = stats.Hour{
			Start: Now.Truncate(time.Hour).Add(time.Duration(i-23) * time.Hour), Messages: n, Commands: n / 40,
			Violations: max(0, n/120-1), Actions: n % 7, Joins: n % 5, Leaves: n % 3, Gap: gap && (i == 5 || i == 6),
		}
	}
	return hours
}

func figure(value float64, change stats.Change) stats.Figure {
	return stats.Figure{Value: value, Known: true, Change: change}
}

func window(period stats.Period) stats.Window {
	return stats.Window{Period: period, Span: stats.Span{From: Now.Add(-period.Length()), Until: Now}}
}

// Guild is the dashboard of the busy server: everything is there, with a gap in coverage.
func Guild(period stats.Period) stats.Guild {
	return stats.Guild{
		At: Now, Seq: 4711, Window: window(period), TimeZone: "Europe/Lisbon",
		Profile: moderation.Guild{ID: HarborID, Name: "Pixel Harbor", Members: 18432, JoinedAt: Now.AddDate(0, -3, -2)},

		Figures: stats.Figures{
			Messages:       figure(6345, stats.Compare(6345, 5921)),
			Commands:       figure(148, stats.Compare(148, 162)),
			Joins:          figure(47, stats.Compare(47, 31)),
			Leaves:         figure(22, stats.Compare(22, 22)),
			Actions:        figure(63, stats.Compare(63, 48)),
			Violations:     figure(29, stats.Compare(29, 17)),
			Rate:           figure(4.6, stats.Compare(4.6, 2.9)),
			ResponseMedian: figure(412, stats.Compare(412, 388)),
			ResponseP95:    figure(1240, stats.Unknown("no rule has acted in the time before")),
			Endings: []stats.Ending{{Kind: moderation.ActionWarn, Share: figure(12.7, stats.Compare(12.7, 10.4))},
				{Kind: moderation.ActionTimeout, Share: figure(22.2, stats.Compare(22.2, 25))},
				{Kind: moderation.ActionKick, Share: figure(6.3, stats.Compare(6.3, 6.3))},
				{Kind: moderation.ActionBan, Share: figure(4.8, stats.Compare(4.8, 0))}},
			Repeat: stats.Repeat{One: 11, Two: 4, More: 1},
			FoundBySource: []stats.Share{{Key: "rule", Count: 18, Part: 0.62}, {Key: "automod", Count: 11, Part: 0.38},
				{Key: "audit"}, {Key: "dashboard"}, {Key: "command"}},
			BySource: []stats.Share{{Key: "rule", Count: 0}, {Key: "automod", Count: 29, Part: 0.46},
				{Key: "audit", Count: 27, Part: 0.43},
				{Key: "dashboard", Count: 0}, {Key: "command", Count: 7, Part: 0.11}},
			ByKind: []stats.Share{{Key: "note", Count: 2, Part: 0.032}, {Key: "delete", Count: 31, Part: 0.492},
				{Key: "warn", Count: 8, Part: 0.127},
				{Key: "timeout", Count: 14, Part: 0.222}, {Key: "untimeout", Count: 1, Part: 0.016},
				{Key: "kick", Count: 4, Part: 0.063},
				{Key: "ban", Count: 3, Part: 0.048}, {Key: "unban", Count: 0}},
			Severity: []stats.Share{{Key: "low", Count: 9, Part: 0.31}, {Key: "medium", Count: 13, Part: 0.45},
				{Key: "high", Count: 6, Part: 0.21},
				{Key: "critical", Count: 1, Part: 0.03}},
		},
		Active:  figure(2104, stats.Unknown("needs a month of history")),
		Latency: figure(41.6, stats.Compare(41.6, 44.1)),

		Health: Health(health.Input{Messages: 6345, Violations: 62, Answered: 40, Median: 412 * time.Millisecond, Actions: 63,
			Removals: 12}, stats.Compare(74.3, 81.2)),
		FoundByKind: []stats.Share{{Key: "words", Count: 12, Part: 0.41}, {Key: "regex"}, {Key: "links", Count: 6, Part: 0.21},
			{Key: "automod_spam", Count: 11, Part: 0.38}},
		Offenders: []stats.Offender{{Person: Person(32, "xX_spam_lord_with_a_rather_long_name_Xx"), Violations: 7, Last: Now.Add(-38 * time.Minute)},
			{Person: Person(33, "evil\u202ename\u200b"), Violations: 2, Last: Now.Add(-160 * time.Minute)},
			{Person: stats.Person{ID: 34, Name: "Deleted User #482913", Gone: true, Known: true}, Violations: 1, Last: Now.Add(-15 * time.Hour)}},

		Activity: Hours(true),
		Targets:  Targets(),
		Recent:   Lines(),
		Gaps: []stats.Gap{
			{Guild: HarborID, From: Now.Add(-18*time.Hour - 20*time.Minute),
				To: Now.Add(-17*time.Hour - 8*time.Minute), Reason: "Discord ended the session"},
			{Guild: HarborID, From: Now.Add(-90 * time.Second), To: Now.Add(-48 * time.Second),
				Reason: "a burst was larger than the queue", Dropped: 1204},
		},
		Checklist: Checks(2),
	}
}

// ChosenGuild is the dashboard of a time that was chosen, in which some rows have been deleted since.
func ChosenGuild() stats.Guild {
	d := Guild(stats.PeriodCustom)
	d.Window = chosenWindow
	d.RowsFrom = Now.AddDate(0, 0, -12)
	return d
}

// UnknownGuild is the dashboard of a time before guildwatch watched.
func UnknownGuild() stats.Guild {
	const why = "guildwatch did not watch yet"
	d, none := Guild(stats.PeriodCustom), stats.Figure{Why: why, Change: stats.Unknown(why)}
	d.Window, d.Unknown, d.NoRows, d.Offenders, d.Targets, d.Gaps, d.FoundByKind = chosenWindow, why, why, nil, nil, nil, nil
	d.Figures = stats.Figures{Messages: none, Commands: none, Joins: none, Leaves: none, Violations: none, Rate: none,
		Actions: none, ResponseMedian: none, ResponseP95: none}
	return d
}

var chosenWindow = stats.Window{Period: stats.PeriodCustom,
	Span:  stats.Span{From: Now.AddDate(0, 0, -14).Truncate(time.Hour), Until: Now.AddDate(0, 0, -7).Truncate(time.Hour)},
	Asked: stats.Span{From: Now.AddDate(0, 0, -14).Truncate(time.Hour), Until: Now.AddDate(0, 0, -7).Truncate(time.Hour)}}

// NewGuild is the dashboard of a server that the bot has just come to: nothing has happened, nothing is set up.
func NewGuild() stats.Guild {
	zero := figure(0, stats.Unknown("needs a day of history"))
	return stats.Guild{
		At: Now, Seq: 12, Window: window(stats.PeriodDay), TimeZone: "UTC",
		Profile: moderation.Guild{ID: 22, Name: "Small Talk", Members: 7, JoinedAt: Now},
		Figures: stats.Figures{Messages: zero, Commands: zero, Joins: zero, Leaves: zero, Actions: zero, Violations: zero,
			Rate:           stats.Figure{Why: "no messages in this time"},
			ResponseMedian: stats.Figure{Why: "no rule has acted in this time"},
			ResponseP95:    stats.Figure{Why: "no rule has acted in this time"}},
		Active:    zero,
		Latency:   stats.Figure{Why: "no heartbeat yet"},
		Health:    Health(health.Input{}, stats.Unknown("needs two days of history")),
		Activity:  make24(),
		Checklist: Checks(0),
	}
}

// Health is the score of what happened.
func Health(in health.Input, change stats.Change) stats.Health {
	return stats.Health{Score: health.Of(in), Input: in, Change: change}
}

func make24() []stats.Hour {
	hours := make([]stats.Hour, 24)
	for i := range hours {
		hours[i].Start = Now.Truncate(time.Hour).Add(time.Duration(i-23) * time.Hour)
	}
	return hours
}

// Checks is the set-up checklist with the first of its steps done.
func Checks(done int) []stats.Check {
	checks := []stats.Check{
		{Key: "permissions", Name: "Permissions",
			Fix: "In Discord, give the bot's role Kick, Ban, Moderate Members and View Audit Log."},
		{Key: "intents", Name: "Privileged intents",
			Fix: "In the developer portal, under Bot, turn on Server Members and Message Content."},
		{Key: "log_channel", Name: "Log channel", Fix: "Choose the channel in which members' reports arrive."},
		{Key: "first_rule", Name: "First rule",
			Fix: "Make a rule: ready-made ones need one press. A rule of Discord's own AutoMod counts as well."},
		{Key: "team", Name: "Team",
			Fix: "Give somebody besides the owner a role here, or say which Discord roles are moderators."},
	}
	for i := range checks[:done] {
		checks[i].Done = true
	}
	return checks
}

// Targets are people with short, long, hidden and missing names.
func Targets() []stats.Target {
	at := func(min int) time.Time { return Now.Add(-time.Duration(min) * time.Minute) }
	return []stats.Target{
		{Person: Person(31, "Mara Voss"), Actions: 9, Last: at(4)},
		{Person: Person(32, "xX_spam_lord_with_a_rather_long_name_Xx"), Actions: 7, Last: at(38)},
		{Person: Person(33, "evil\u202ename\u200b"), Actions: 4, Last: at(160)},
		{Person: stats.Person{ID: 34, Name: "Deleted User #482913", Gone: true, Known: true}, Actions: 2,
			Last: at(900)},
		{Person: stats.Person{ID: 35, Name: "User #120044"}, Actions: 1, Last: at(1300)},
	}
}

// Person is a user whose name is known.
func Person(id int64, name string) stats.Person {
	return stats.Person{ID: snowflake.UserID(id << 22), Name: name, Known: true}
}
