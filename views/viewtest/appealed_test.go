package viewtest_test

import (
	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/views/appeals"
	"guildwatch/views/layout"
	"guildwatch/views/viewtest"
	"guildwatch/views/violations"
)

// appealed are the pages of what members say against what was done about them.
func appealed() []state {
	page := viewtest.GuildPart("Pixel Harbor", "/appeals")
	page.OpenAppeals = 3
	list := viewtest.AppealList()
	all := viewtest.Appeals()
	refused := viewtest.AppealPage(all[0])
	refused.Decide = &appeals.DecideForm{Answer: "no \"way\"", Problem: "Otto Lind has approved this appeal already."}
	seen := viewtest.AppealPage(all[1])
	seen.Decide, seen.Case.Row, seen.Past = nil, nil, appeals.Past{Next: "a warning"}
	seen.Case.Told = moderation.Notice{State: moderation.NoticeSaid, Problem: "In place of the first message."}
	seen.Page.Role, seen.Page.Operator = access.Viewer, false
	forgotten, refusedThread := viewtest.AppealPage(all[3]).Case, viewtest.AppealPage(all[2]).Case
	refusedThread.Thread = moderation.Notice{State: moderation.NoticeRefused, Problem: "There is no thread, because no log channel is chosen in the settings."}
	refusedThread.Told = moderation.Notice{State: moderation.NoticeRefused, Problem: "The member could not be told."}
	return []state{
		{"layout.OpenAppeals/some", layout.OpenAppeals(1234)},
		{"layout.OpenAppeals/none", layout.OpenAppeals(0)},
		{"violations.Appeals/all", violations.Appeals(list.Place, all)},
		{"appeals.Page/all", appeals.Page(appeals.View{Page: page, List: list})},
		{"appeals.Listed/none", appeals.Listed(appeals.List{Place: list.Place})},
		{"appeals.Listed/narrowed", appeals.Listed(appeals.List{Place: list.Place, State: moderation.AppealDenied, Closed: true, Newest: "/"})},
		{"appeals.DetailPage/moderator", appeals.DetailPage(viewtest.AppealPage(all[0]))},
		{"appeals.DetailPage/refused", appeals.DetailPage(refused)},
		{"appeals.DetailPage/viewer", appeals.DetailPage(seen)},
		{"appeals.Known/forgotten", appeals.Known(forgotten)},
		{"appeals.Known/denied", appeals.Known(refusedThread)},
	}
}
