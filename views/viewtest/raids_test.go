package viewtest_test

import (
	"time"

	core "guildwatch/internal/moderation/raid"
	"guildwatch/views/layout"
	"guildwatch/views/raid"
	"guildwatch/views/viewtest"
)

// raids are raid mode in every state, and the report about a raid.
func raids() []state {
	rows := viewtest.Raids()
	alone := viewtest.RaidReport(nil)
	alone.Act, alone.Clusters, alone.Members.Rows, alone.Members.Older = nil, nil, nil, ""
	alone.Facts.Raid, alone.Facts.Ages, alone.Facts.Counts = rows[3], raid.Ages{}, raid.Counts{}
	expected, quiet, refused := viewtest.RaidNow(true, nil), viewtest.RaidNow(true, nil), viewtest.RaidNow(true, nil)
	expected.Chosen.Expected = viewtest.Now.Add(6 * time.Hour)
	quiet.Chosen.Preset = core.Off
	refused.Problem, refused.Chosen.Preset = "Raid mode is off already.", core.Sensitive
	return []state{
		{"layout.RaidOn/on", layout.RaidOn(viewtest.HarborID, 9)},
		{"layout.RaidOn/off", layout.RaidOn(viewtest.HarborID, 0)},
		{"raid.Page/on", raid.Page(viewtest.RaidPage())},
		{"raid.Current/looker", raid.Current(viewtest.RaidNow(false, &rows[0]))},
		{"raid.Current/stuck", raid.Current(viewtest.RaidNow(true, &rows[1]))},
		{"raid.Current/expected", raid.Current(expected)},
		{"raid.Current/off", raid.Current(quiet)},
		{"raid.Current/refused", raid.Current(refused)},
		{"raid.Before/none", raid.Before(raid.Past{Place: viewtest.RaidPlace(true)})},
		{"raid.ReportPage/plan", raid.ReportPage(viewtest.RaidReport(viewtest.RaidPlan()))},
		{"raid.ReportPage/expected", raid.ReportPage(alone)},
		{"raid.Happened/kept", raid.Happened(raid.Facts{Place: viewtest.RaidPlace(false), Raid: rows[2]})},
		{"raid.Listed/none", raid.Listed(raid.Members{Place: viewtest.RaidPlace(false), Raid: 3})},
	}
}
