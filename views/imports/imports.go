// Package imports are the pages for moving in: what another bot kept is looked at, taken over, and taken back.
package imports

import (
	"strconv"
	"strings"
	"time"

	"guildwatch/internal/frame"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// Region is the name under which the list of imports fetches itself again.
const Region frame.Name = "imports"

// View is the page with the form for a file, and what was taken over before.
type View struct {
	Page layout.Page
	Form Form
	List List
}

// Form brings a file along.
type Form struct {
	Guild   snowflake.GuildID
	Format  string
	Problem string // why it came back; empty: it did not
}

// List is what was taken over.
type List struct {
	Guild    snowflake.GuildID
	At       time.Time
	Seq      int64
	TimeZone string
	Rows     []Row // the newest first
}

// Row is one import.
type Row struct {
	Number               int64
	Format, Name         string // Name of users
	By                   stats.Person
	At                   time.Time
	State                string // as in the store: draft, running, done, undoing, undone
	Rows, Known, Skipped int64
	Held                 bool // somebody is at it now
}

// Preview is the page on which somebody looks at a file before it is taken over, or at what became of it.
type Preview struct {
	Page     layout.Page
	List     List // for its guild and clock; no rows
	Row      Row
	Kinds    []Kind
	Known    int64 // of the deeds, those that are there already
	Twice    int64 // of the deeds, those that stand in the file before
	Samples  []Sample
	Bad      []Bad
	Columns  []string // of a table
	Mapping  Mapping
	Always   []moderation.ActionKind // what every row of a table can be
	Unnamed  int64                   // of the deeds, those that name a moderator without an id
	Old      int64                   // of the deeds, those that the next clean-up deletes
	KeptDays int                     // for how long the guild keeps rows; 0: for ever
	Problem  string                  // why nothing was done; empty: nothing went wrong
}

// Kind is how many deeds of a kind a file has.
type Kind struct {
	Kind moderation.ActionKind
	N    int64
}

// Sample is one deed of a file.
type Sample struct {
	Kind   moderation.ActionKind
	Who    stats.Person
	By     stats.Person // zero: nobody is named
	At     time.Time    // zero: unknown
	Reason string       // of users
}

// of says what was done to whom: "Ban of".
func (s Sample) of() (deed, of string) {
	switch s.Kind {
	case moderation.ActionBan:
		return "Ban", " of "
	case moderation.ActionUnban:
		return "Unban", " of "
	case moderation.ActionKick:
		return "Kick", " of "
	case moderation.ActionTimeout:
		return "Timeout", " of "
	case moderation.ActionUntimeout:
		return "End of the timeout", " of "
	case moderation.ActionWarn:
		return "Warning", " of "
	case moderation.ActionNote:
		return "Note", " about "
	}
	return ui.KindName(s.Kind), " of "
}

// Bad is a line that cannot be taken over.
type Bad struct {
	Line int
	Why  string
}

// Mapping says which column of a table is what, or what was done in every row.
type Mapping struct{ User, Kind, At, By, Reason, Always string }

// URL is the page of a guild's imports.
func URL(guild snowflake.GuildID) string { return "/g/" + snowflake.String(guild) + "/imports" }

// RowURL is the page of one import.
func RowURL(guild snowflake.GuildID, number int64) string {
	return URL(guild) + "/" + strconv.FormatInt(number, 10)
}

func (v View) page() layout.Page { return v.Page.Part("Move in") }

func (p Preview) page() layout.Page { return p.Page.Part("Move in") }

func (l List) panel() ui.Panel {
	return ui.Panel{Region: Region, Title: "Taken over", Icon: "history", Seq: l.Seq,
		Moment: l.moment(l.At), RefetchOn: frame.ConfigUpdate}
}

func (l List) moment(at time.Time) ui.Moment {
	return ui.Moment{At: at, Now: l.At, Zone: ui.Zone(l.TimeZone)}
}

var formats = []ui.Option{{Value: "zeppelin", Label: "Cases of Zeppelin (JSON)"}, {Value: "bans", Label: "A list of bans (JSON or ids)"},
	{Value: "table", Label: "A table (CSV)"}}

func formatName(format string) string {
	for _, o := range formats {
		if o.Value == format {
			return o.Label
		}
	}
	return format
}

func (f Form) format() ui.Field {
	return ui.Field{Name: "format", Label: "What it is", Value: f.Format, Options: formats}
}

// state is how far an import is, in a badge.
func (r Row) state() ui.Badge {
	if r.Held {
		return ui.Badge{Label: "Under way", Icon: "hourglass", Tone: ui.Info}
	}
	switch r.State {
	case "draft":
		return ui.Badge{Label: "To be decided", Icon: "hourglass", Tone: ui.Warn}
	case "done":
		return ui.Badge{Label: "Taken over", Icon: "circle-check", Tone: ui.Good}
	case "undone":
		return ui.Badge{Label: "Taken back", Icon: "undo-2", Tone: ui.Neutral}
	case "undoing":
		return ui.Badge{Label: "Not taken back whole", Icon: "circle-alert", Tone: ui.Warn}
	}
	return ui.Badge{Label: "Broken off", Icon: "circle-alert", Tone: ui.Warn}
}

// name is what the file was called; whose name had an erased member in it has none.
func (r Row) name() string {
	if r.Name == "" {
		return "A file without a name"
	}
	return ui.Clip(r.Name, 80)
}

// sum is what came of an import.
func (r Row) sum() string {
	if r.State == "draft" {
		return ""
	}
	parts := []string{ui.Count(r.Rows) + " taken over"}
	if r.Known > 0 {
		parts = append(parts, ui.Count(r.Known)+" known before")
	}
	if r.Skipped > 0 {
		parts = append(parts, ui.Count(r.Skipped)+" left out")
	}
	return strings.Join(parts, ", ")
}

func (p Preview) total() (n int64) {
	for _, k := range p.Kinds {
		n += k.N
	}
	return n
}

// fresh is how many deeds would be taken over.
func (p Preview) fresh() int64 { return p.total() - p.Known - p.Twice }

// seen says how many deeds change nothing; empty: none.
func (p Preview) seen() string {
	if p.Known+p.Twice == 0 {
		return ""
	}
	told := func(n int64, one, more string) string {
		if n == 1 {
			return "1 of them " + one
		}
		return ui.Count(n) + " of them " + more
	}
	var parts []string
	if p.Known > 0 {
		parts = append(parts, told(p.Known, "is known already", "are known already"))
	}
	if p.Twice > 0 {
		parts = append(parts, told(p.Twice, "stands in the file twice", "stand in the file more than once"))
	}
	switch {
	case len(parts) > 1:
		return strings.Join(parts, ", ") + ": these change nothing."
	case p.Known+p.Twice == 1:
		return parts[0] + " and changes nothing."
	}
	return parts[0] + " and change nothing."
}

// lost says what of the deeds does not stay, or not whole; empty: all does.
func (p Preview) lost() (sentences []string) {
	switch p.Unnamed {
	case 0:
	case 1:
		sentences = append(sentences, "1 of them names its moderator without an id: who that was is not taken over.")
	default:
		sentences = append(sentences, ui.Count(p.Unnamed)+" of them name their moderators without an id: who those were is not taken over.")
	}
	if p.Old > 0 {
		verb := " of them are"
		if p.Old == 1 {
			verb = " of them is"
		}
		sentences = append(sentences, ui.Count(p.Old)+verb+" older than the "+ui.Count(int64(p.KeptDays))+
			" days for which this server keeps rows, and will be deleted by the next daily clean-up.")
	}
	return sentences
}

// button is what it says that takes a file over. One that was broken off goes on, if only to its end.
func (p Preview) button() string {
	if n := p.fresh(); n > 0 {
		return "Take over " + ui.Count(n)
	}
	return "Finish"
}

// columns are the fields of a table's mapping.
func (p Preview) columns() []ui.Field {
	options := []ui.Option{{Label: "None"}}
	for _, c := range p.Columns {
		options = append(options, ui.Option{Value: c, Label: ui.Clip(c, 60)})
	}
	field := func(name, label, value, hint string) ui.Field {
		return ui.Field{Name: name, Label: label, Value: value, Options: options, Hint: hint}
	}
	every := []ui.Option{{Label: "As the column says"}}
	for _, kind := range p.Always {
		every = append(every, ui.Option{Value: string(kind), Label: ui.KindName(kind)})
	}
	return []ui.Field{field("user_column", "Member's id", p.Mapping.User, ""),
		field("kind_column", "What was done", p.Mapping.Kind, "ban, unban, kick, timeout or mute, warn, note"),
		{Name: "kind_always", Label: "Or every row is one of these", Value: p.Mapping.Always, Options: every,
			Hint: "For a list of warnings, say, without such a column."},
		field("at_column", "When", p.Mapping.At, "2026-11-20 12:00, in UTC; or seconds since 1970"),
		field("by_column", "Moderator's id", p.Mapping.By, ""), field("reason_column", "Why", p.Mapping.Reason, "")}
}
