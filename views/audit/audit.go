// Package audit is the page that shows what people did on a guild's dashboard, and what they were refused.
package audit

import (
	"slices"
	"strconv"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// Region is the name under which the page fetches its rows again, after each change of roles or settings.
const Region frame.Name = "audit"

// View is the page.
type View struct {
	Page   layout.Page
	Filter Filter
	List   List
}

// Filter is the form that narrows the list, as it was filled in.
type Filter struct {
	Guild   snowflake.GuildID
	Person  string       // a name or an id
	Who     stats.Person // whom Person means; zero: nobody
	Problem string       // why Person means nobody
	Action  string
	From    string // a day, as date fields write it: "2026-11-20"
	To      string
	Dates   string   // why the days make no sense; empty: they do
	Actions []string // those that the guild's log has
}

// List is a page of the log: what can be fetched again by itself.
type List struct {
	Guild    snowflake.GuildID
	At       time.Time
	Seq      int64
	TimeZone string // of the guild
	Rows     []Row  // newest first
	Narrowed bool   // a filter is set
	Newest   string // address of the first page; empty: this is it
	Older    string // address of the next page; empty: this is the last
	Export   string // where the rows can be taken out; empty: not by the viewer
}

// Row is one thing that somebody did, or was refused.
type Row struct {
	Number  int64
	At      time.Time
	Actor   Who
	Role    access.Role     // the actor's at that time; None: none was needed
	Action  string          // "role.assigned"
	Target  string          // what it was done to, as the log writes it; empty where Person says it all
	Person  Who             // to whom it was done
	Discord *ui.DiscordRole // the Discord role that Target means
	Before  string          // JSON; empty: there was nothing
	After   string          // JSON; empty: there is nothing
	Request string          // reference of the request; empty: none

	Names map[string]string // what ids in Before and After are called: a channel's with its #
}

// Who is a person in the log. The zero value is nobody: guildwatch itself, where somebody acted.
type Who struct {
	Person stats.Person
	Erased int64 // not 0: the person's data was erased, and this is all that tells them from others
}

func (w Who) somebody() bool { return w != Who{} }

// erased names somebody who must not be named: the last four digits tell one from another.
func (w Who) erased() string {
	tail := strconv.FormatInt(w.Erased+10_000, 10)
	return "Erased person " + tail[len(tail)-4:]
}

// URL is the audit page of a guild.
func URL(guild snowflake.GuildID) string { return "/g/" + snowflake.String(guild) + "/audit" }

func (v View) page() layout.Page {
	return v.Page.Part("Audit log")
}

func (l List) panel() ui.Panel {
	return ui.Panel{Region: Region, Title: "Audit log", Icon: "scroll-text", Note: "newest first", Seq: l.Seq,
		Moment: l.moment(l.At), RefetchOn: frame.ConfigUpdate}
}

func (l List) moment(at time.Time) ui.Moment {
	return ui.Moment{At: at, Now: l.At, Zone: ui.Zone(l.TimeZone)}
}

// by is the log of what one person did.
func (l List) by(p stats.Person) string { return URL(l.Guild) + "?person=" + snowflake.String(p.ID) }

func (f Filter) set() bool { return f.Person != "" || f.Action != "" || f.From != "" || f.To != "" }

func (f Filter) person() ui.Field {
	hint := "The beginning of a name, or a user's id."
	if f.Who != (stats.Person{}) {
		hint = "What " + ui.Visible(ui.Clip(f.Who.Name, 64)) + " did."
	}
	return ui.Field{Name: "person", Label: "Person", Type: "search", Value: f.Person, Problem: f.Problem, Hint: hint}
}

func (f Filter) action() ui.Field {
	options := []ui.Option{{Label: "Everything"}}
	actions := f.Actions
	if f.Action != "" && !slices.Contains(actions, f.Action) { // an old link: what it asks for is said nevertheless
		actions = append(slices.Clone(actions), f.Action)
	}
	for _, action := range actions {
		options = append(options, ui.Option{Value: action, Label: wordsOf(action).name})
	}
	return ui.Field{Name: "action", Label: "What", Value: f.Action, Options: options}
}

func (f Filter) from() ui.Field {
	return ui.Field{Name: "from", Label: "From", Type: "date", Value: f.From, Problem: f.Dates}
}

func (f Filter) to() ui.Field {
	return ui.Field{Name: "to", Label: "To, day included", Type: "date", Value: f.To}
}
