package viewtest_test

import (
	"time"

	"github.com/a-h/templ"

	"guildwatch/internal/access"
	"guildwatch/internal/frame"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/health"
	"guildwatch/internal/stats"
	"guildwatch/views/chart"
	"guildwatch/views/errorpage"
	"guildwatch/views/event"
	"guildwatch/views/guild"
	"guildwatch/views/layout"
	"guildwatch/views/overview"
	"guildwatch/views/period"
	"guildwatch/views/start"
	"guildwatch/views/told"
	"guildwatch/views/ui"
	"guildwatch/views/viewtest"
)

// state is a component with something to show. The name begins with package and component.
type state struct {
	name      string
	component templ.Component
}

const failed = "The figures could not be read just now."

func states() []state {
	var all []state
	for _, some := range [][]state{pages(), overviews(), guilds(), rows(), charts(), parts(), steering(), taken(), doors(), moderated(), appealed(), reported(), raids()} {
		all = append(all, some...)
	}
	return all
}

// pages are whole documents.
func pages() []state {
	front := viewtest.Page("Overview", "/")
	harbor := viewtest.GuildPage(viewtest.HarborID, "Pixel Harbor", "?period=week")
	looker := viewtest.GuildPage(viewtest.HarborID, "Pixel Harbor", "")
	looker.Operator, looker.Role, looker.LookAs, looker.Demo = false, access.Viewer, "", false
	nobody := layout.Page{Title: "Sign in", Path: "/sign-in", Now: viewtest.Now, Version: "0.1.0"}
	account := viewtest.GuildPage(viewtest.HarborID, "Pixel Harbor", "")
	account.LookAs, account.Demo, account.Account = "", false, true
	notes := account
	for i, kind := range []string{"export.done", "export.failed", "export.aborted", "export.cancelled", "export.expired"} {
		note, _ := told.Note(viewtest.HarborID, told.Fact{Number: int64(7 + i), At: viewtest.Now, Kind: kind, Subject: "A",
			About: "top-offenders"})
		notes.Notes = append(notes.Notes, note)
	}
	lonely := viewtest.Page("Your servers", "/servers")
	lonely.Guilds, lonely.Live = nil, ""
	listed := viewtest.Page("Your servers", "/servers")
	listed.Live = ""
	away := viewtest.Guild(stats.PeriodDay)
	away.Outage, away.Checklist = viewtest.Now.Add(-40*time.Minute), nil
	return []state{
		{"layout.Shell/plain", layout.Shell(nobody)},
		{"layout.Shell/account", layout.Shell(account)},
		{"layout.Shell/notes", layout.Shell(notes)},
		{"overview.Page/busy", overview.Page(overview.View{Page: front, Overview: viewtest.Overview()})},
		{"overview.Page/new", overview.Page(overview.View{Page: front, Overview: viewtest.NewOverview()})},
		{"overview.Page/failed", overview.Page(overview.View{Page: front, Failed: failed})},
		{"guild.Page/week", guild.Page(guild.View{Page: harbor, Guild: viewtest.Guild(stats.PeriodWeek)})},
		{"guild.Page/chosen", guild.Page(guild.View{Page: harbor, Guild: viewtest.ChosenGuild(),
			Chosen: period.Chosen{From: "2026-03-01T12:00", To: "2026-03-08T12:00"}})},
		{"guild.Page/unknown", guild.Page(guild.View{Page: harbor, Guild: viewtest.UnknownGuild(),
			Chosen: period.Chosen{From: "2026-03-01T12:00"}})},
		{"guild.Page/outage", guild.Page(guild.View{Page: looker, Guild: away})},
		{"guild.Page/new", guild.Page(guild.View{Page: viewtest.GuildPage(22, "Small Talk", ""),
			Guild: viewtest.NewGuild()})},
		{"guild.Page/failed", guild.Page(guild.View{Page: harbor, Failed: failed})},
		{"start.Guilds/some", start.Guilds(start.Servers{Page: listed, Guilds: listed.Guilds})},
		{"start.Guilds/paged", start.Guilds(start.Servers{Page: listed, Guilds: listed.Guilds, Previous: "/servers", Next: "/servers?page=3",
			Shown: "101 to 200 of 2,500"})},
		{"start.Guilds/none", start.Guilds(start.Servers{Page: lonely})},
		{"errorpage.Page/not-found", errorpage.Page(errorpage.View{Page: front, Status: 404,
			Message: "There is no such server here, or you have no access to it."})},
		{"errorpage.Page/forbidden", errorpage.Page(errorpage.View{Page: front, Status: 403,
			Message: "The overview is for whoever runs this instance."})},
		{"errorpage.Page/unavailable", errorpage.Page(errorpage.View{
			Page: front, Status: 503, Message: "The database is busy.", Reference: "7f3a91", Retry: 30 * time.Second,
		})},
	}
}

