package viewtest_test

import (
	"guildwatch/views/exports"
	"guildwatch/views/ui"
	"guildwatch/views/viewtest"
)

// taken are the pages from which people take out what a guild has recorded.
func taken() []state {
	wrong := viewtest.ExportForm("violations")
	wrong.Member, wrong.Nobody = "\"><script>", "No member's name begins like that."
	wrong.From, wrong.Dates = "2026-13-01", "Write a day as year, month, day: 2026-03-14."
	wrong.Problem = "There is no such rule here. Choose one, or every rule."
	page := viewtest.ExportsPage()
	page.List.Rows = nil
	all := []state{
		{"exports.Page/full", exports.Page(viewtest.ExportsPage())},
		{"exports.Page/empty", exports.Page(page)},
		{"exports.Ask/wrong", exports.Ask(wrong)},
		{"exports.History/full", exports.History(viewtest.Exports())},
		{"exports.History/none", exports.History(page.List)},
		{"ui.Export/may", ui.Export("/g/1/exports?what=violations&text=%22%3E%3Cscript%3E")},
		{"ui.Export/may-not", ui.Export("")},
	}
	for _, what := range page.Form.Whats[1:] {
		all = append(all, state{"exports.Ask/" + what, exports.Ask(viewtest.ExportForm(what))})
	}
	return all
}
