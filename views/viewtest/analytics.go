package viewtest

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/stats"
	"guildwatch/views/analytics"
)

// Analytics is the week of the busy server: everything occurs, and names try what names try.
func Analytics() *stats.Analytics {
	span := stats.Span{From: Now.Truncate(15 * time.Minute).Add(-7 * 24 * time.Hour),
		Until: Now.Truncate(15 * time.Minute).Add(15 * time.Minute)}
	return &stats.Analytics{
		At: Now, Seq: 4711, TimeZone: "Europe/Lisbon", Profile: moderation.Guild{ID: HarborID, Name: "Pixel Harbor"},
		Window:   stats.Window{Period: stats.PeriodWeek, Span: span},
		Temporal: temporal(span),
		Kinds:    []stats.Share{{Key: "words", Count: 31, Part: 0.5}, {Key: "regex"}, {Key: "automod_spam", Count: 30, Part: 0.48}, {Key: "other", Count: 1, Part: 0.02}},
		Rules:    effects(),
		Timeline: stats.Timeline{Cut: true, Since: Now.Add(-30 * time.Hour), Moments: []stats.Moment{
			{Kind: stats.MomentOutage, From: Now.Add(-time.Minute)},
			{Kind: stats.MomentBurst, From: Now.Add(-time.Hour), Until: Now.Add(-57 * time.Minute), Violations: 14},
			{Kind: stats.MomentRaid, From: Now.Add(-3 * time.Hour), Until: Now.Add(-2 * time.Hour), Number: 3},
			{Kind: stats.MomentChange, From: Now.Add(-4 * time.Hour), Until: Now.Add(-4 * time.Hour),
				By: Person(33, "evil\u202ename\u200b<script>"), Action: "rule.saved", Target: "Slurs \u202e<b>"},
			{Kind: stats.MomentChange, From: Now.Add(-5 * time.Hour), Until: Now.Add(-5 * time.Hour), Action: "made.up"},
			{Kind: stats.MomentGap, From: Now.Add(-6 * time.Hour), Until: Now.Add(-5 * time.Hour), Target: "guildwatch was not running"}}},
		Members: stats.Members{Repeat: stats.Repeat{One: 1, Two: 4, More: 2}, Active: 2104,
			Change:    [3]stats.Change{stats.Compare(1, 0), stats.Compare(4, 5), stats.Unknown("needs two weeks of history")},
			Moderated: figure(4.2, stats.Compare(4.2, 3.9)), Offenders: Guild(stats.PeriodWeek).Offenders},
		Workload: stats.Workload{Others: 3,
			Moderators: []stats.Worker{{Person: Person(31, "Mara Voss"), Actions: 40, ByKind: [8]int64{1, 20, 10, 8, 0, 1}, Hours: 12},
				{Person: Person(33, "evil\u202ename<script>"), Hours: 2}},
			Responses: stats.Responses{Median: figure(149, stats.Compare(149, 140)), P95: figure(462, stats.Compare(462, 462))},
			Answers: []stats.Answer{{Rule: "rule:2", Name: "Slurs \u202e<b>", Severity: moderation.SeverityHigh, Total: 5,
				ByKind: [8]int64{0, 0, 2, 3}, Usual: moderation.ActionTimeout, Share: 0.6}},
		},
	}
}

// temporal is a week with every mark of the charts in it.
func temporal(span stats.Span) stats.Temporal {
	t := stats.Temporal{Violations: figure(62, stats.Compare(62, 48)), Moderators: 2, WroteSince: Now.Add(-50 * time.Hour),
		Unattended: []stats.Unattended{{From: 5*24 + 2, Until: 5*24 + 5, Violations: 14}, {From: 6*24 + 22, Until: 7*24 + 3, Violations: 3}}}
	for weekday := range t.Heatmap.Slots {
		for hour := range 24 {
			t.Heatmap.Slots[weekday][hour] = stats.Slot{Violations: int64(weekday * hour / 12), Hours: 1,
				Attended: weekday % 2, Missed: weekday == 2 && hour == 9}
		}
	}
	t.Heatmap.Slots[0][0] = stats.Slot{}
	t.Heatmap.Slots[6][23].Violations, t.Heatmap.Top = 1240, 1240
	t.Heatmap.Peaks = []stats.Peak{{Weekday: time.Sunday, Hour: 23, Violations: 1240}, {Weekday: time.Saturday, Hour: 23, Violations: 9}}
	t.Series = stats.Series{Step: stats.StepHour, Weeks: 8}
	for at := span.From; at.Before(span.Until); at = at.Add(time.Hour) {
		n := int64(len(t.Series.Points) % 9)
		p := stats.Point{From: at, Until: at.Add(time.Hour), Violations: n, Missed: n == 4 && at.Hour() == 9,
			Running: at.Add(time.Hour).After(Now)}
		if n != 7 {
			p.Usual = stats.Usual{Known: true, Weeks: 8, Low: 1, Median: 3, High: 5.5}
		}
		t.Series.Points = append(t.Series.Points, p)
	}
	for i := 0; i < len(t.Series.Points); i += 6 {
		p := t.Series.Points[i]
		p.Until, p.Violations = p.From.Add(6*time.Hour), 6*p.Violations
		p.Usual = stats.Usual{Known: p.Usual.Known, Weeks: 8, Low: 9, Median: 18.5, High: 27}
		t.Series.Few = append(t.Series.Few, p)
	}
	return t
}