func overviews() []state {
	busy, fresh, many := viewtest.Overview(), viewtest.NewOverview(), viewtest.Overview()
	for i := range 120 {
		many.Servers = append(many.Servers, stats.GuildSummary{ID: viewtest.HarborID, Name: "Server", Members: i})
	}
	resuming := busy
	resuming.Gateway = stats.Gateway{State: "resuming"}
	return []state{
		{"overview.Cards/busy", overview.Cards(busy)},
		{"overview.Cards/new", overview.Cards(fresh)},
		{"overview.Activity/busy", overview.Activity(busy)},
		{"overview.Activity/none", overview.Activity(fresh)},
		{"overview.Servers/busy", overview.Servers(busy)},
		{"overview.Servers/none", overview.Servers(fresh)},
		{"overview.Servers/many", overview.Servers(many)},
		{"overview.Gateway/connected", overview.Gateway(busy)},
		{"overview.Gateway/stopped", overview.Gateway(fresh)},
		{"overview.Gateway/resuming", overview.Gateway(resuming)},
		{"overview.Events/busy", overview.Events(busy)},
		{"overview.Events/none", overview.Events(fresh)},
	}
}

func guilds() []state {
	day, fresh := viewtest.Guild(stats.PeriodDay), viewtest.NewGuild()
	done, many := day, fresh
	done.Checklist, many.TooMany = nil, "more than 750,000 actions were taken in it, choose a shorter one"
	well, warning, alert := day, day, day
	warning.Health = viewtest.Health(health.Input{Messages: 1000, Violations: 20, Answered: 3, Median: 140 * time.Millisecond,
		Actions: 20, Removals: 1}, stats.Compare(69.1, 69.1))
	alert.Health = viewtest.Health(health.Input{Messages: 8, Violations: 2, Actions: 4, Removals: 4},
		stats.Compare(20, 100))
	return []state{
		{"guild.Cards/day", guild.Cards(day)},
		{"guild.Cards/hour", guild.Cards(viewtest.Guild(stats.PeriodHour))},
		{"guild.Cards/month", guild.Cards(viewtest.Guild(stats.PeriodMonth))},
		{"guild.Cards/new", guild.Cards(fresh)},
		{"guild.Health/well", guild.Health(well)},
		{"guild.Health/warning", guild.Health(warning)},
		{"guild.Health/alert", guild.Health(alert)},
		{"guild.Health/new", guild.Health(fresh)},
		{"guild.Found/day", guild.Found(day)},
		{"guild.Found/none", guild.Found(fresh)},
		{"guild.Severity/day", guild.Severity(day)},
		{"guild.Severity/none", guild.Severity(fresh)},
		{"guild.Offenders/day", guild.Offenders(day)},
		{"guild.Offenders/none", guild.Offenders(fresh)},
		{"guild.Activity/gap", guild.Activity(day)},
		{"guild.Activity/none", guild.Activity(fresh)},
		{"guild.Sources/day", guild.Sources(day)},
		{"guild.Sources/none", guild.Sources(fresh)},
		{"guild.Kinds/day", guild.Kinds(day)},
		{"guild.Kinds/none", guild.Kinds(fresh)},
		{"guild.Targets/day", guild.Targets(day)},
		{"guild.Targets/none", guild.Targets(fresh)},
		{"guild.Targets/many", guild.Targets(many)},
		{"guild.Gaps/two", guild.Gaps(day)},
		{"guild.Gaps/none", guild.Gaps(fresh)},
		{"guild.Checklist/some", guild.Checklist(day)},
		{"guild.Checklist/done", guild.Checklist(done)},
		{"guild.Events/day", guild.Events(day)},
		{"guild.Events/none", guild.Events(fresh)},
	}
}

