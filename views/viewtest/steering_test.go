package viewtest_test

import (
	"guildwatch/internal/access"
	"guildwatch/views/audit"
	"guildwatch/views/imports"
	"guildwatch/views/instance"
	"guildwatch/views/settings"
	"guildwatch/views/team"
	"guildwatch/views/ui"
	"guildwatch/views/viewtest"
)

// steering are the pages on which a guild, and the instance, are steered.
func steering() []state {
	var all []state
	for _, some := range [][]state{teams(), audits(), settled(), instances(), ruled(), moved()} {
		all = append(all, some...)
	}
	return append(all,
		state{"ui.Notice/bad", ui.Notice(ui.Bad, "Somebody changed this meanwhile.")},
		state{"ui.Notice/good", ui.Notice(ui.Good, "Saved.")},
		state{"ui.On/zone", ui.On(ui.Moment{At: viewtest.Now, Now: viewtest.Now, Zone: ui.Zone("Asia/Kolkata")})},
		state{"ui.Dated/zone", ui.Dated(ui.Moment{At: viewtest.Now, Now: viewtest.Now, Zone: ui.Zone("Asia/Kolkata")})},
		state{"ui.Role/coloured", ui.Role(viewtest.Staff)},
		state{"ui.Role/gone", ui.Role(viewtest.Lost)},
		state{"ui.Input/groups", ui.Input(ui.Field{Name: "channel", Label: "Channel", Value: "12",
			Options: []ui.Option{{Label: "None"}, {Value: "11", Label: "#a", Group: "A & B"}, {Value: "12", Label: "#b", Group: "A & B"}}})},
		state{"ui.Pager/newest", ui.Pager(ui.Pages{Newest: "?", Older: "?before=3"})},
	)
}

func teams() []state {
	owners, looker := viewtest.TeamOf(), viewtest.TeamOf()
	owners.Page.Flash = "Mara \u202eVoss is moderator now."
	change := viewtest.TeamChange()
	owners.Change = &change
	looker.Page.Role, looker.Page.Operator = access.Admin, false
	looker.Team = viewtest.Team(false)
	empty := team.Team{Guild: viewtest.HarborID, At: viewtest.Now, Owner: true}
	refused, fixed := change, change
	refused.To, refused.Problem, refused.Stays = access.Owner, "Somebody was faster: <b> is admin now.", access.None
	fixed.Fixed = "This is you: another owner changes your role."
	mapped := team.Change{Subject: access.HoldersOf(9), Discord: viewtest.Forged}
	return []state{
		{"team.Page/owner", team.Page(owners)},
		{"team.Page/admin", team.Page(looker)},
		{"team.People/owner", team.People(viewtest.Team(true))},
		{"team.People/none", team.People(empty)},
		{"team.Form/refused", team.Form(empty, refused)},
		{"team.Form/fixed", team.Form(empty, fixed)},
		{"team.Form/discord-role", team.Form(empty, mapped)},
		{"team.Form/everyone", team.Form(empty, team.Change{Subject: access.HoldersOf(1),
			Discord: ui.DiscordRole{Name: "@everyone"}, Everyone: true})},
		{"team.Give/found", team.Give(empty, viewtest.TeamSearch())},
		{"team.Give/nobody", team.Give(empty, team.Search{Text: "\"><script>"})},
		{"team.Give/start", team.Give(empty, team.Search{})},
	}
}

