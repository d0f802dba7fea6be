package viewtest_test

import (
	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/edition"
	"guildwatch/internal/stats"
	"guildwatch/views/reports"
	"guildwatch/views/viewtest"
)

// reported are the pages of reports.
func reported() []state {
	admin := viewtest.Reports()
	viewer := viewtest.Reports()
	viewer.Form, viewer.Now.May, viewer.Page.Role = nil, false, access.Viewer
	made := viewtest.Reports()
	made.Key = &reports.Key{Name: "Archive", Text: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
	none := viewtest.Reports()
	none.Now.Destinations = nil
	for i := range none.Now.Schedules {
		none.Now.Schedules[i] = reports.Schedule{Cadence: none.Now.Schedules[i].Cadence, Hour: -1}
	}
	none.Failed = "The test did not arrive. It did not answer within 10s."
	refused := *admin.Form
	refused.Kind, refused.Name = "email", "The <team>"
	refused.Problems = reports.Problems{Form: "There are 10 already. Remove one first.", Name: "Give it a name.",
		Address: "This is no mail address. It looks like name@example.org."}
	unscheduled := none.Now
	unscheduled.Destinations = admin.Now.Destinations[:1]

	begun := viewtest.Report()
	empty := begun.Review.Edition.Add(1)
	begun.Review = stats.Review{At: viewtest.Now, Edition: empty, Running: true, Begins: true, TimeZone: "UTC",
		Profile: moderation.Guild{ID: viewtest.HarborID, Name: "Pixel Harbor"}}
	month := viewtest.Report()
	month.Review.Edition, _ = edition.Parse(edition.Monthly, "2026-02-01")
	return []state{
		{"reports.Page/admin", reports.Page(admin)},
		{"reports.Page/viewer", reports.Page(viewer)},
		{"reports.Page/made", reports.Page(made)},
		{"reports.Page/none", reports.Page(none)},
		{"reports.Destinations/unscheduled", reports.Destinations(unscheduled)},
		{"reports.Add/refused", reports.Add(admin.Now, refused)},
		{"reports.ReportPage/day", reports.ReportPage(viewtest.Report())},
		{"reports.ReportPage/begun", reports.ReportPage(begun)},
		{"reports.ReportPage/month", reports.ReportPage(month)},
	}
}