// rows are one row for each kind of line, action and outcome.
func rows() []state {
	all := []state{{"event.Feed/none", event.Feed(event.List{Now: viewtest.Now, What: "Things will appear."})}}
	for _, line := range viewtest.Lines() {
		name := clean("event.Row/" + string(line.Kind) + "-" + string(line.Action) + string(line.Severity) +
			line.Label + "-" + string(line.Source))
		all = append(all,
			state{name, event.Row(event.Item{Line: line, Now: viewtest.Now})},
			state{name + "-anonymous", event.Row(event.Item{Line: line.Anonymous(), Now: viewtest.Now})})
	}
	for _, outcome := range []moderation.Outcome{moderation.OutcomePlanned, moderation.OutcomeSent,
		moderation.OutcomeFailed, moderation.OutcomeUndone} {
		line := viewtest.Lines()[2]
		line.Outcome = outcome
		row := event.Row(event.Item{Line: line, Now: viewtest.Now})
		all = append(all, state{"event.Row/ban-" + string(outcome), row})
	}
	return all
}

func charts() []state {
	day := chart.Day{ID: "day", Title: "One day", Lanes: []chart.Lane{chart.Messages, chart.Violations}}
	quiet, gaps := day, day
	quiet.Hours, gaps.Hours = viewtest.Hours(false), viewtest.Hours(true)
	return []state{
		{"chart.Activity/whole", chart.Activity(quiet)},
		{"chart.Activity/gap", chart.Activity(gaps)},
		{"chart.Activity/empty", chart.Activity(day)},
		{"chart.Bars/two", chart.Bars([]chart.Bar{
			{Label: "Bans", Icon: "ban", Count: 3, Part: 1, Class: "tone-bad"}, {Label: "Notes", Icon: "sticky-note"},
		})},
		{"chart.Meter/half", chart.Meter(0.5)},
		{"chart.Meter/over", chart.Meter(3)},
	}
}