func effects() []stats.RuleEffect {
	label := func(number int64, name string, mode rule.Mode) stats.RuleLabel {
		return stats.RuleLabel{Rule: "rule:2", Source: moderation.SourceRule, Number: number, Version: 4, Name: name, Mode: mode,
			Kind: rule.Words, Severity: moderation.SeverityHigh}
	}
	native := stats.RuleLabel{Rule: "automod:81", Source: moderation.SourceAutoMod, Name: "Links <b>", Mode: rule.Off}
	gone := label(3, "Gone", rule.Enforce)
	gone.Deleted = true
	return []stats.RuleEffect{
		{RuleLabel: label(2, "Slurs \u202e\"><script>alert(1)</script>", rule.Enforce), Change: stats.Compare(31, 24),
			Found: stats.RuleFound{BySeverity: [4]int64{0, 2, 29, 0}, FalsePositives: 3},
			Wrong: stats.Part{Known: true, Share: 0.088, Low: 0.03, High: 0.23, Of: 34},
			Marks: []stats.MarkPoint{{Version: 4, At: Now.Add(-4 * time.Hour), By: Person(31, "Mara Voss"), Note: "too <b>mild</b>"}}},
		{RuleLabel: gone, Found: stats.RuleFound{BySeverity: [4]int64{1}}, Change: stats.Compare(1, 0)},
		{RuleLabel: label(4, "Shouting", rule.Shadow), Found: stats.RuleFound{Shadow: 82}, Change: stats.Unknown("needs two weeks of history")},
		{RuleLabel: native, Change: stats.Compare(0, 3)},
	}
}

// NoAnalytics is a server that has just come: nothing is known.
func NoAnalytics() *stats.Analytics {
	a := &stats.Analytics{At: Now, TimeZone: "Asia/Kathmandu", Profile: moderation.Guild{ID: HarborID, Name: "Small Talk"},
		Window: stats.Window{Period: stats.PeriodCustom, Span: stats.Span{From: Now.Add(-2*time.Hour - 4*time.Minute - 5*time.Second), Until: Now},
			Asked: stats.Span{From: Now.Add(-2 * time.Hour), Until: Now.Add(-time.Minute)}}}
	why := stats.Unknown("the time before was not watched")
	a.Temporal.Violations = figure(0, why)
	a.Temporal.Series = stats.Series{Step: stats.StepQuarter, Points: []stats.Point{{From: Now.Add(-15 * time.Minute), Until: Now}}}
	a.Temporal.Series.Few = a.Temporal.Series.Points
	a.Members.Change = [3]stats.Change{why, why, why}
	a.Members.Moderated = stats.Figure{Why: "nobody was active this month", Change: stats.Unknown("nobody was active this month")}
	none := stats.Figure{Why: "no rule has acted in this time", Change: stats.Unknown("no rule has acted in this time")}
	a.Workload.Responses = stats.Responses{Median: none, P95: none}
	return a
}

// UnseenAnalytics is a time of which nothing is known: guildwatch did not watch yet. There are rules now.
func UnseenAnalytics() *stats.Analytics {
	const why = "guildwatch did not watch yet"
	a := NoAnalytics()
	a.Temporal.Unknown, a.Members.Unknown = why, why
	a.Temporal.Violations = stats.Figure{Why: why}
	a.Temporal.Series.Points[0].Missed = true
	for _, e := range effects() {
		e.Found, e.Wrong, e.Marks, e.Change = stats.RuleFound{}, stats.Part{}, nil, stats.Unknown("the time before was not watched")
		a.Rules = append(a.Rules, e)
	}
	return a
}

// AnalyticsView is the page around figures.
func AnalyticsView(a *stats.Analytics) analytics.View {
	return analytics.View{Page: GuildPart("Pixel Harbor", "/analytics"), Analytics: a}
}
