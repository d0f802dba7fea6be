// Package warnings is the page with the marks against a guild's members, and on which they are cleared.
package warnings

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"guildwatch/internal/frame"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
	"guildwatch/views/violations"
)

// Region is the name under which the list fetches itself again when a warning comes or is cleared.
const Region frame.Name = "warnings"

// View is the page.
type View struct {
	Page   layout.Page
	Filter Filter
	List   List
	Clear  *ClearForm // one warning that is being cleared; nil: none
	Bulk   BulkForm
}

// Filter is the form that narrows the list, as it was filled in.
type Filter struct {
	Guild snowflake.GuildID
	Text  string
	State string // StateCounting, StateCleared or empty
}

// The states that the list can be narrowed to.
const (
	StateCounting = "counting"
	StateCleared  = "cleared"
)

// List is a page of the list: what can be fetched again by itself.
type List struct {
	violations.Place
	Rows     []Row  // the newest first
	Narrowed bool   // a filter is set
	Newest   string // address of the first page; empty: this is it
	Older    string // address of the next page; empty: this is the last
	Export   string // where the rows can be taken out; empty: not by the viewer
}

// Row is a warning, and why it was cleared if it was.
type Row struct {
	moderation.Warning
	Who         stats.Person
	Giver       stats.Person // zero: a rule, or nobody knows
	Clearer     stats.Person
	ClearReason string
}

// ClearForm clears one warning.
type ClearForm struct {
	Row     Row
	Reason  string
	Problem string
}

// BulkForm clears all that are older than a day.
type BulkForm struct {
	Day     string // as date fields write it
	Reason  string
	Problem string
}

// URL is the page of a guild.
func URL(guild snowflake.GuildID) string { return "/g/" + snowflake.String(guild) + "/warnings" }

// ClearURL is where one warning is cleared.
func ClearURL(guild snowflake.GuildID, number int64) string {
	return URL(guild) + "/" + strconv.FormatInt(number, 10) + "/clear"
}

// chosen is the page with the form for one warning.
func chosen(guild snowflake.GuildID, number int64) templ.SafeURL {
	return templ.URL(URL(guild) + "?clear=" + strconv.FormatInt(number, 10) + "#clear")
}

func (v View) page() layout.Page {
	page := v.Page.Part("Warnings")
	page.Sections = []layout.Section{{ID: "find", Label: "Find", Icon: "search"}, {ID: "list", Label: "List",
		Icon: "triangle-alert"}}
	if v.List.May.Manage {
		page.Sections = append(page.Sections, layout.Section{ID: "old", Label: "Clear", Icon: "circle-check"})
	}
	return page
}

func (l List) panel() ui.Panel {
	return ui.Panel{Region: Region, Title: "Warnings", Icon: "triangle-alert", Note: "newest first", Seq: l.Seq,
		Moment: l.moment(l.At), RefetchOn: frame.Violation}
}

func (l List) moment(at time.Time) ui.Moment { return moment(l.Place, at) }

func moment(p violations.Place, at time.Time) ui.Moment {
	return ui.Moment{At: at, Now: p.At, Zone: ui.Zone(p.TimeZone)}
}

// Set says whether anything is filled in.
func (f Filter) Set() bool { return f.Text+f.State != "" }

func (f Filter) text() ui.Field {
	return ui.Field{Name: "q", Label: "Search", Type: "search", Value: f.Text, Hint: "A reason, a name or a user's id."}
}

func (f Filter) state() ui.Field {
	return ui.Field{Name: "state", Label: "State", Value: f.State, Options: []ui.Option{{Label: "All"},
		{Value: StateCounting, Label: "Counting"}, {Value: StateCleared, Label: "Cleared"}}}
}

// reasonOf is the field for why something is cleared.
func reasonOf(value string) ui.Field {
	return ui.Field{Name: "reason", Label: "Reason", Type: "text", Value: value,
		Hint: "It stays beside the warning. May be empty.",
		More: templ.Attributes{"maxlength": "400", "autocomplete": "off"}}
}

func (f BulkForm) day() ui.Field {
	return ui.Field{Name: "date", Label: "Older than", Type: "date", Value: f.Day, Problem: f.Problem,
		More: templ.Attributes{"required": true}}
}

func (r Row) anchor() string { return "warning-" + strconv.FormatInt(r.Number, 10) }

// by is who gave a warning where no person did.
func (r Row) by() string {
	if r.Source == moderation.SourceRule {
		return "guildwatch"
	}
	return "somebody"
}