func parts() []state {
	moment := ui.Moment{At: viewtest.Now.Add(-3 * time.Minute), Now: viewtest.Now, Zone: ui.Zone("Asia/Kolkata")}
	known := viewtest.Person(31, "Mara Voss")
	pictured := known
	pictured.Avatar = "a_0123456789abcdef0123456789abcdef"
	forged := known
	forged.Avatar = "../../x\" onerror=\"alert(1)"
	trend := func(f stats.Figure, rising ui.Meaning) ui.Card {
		return ui.Card{Label: "Latency", Icon: "timer", Figure: f, Unit: "ms", Against: "the hour before",
			Rising: rising}
	}
	figure := func(now, before float64) stats.Figure {
		return stats.Figure{Value: now, Known: true, Change: stats.Compare(now, before)}
	}
	return []state{
		{"ui.Ago/minutes", ui.Ago(moment)},
		{"ui.At/zone", ui.At(moment)},
		{"ui.Updated/zone", ui.Updated(moment)},
		{"ui.Linked/member", ui.Linked(32, "Lark \u202e<b>", "/g/1/members/32")},
		{"ui.Linked/erased", ui.Linked(-32, "Erased member #000032", "/g/1/members/-32")},
		{"ui.Text/plain", ui.Text("Grüße, <b>世界</b> & you")},
		{"ui.Text/hidden", ui.Text("a\u202eb\u200bc\x07d\u2066e")},
		{"ui.Text/joined", ui.Text("👩\u200d🔧 ok, می\u200cخواهم ok, a\u200db not")},
		{"ui.Icon/one", ui.Icon("ban")},
		{"ui.Mark/icon", ui.Mark(ui.Badge{Label: "Failed", Icon: "circle-x", Tone: ui.Bad})},
		{"ui.Mark/plain", ui.Mark(ui.Badge{Label: "Done", Tone: ui.Good})},
		{"ui.SeverityMark/high", ui.SeverityMark(moderation.SeverityHigh)},
		{"ui.Avatar/initials", ui.Avatar(known)},
		{"ui.Avatar/picture", ui.Avatar(pictured)},
		{"ui.Avatar/forged", ui.Avatar(forged)},
		{"ui.GuildIcon/initials", ui.GuildIcon(viewtest.HarborID, "Pixel Harbor", "")},
		{"ui.GuildIcon/picture", ui.GuildIcon(viewtest.HarborID, "Pixel Harbor", "0123456789abcdef0123456789abcdef")},
		{"ui.FigureCard/worse", ui.FigureCard(trend(figure(120, 80), ui.Unwelcome))},
		{"ui.FigureCard/better", ui.FigureCard(trend(figure(80, 120), ui.Unwelcome))},
		{"ui.FigureCard/welcome", ui.FigureCard(trend(figure(80, 12), ui.Welcome))},
		{"ui.FigureCard/new", ui.FigureCard(trend(figure(3, 0), ui.Plain))},
		{"ui.FigureCard/same", ui.FigureCard(trend(figure(3, 3), ui.Welcome))},
		{"ui.FigureCard/unknown", ui.FigureCard(trend(stats.Figure{Why: "no heartbeat yet"}, ui.Plain))},
		{"ui.Frame/empty", ui.Frame(ui.Panel{Region: frame.PanelCards, Title: "Key figures", Icon: "gauge",
			Note: "today", Moment: moment, Seq: 7, Bare: true})},
		{"ui.Place/streamed", ui.Place(ui.Slot{Region: frame.PanelKinds, Section: "actions", Class: "at-kinds",
			Page: "/g/1"})},
		{"ui.Place/refetch", ui.Place(ui.Slot{Region: frame.PanelKinds, Page: "/g/1?period=week", Refetch: 5 * time.Second})},
		{"ui.Failed/one", ui.Failed(ui.Failure{Region: frame.PanelKinds, Title: "Actions", Message: failed,
			Page: "/g/1?period=week"})},
		{"ui.Waiting/one", ui.Waiting(ui.Pending{Region: frame.PanelKinds, Title: "Actions", Page: "/g/1"})},
		{"ui.Empty/good", ui.Empty(ui.Nothing{Icon: "circle-check", Title: "Nothing was missed",
			Text: "Gaps would be here.", Tone: ui.Good})},
		{"ui.Input/text", ui.Input(ui.Field{Name: "reason", Label: "Reason", Type: "text",
			Hint: "At most 512 characters."})},
		{"ui.Input/problem", ui.Input(ui.Field{Name: "reason", Label: "Reason", Type: "text", Value: "\"><script>",
			Hint: "Short.", Problem: "Too long."})},
		{"ui.Input/choice", ui.Input(ui.Field{Name: "kind", Label: "Kind", Value: "b",
			Options: []ui.Option{{Value: "a", Label: "Ban"}, {Value: "b", Label: "Kick"}}})},
		{"ui.Pager/both", ui.Pager(ui.Pages{Newer: "?after=9", Older: "?before=3", Shown: "Rows 101 to 200"})},
		{"ui.Pager/none", ui.Pager(ui.Pages{})},
		{"ui.Switch/two", ui.Switch("Period", []ui.Choice{{Label: "Day", URL: "?period=day", On: true},
			{Label: "Week", URL: "?period=week"}})},
		{"errorpage.Fragment/too-many", errorpage.Fragment(errorpage.View{Status: 429,
			Message: "At most 60 a minute.", Retry: time.Minute, Reference: "7f3a91"})},
	}
}

// clean makes a file's name of a state's.
func clean(name string) string {
	out := []rune(name)
	for i, r := range out {
		if r == ' ' {
			out[i] = '_'
		}
	}
	return string(out)
}
