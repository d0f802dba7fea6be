package viewtest_test

import (
	"time"

	"guildwatch/internal/stats"
	"guildwatch/views/analytics"
	"guildwatch/views/chart"
	"guildwatch/views/period"
	"guildwatch/views/ui"
	"guildwatch/views/viewtest"
)

// analyses are the page of analytics, whole, empty and failed, and its parts.
func analyses() []state {
	busy, none, unseen := viewtest.Analytics(), viewtest.NoAnalytics(), viewtest.UnseenAnalytics()
	odd := viewtest.AnalyticsView(busy)
	odd.Chosen = period.Chosen{From: "2026-03-14T12:00", To: "yester\"day", Problem: "The time must begin before it ends."}
	lost := viewtest.AnalyticsView(&stats.Analytics{Window: busy.Window})
	lost.Failed = failed
	week := period.View{URL: "/g/1/analytics", Window: busy.Window, At: viewtest.Now, Zone: ui.Zone("Asia/Tokyo"), Dated: true}
	blind := viewtest.Analytics()
	blind.Temporal.Unattended = nil
	blind.Temporal.Heatmap.Slots[2][9] = stats.Slot{Violations: 4, Hours: 1, Missed: true, Unseen: 1}
	running := viewtest.NoAnalytics()
	running.Window.Span.Until = viewtest.Now.Add(9 * time.Minute)
	all := []state{
		{"period.Head/dated", period.Head(week)},
		{"period.Form/closed", period.Form(week)},
		{"period.RowsFrom/some", period.RowsFrom(ui.Moment{At: viewtest.Now, Now: viewtest.Now, Zone: week.Zone}, "Who broke rules")},
		{"period.RowsFrom/none", period.RowsFrom(ui.Moment{}, "Who broke rules")},
		{"analytics.Page/busy", analytics.Page(viewtest.AnalyticsView(busy))},
		{"analytics.Page/none", analytics.Page(viewtest.AnalyticsView(none))},
		{"analytics.Page/odd", analytics.Page(odd)},
		{"analytics.Page/failed", analytics.Page(lost)},
		{"analytics.Week/blind", analytics.Week(blind)},
		{"analytics.Kinds/running", analytics.Kinds(running)},
		{"chart.Line/week", chart.Line(chart.Series{ID: "v", Title: "Violations", Series: busy.Temporal.Series, Zone: ui.Zone("Asia/Tokyo")})},
		{"chart.Line/empty", chart.Line(chart.Series{ID: "v", Title: "Violations"})},
		{"chart.Hours/violations", chart.Hours(chart.Week{ID: "w", Title: "Violations", Map: &busy.Temporal.Heatmap})},
		{"chart.Hours/attended", chart.Hours(chart.Week{ID: "w", Title: "Moderators", Map: &busy.Temporal.Heatmap, Attended: true})},
	}
	for _, figures := range []struct {
		name string
		*stats.Analytics
	}{{"busy", busy}, {"none", none}, {"unseen", unseen}} {
		all = append(all, state{"analytics.Series/" + figures.name, analytics.Series(figures.Analytics)},
			state{"analytics.Week/" + figures.name, analytics.Week(figures.Analytics)},
			state{"analytics.Rules/" + figures.name, analytics.Rules(figures.Analytics)},
			state{"analytics.Kinds/" + figures.name, analytics.Kinds(figures.Analytics)},
			state{"analytics.Timeline/" + figures.name, analytics.Timeline(figures.Analytics)},
			state{"analytics.Members/" + figures.name, analytics.Members(figures.Analytics)},
			state{"analytics.Workload/" + figures.name, analytics.Workload(figures.Analytics)})
	}
	return all
}
