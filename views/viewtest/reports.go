package viewtest

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/edition"
	"guildwatch/internal/stats"
	"guildwatch/views/reports"
	"guildwatch/views/ui"
)

// day is an edition; only for what can be read.
func day(cadence edition.Cadence, date string) edition.Edition {
	e, err := edition.Parse(cadence, date)
	if err != nil {
		panic(err)
	}
	return e
}

// Reports is the page of reports as an admin sees it, with a destination in each state.
func Reports() reports.View {
	now := reports.Now{Guild: HarborID, At: Now, Seq: 4711, TimeZone: "America/Argentina/Buenos_Aires", May: true,
		Schedules: []reports.Schedule{{Cadence: edition.Daily, Hour: 7, Next: Now.Add(9 * time.Hour)},
			{Cadence: edition.Weekly, Hour: 0, Next: Now.Add(60 * time.Hour)}, {Cadence: edition.Monthly, Hour: -1}},
		Destinations: []reports.Destination{
			{Number: 1, Kind: "discord", Name: "Staff channel\u202e<b>", Shown: "discord.com/…x7Qz", Daily: true, Weekly: true,
				Monthly: true, Last: Now.Add(-5 * time.Hour)},
			{Number: 2, Kind: "email", Name: "The team", Shown: "s…@mod.example.org", Weekly: true},
			{Number: 4, Kind: "webhook", Name: "Archive with a name that is really rather long for a phone", Daily: true,
				Shown: "hooks.example.org/…9f3a", Rests: Now.Add(20 * time.Minute), Last: Now.Add(-40 * time.Minute),
				Detail: "The other side answered 503 Service Unavailable."},
			{Number: 5, Kind: "webhook", Name: "Old one", Shown: "old.example.org/…0000", Last: Now.Add(-30 * time.Hour),
				Stopped: "There is nothing at this address any more.", Detail: "There is nothing at this address any more."},
			{Number: 6, Kind: "webhook", Name: "Wobbly", Shown: "wobbly.example.org/…1111", Daily: true, Monthly: true,
				Last: Now.Add(-time.Hour), Detail: "It did not answer within 10s."},
		}}
	for _, e := range []edition.Edition{day(edition.Daily, "2026-03-14"), day(edition.Weekly, "2026-03-14"),
		day(edition.Monthly, "2026-03-14")} {
		for back := range 4 {
			now.Editions = append(now.Editions, e.Add(-back))
		}
	}
	return reports.View{Page: GuildPart("Pixel Harbor", "/reports"), Now: now, Form: &reports.Form{Daily: true, Weekly: true,
		Monthly: true, Kinds: []ui.Option{{Value: "discord", Label: "A channel in Discord, by its webhook"}, {Value: "email", Label: "E-mail"}},
		Missing: []string{"Webhooks of other services are not allowed by whoever runs guildwatch."}}}
}

// Report is the report of a day that is over.
func Report() reports.ReportView {
	e := day(edition.Daily, "2026-03-13")
	r := stats.Review{At: Now, Seq: 4711, Edition: e, TimeZone: "Europe/Berlin",
		Profile: moderation.Guild{ID: HarborID, Name: "Pixel Harbor"},
		Figures: stats.Figures{
			Messages: figure(12431, stats.Compare(12431, 11059)), Commands: figure(312, stats.Compare(312, 287)),
			Joins: figure(44, stats.Compare(44, 44)), Leaves: figure(12, stats.Compare(12, 0)),
			Violations: figure(63, stats.Compare(63, 71)), Rate: figure(5.1, stats.Compare(5.1, 6.4)),
			Actions: figure(118, stats.Compare(118, 120)), ResponseMedian: figure(142, stats.Compare(142, 160)),
			ResponseP95: figure(480, stats.Compare(480, 430)),
			Severity: []stats.Share{{Key: "low", Count: 12, Part: 0.19}, {Key: "medium", Count: 40, Part: 0.63},
				{Key: "high", Count: 11, Part: 0.18}, {Key: "critical"}},
			FoundBySource: []stats.Share{{Key: "rule", Count: 20, Part: 0.32}, {Key: "automod", Count: 43, Part: 0.68}},
			ByKind:        []stats.Share{{Key: "delete", Count: 70, Part: 0.6}, {Key: "warn", Count: 40, Part: 0.33}, {Key: "ban", Count: 8, Part: 0.07}},
			BySource:      []stats.Share{{Key: "rule", Count: 90, Part: 0.76}, {Key: "audit", Count: 28, Part: 0.24}},
			Repeat:        stats.Repeat{One: 1, Two: 0, More: 1},
		},
		Rules: []stats.RuleReview{{Key: "automod:7", Name: "Scam links", Source: moderation.SourceAutoMod, Counted: 43, Before: 50},
			{Key: "rule:1", Name: "Words\u202e<i>", Source: moderation.SourceRule, Counted: 18, Before: 21, FalsePositives: 2},
			{Key: "rule:9", Source: moderation.SourceRule, Counted: 2}, {Key: "automod:8", Source: moderation.SourceAutoMod, Shadow: 3}},
		Offenders: []stats.Offender{{Person: Person(32, "xX_spam_lord_with_a_rather_long_name_Xx"), Violations: 7},
			{Person: stats.Person{ID: 33 << 22, Name: "Deleted User #123456", Gone: true, Known: true}, Violations: 1}},
		Gaps: []stats.Gap{{From: Now.Add(-30 * time.Hour), To: Now.Add(-29 * time.Hour), Reason: "Discord ended the session"}},
	}
	for _, kind := range []moderation.ActionKind{moderation.ActionWarn, moderation.ActionTimeout, moderation.ActionKick, moderation.ActionBan} {
		r.Endings = append(r.Endings, stats.Ending{Kind: kind, Share: figure(25, stats.Compare(25, 20))})
	}
	return reports.ReportView{Page: GuildPart("Pixel Harbor", "/reports/daily?date=2026-03-13"), Review: r}
}
