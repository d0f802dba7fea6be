package viewtest_test

import (
	"slices"

	"guildwatch/internal/access"
	"guildwatch/views/member"
	"guildwatch/views/viewtest"
	"guildwatch/views/violations"
	"guildwatch/views/warnings"
)

// moderated are the pages of what broke a guild's rules.
func moderated() []state {
	place := viewtest.ViolationsPlace(true)
	list := violations.List{Place: place, Rows: viewtest.Violations(), Older: violations.URL(viewtest.HarborID) + "?before=408"}
	page := viewtest.GuildPart("Pixel Harbor", "/violations")
	narrowed := violations.List{Place: place, Narrowed: true, Newest: violations.URL(viewtest.HarborID)}
	odd := viewtest.ViolationFilter()
	odd.Problem, odd.Dates = "No member's name begins like that.", "The first day comes after the last."
	return slices.Concat(cases(), warned(), analyses(), []state{
		{"violations.Page/all", violations.Page(violations.View{Page: page, Filter: violations.Filter{Guild: viewtest.HarborID}, List: list})},
		{"violations.Page/narrowed", violations.Page(violations.View{Page: page, Filter: odd, List: narrowed})},
		{"violations.Listed/none", violations.Listed(violations.List{Place: viewtest.ViolationsPlace(false)})},
		{"violations.Rows/all", violations.Rows(place, list.Rows)},
		{"violations.Who/bot", violations.Who(viewtest.HarborID, viewtest.Violations()[0].Who)},
	})
}

func cases() []state {
	rows := viewtest.Violations()
	whole, seen, nobody := viewtest.ViolationDetail(rows[0]), viewtest.ViolationDetail(rows[2]), viewtest.ViolationDetail(rows[4])
	whole.Act.Problem, whole.Act.Reason, whole.Act.Length = "Otto Lind has just done this. Nothing was done a second time.", "spam \"", "1440"
	whole.Note.Text, whole.Note.Problem = "", "A note has 1 to 1000 characters."
	seen.Case.Place, seen.Act, seen.Case.Notes = viewtest.ViolationsPlace(false), nil, nil
	seen.Page.Role, seen.Page.Operator = access.Viewer, false
	nobody.Act = &violations.ActForm{To: nobody.Act.To, Message: true, Nobody: true}
	mine := viewtest.ViolationDetail(rows[2]).Case
	return []state{
		{"violations.DetailPage/moderator", violations.DetailPage(whole)},
		{"violations.DetailPage/viewer", violations.DetailPage(seen)},
		{"violations.DetailPage/nobody", violations.DetailPage(nobody)},
		{"violations.Known/mine", violations.Known(mine)},
		{"violations.Known/shadow", violations.Known(viewtest.ViolationDetail(rows[1]).Case)},
		{"violations.Act/whole", violations.Act(*whole.Act)},
		{"violations.Actions/all", violations.Actions(mine.Place, rows[0].Actions, violations.URL(viewtest.HarborID)+"/412/undo", true)},
	}
}

// warned are the pages of warnings and of members.
func warned() []state {
	page := viewtest.GuildPart("Pixel Harbor", "/warnings")
	list, seen := viewtest.WarningList(true), viewtest.WarningList(false)
	looker := page
	looker.Role, looker.Operator = access.Viewer, false
	view := warnings.View{Page: page, List: list, Filter: warnings.Filter{Guild: viewtest.HarborID, Text: "spam\"", State: warnings.StateCounting},
		Clear: &warnings.ClearForm{Row: list.Rows[0], Reason: "a \"b\"", Problem: "Otto Lind has cleared this warning already."},
		Bulk:  warnings.BulkForm{Day: "2026-13-01", Reason: "old", Problem: "Write a day as year, month, day: 2026-03-14."}}
	stranger, refused := viewtest.MemberPage(), viewtest.MemberPage()
	stranger.Card, stranger.Act = viewtest.Card(false), nil
	refused.Clear = member.ClearForm{Reason: "x", Problem: "A reason has at most 400 characters."}
	return []state{
		{"warnings.Page/moderator", warnings.Page(view)},
		{"warnings.Page/viewer", warnings.Page(warnings.View{Page: looker, List: seen, Filter: warnings.Filter{Guild: viewtest.HarborID}})},
		{"warnings.Listed/none", warnings.Listed(warnings.List{Place: list.Place})},
		{"warnings.Listed/narrowed", warnings.Listed(warnings.List{Place: list.Place, Narrowed: true, Newest: "/"})},
		{"warnings.Rows/all", warnings.Rows(list.Place, list.Rows)},
		{"member.Page/moderator", member.Page(viewtest.MemberPage())},
		{"member.Page/refused", member.Page(refused)},
		{"member.Page/stranger", member.Page(stranger)},
		{"member.Current/known", member.Current(viewtest.Card(true))},
	}
}