func moved() []state {
	none, done, known := viewtest.Imports(), viewtest.ImportPreview(), viewtest.ImportPreview()
	none.List.Rows, none.Form.Problem = nil, ""
	done.Row.State, done.Kinds, done.Samples, done.Columns, done.Problem = "done", nil, nil, nil, ""
	done.Known, done.Twice = 0, 0
	undone, broken, held := done, known, done
	undone.Row.State, undone.Row.Name = "undone", ""
	held.Row.State, held.Row.Held = "undoing", true
	known.Unnamed, known.Old, known.KeptDays = 1, 1200, 365
	known.Known, known.Twice, known.Columns, known.Problem = 42, 0, nil, ""
	broken.Row.State, broken.Known, broken.Twice, broken.Columns, broken.Problem = "running", 42, 0, nil, ""
	return []state{
		{"imports.Page/states", imports.Page(viewtest.Imports())},
		{"imports.History/none", imports.History(none.List)},
		{"imports.PreviewPage/draft", imports.PreviewPage(viewtest.ImportPreview())},
		{"imports.PreviewPage/known", imports.PreviewPage(known)},
		{"imports.PreviewPage/broken", imports.PreviewPage(broken)},
		{"imports.PreviewPage/done", imports.PreviewPage(done)},
		{"imports.PreviewPage/undone", imports.PreviewPage(undone)},
		{"imports.PreviewPage/held", imports.PreviewPage(held)},
	}
}

func audits() []state {
	log := viewtest.Audit()
	later := log
	later.Newest, later.Older = audit.URL(log.Guild), audit.URL(log.Guild)+"?before=1197"
	none, narrowed := audit.List{Guild: log.Guild, At: log.At}, audit.List{Guild: log.Guild, At: log.At, Narrowed: true}
	page := viewtest.GuildPart("Pixel Harbor", "/audit")
	odd := viewtest.AuditFilter()
	odd.Person, odd.Problem, odd.Dates = "\"><script>", "Nobody here is called that.", "The first day comes after the last."
	return []state{
		{"audit.Page/all", audit.Page(audit.View{Page: page, List: later, Filter: audit.Filter{Guild: log.Guild}})},
		{"audit.Page/narrowed", audit.Page(audit.View{Page: page, List: narrowed, Filter: viewtest.AuditFilter()})},
		{"audit.Page/odd", audit.Page(audit.View{Page: page, List: none, Filter: odd})},
		{"audit.Log/rows", audit.Log(log)},
		{"audit.Log/none", audit.Log(none)},
		{"audit.Rows/all", audit.Rows(log)},
	}
}

func settled() []state {
	edited, seen := viewtest.Settings(), viewtest.Settings()
	seen.Form, seen.Page.Role, seen.Page.Operator = nil, access.Viewer, false
	problem := *edited.Form
	problem.TimeZone, problem.Channel = "Mars/Olympus <b>", "13"
	problem.Problems = settings.Problems{Form: "Nothing was saved.", TimeZone: "There is no such time zone.",
		Channel: "The bot needs Send Messages in #news."}
	unset, gone := seen.Now, seen.Now
	unset.Log, gone.Log.Name = settings.Channel{}, ""
	return []state{
		{"settings.Page/admin", settings.Page(edited)},
		{"settings.Page/viewer", settings.Page(seen)},
		{"settings.Current/set", settings.Current(seen.Now)},
		{"settings.Current/unset", settings.Current(unset)},
		{"settings.Current/gone", settings.Current(gone)},
		{"settings.Keep/refused", settings.Keep(seen.Now, *viewtest.Settings().Keep)},
		{"settings.Edit/problems", settings.Edit(seen.Now, problem)},
	}
}

func instances() []state {
	set, unset, fixed := viewtest.Instance(), viewtest.Instance(), viewtest.Instance()
	unset.Secret = instance.Secret{Problem: "This is no client secret."}
	unset.Mail = instance.Mail{}
	unset.Log.Rows, unset.Chain = nil, instance.Chain{}
	fixed.Secret.Lost = true
	fixed.Secret.Fixed, fixed.Chain.Rows = "It is set by DISCORD_CLIENT_SECRET, which wins over this page.", 1
	return []state{
		{"instance.Page/set", instance.Page(set)},
		{"instance.Page/unset", instance.Page(unset)},
		{"instance.Page/fixed", instance.Page(fixed)},
		{"instance.Parts/mixed", instance.Parts(set.State)},
	}
}
