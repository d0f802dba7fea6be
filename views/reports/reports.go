// Package reports is the page of a guild's reports: what there is to read, when reports come by themselves and where they
// go; and the page of one report, for the screen and for paper.
package reports

import (
	"fmt"
	"strconv"
	"time"

	"guildwatch/internal/frame"
	"guildwatch/internal/moderation/edition"
	"guildwatch/internal/snowflake"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// Region is the name under which the page fetches schedules and destinations again, after each change.
const Region frame.Name = "reports"

// View is the page.
type View struct {
	Page layout.Page
	Now  Now
	Form *Form // nil: the viewer may look alone
	Key  *Key  // what was just made and is shown once; nil: nothing was

	Failed string // what went wrong with what was just asked for; empty: nothing
}

// Now is what holds in a guild.
type Now struct {
	Guild        snowflake.GuildID
	At           time.Time
	Seq          int64 // the last change it includes
	TimeZone     string
	Schedules    []Schedule // one for each cadence
	Destinations []Destination
	Editions     []edition.Edition // to read: for each cadence the running one and those before
	May          bool              // the viewer may change them
}

// Schedule is when a report comes by itself.
type Schedule struct {
	Cadence edition.Cadence
	Hour    int       // negative: it does not
	Next    time.Time // zero: it does not
}

// Destination is where reports go.
type Destination struct {
	Number  int64
	Kind    string // "discord", "email", "webhook"
	Name    string // of users
	Shown   string // as much of the address as may be shown
	Daily   bool
	Weekly  bool
	Monthly bool
	Stopped string    // why nothing is sent there any more; empty: it is
	Rests   time.Time // nothing is tried before; zero: it does not rest
	Last    time.Time // when it was last tried; zero: never
	Detail  string    // why that failed; empty: it did not
}

// Form is what somebody has filled in for a new destination, and what there is to choose from.
type Form struct {
	Kind     string
	Name     string
	Daily    bool
	Weekly   bool
	Monthly  bool
	Kinds    []ui.Option
	Missing  []string // sentences: what the operator has not set up
	Problems Problems
}

// Problems say why a form came back; all empty: it did not.
type Problems struct {
	Form    string
	Kind    string
	Name    string
	Address string
}

// Key is what a webhook's messages are signed with, shown once.
type Key struct{ Name, Text string }

// URL is the page of a guild's reports.
func URL(guild snowflake.GuildID) string { return "/g/" + snowflake.String(guild) + "/reports" }

// EditionURL is the page of one report.
func EditionURL(guild snowflake.GuildID, e edition.Edition) string {
	return URL(guild) + "/" + string(e.Cadence) + "?date=" + e.Day()
}

func addURL(guild snowflake.GuildID) string { return URL(guild) + "/destinations" }

func destinationURL(guild snowflake.GuildID, number int64) string {
	return addURL(guild) + "/" + strconv.FormatInt(number, 10)
}

func (v View) page() layout.Page { return v.Page.Part("Reports") }

func (n Now) moment(t time.Time) ui.Moment {
	return ui.Moment{At: t, Now: n.At, Zone: ui.Zone(n.TimeZone)}
}

func (n Now) panel() ui.Panel {
	return ui.Panel{Region: Region, Title: "Where reports go", Icon: "send", Seq: n.Seq, Moment: n.moment(n.At),
		RefetchOn: frame.ConfigUpdate}
}

// CadenceName is a cadence in words.
func CadenceName(c edition.Cadence) string {
	return map[edition.Cadence]string{edition.Daily: "Daily", edition.Weekly: "Weekly", edition.Monthly: "Monthly"}[c]
}

// of are the editions of a cadence.
func (n Now) of(c edition.Cadence) (list []edition.Edition) {
	for _, e := range n.Editions {
		if e.Cadence == c {
			list = append(list, e)
		}
	}
	return list
}

// says is when a report comes: "at 07:00".
func (s Schedule) says() string {
	if s.Hour < 0 {
		return "Off"
	}
	return map[edition.Cadence]string{edition.Daily: "Every day", edition.Weekly: "Every Monday",
		edition.Monthly: "Every first of the month"}[s.Cadence] + fmt.Sprintf(" at %02d:00", s.Hour)
}

func (s Schedule) field() ui.Field {
	options := []ui.Option{{Label: "Off"}}
	for hour := range 24 {
		options = append(options, ui.Option{Value: strconv.Itoa(hour), Label: fmt.Sprintf("At %02d:00", hour)})
	}
	f := ui.Field{Name: string(s.Cadence), Label: CadenceName(s.Cadence), Options: options}
	if s.Hour >= 0 {
		f.Value = strconv.Itoa(s.Hour)
	}
	return f
}

// next is when the next report comes.
func (n Now) next() (at time.Time) {
	for _, s := range n.Schedules {
		if !s.Next.IsZero() && (at.IsZero() || s.Next.Before(at)) {
			at = s.Next
		}
	}
	return at
}

// scheduled says whether a report comes by itself.
func (n Now) scheduled() bool {
	for _, s := range n.Schedules {
		if s.Hour >= 0 {
			return true
		}
	}
	return false
}

var kindNames = map[string]string{"discord": "Discord webhook", "email": "E-mail", "webhook": "Webhook"}

var kindIcons = map[string]string{"discord": "message-square", "email": "mail", "webhook": "plug"}

// state is how a destination is doing, in a word.
func (d Destination) state(now time.Time) ui.Badge {
	switch {
	case d.Stopped != "":
		return ui.Badge{Label: "stopped", Icon: "circle-x", Tone: ui.Bad}
	case d.Rests.After(now):
		return ui.Badge{Label: "resting", Icon: "hourglass", Tone: ui.Warn}
	case d.Last.IsZero():
		return ui.Badge{Label: "not tried yet", Tone: ui.Neutral}
	case d.Detail != "":
		return ui.Badge{Label: "failed", Icon: "triangle-alert", Tone: ui.Warn}
	}
	return ui.Badge{Label: "delivered", Icon: "circle-check", Tone: ui.Good}
}

// gets is which reports go there: "daily and weekly reports".
func (d Destination) gets() string {
	switch {
	case d.Daily && d.Weekly && d.Monthly:
		return "daily, weekly and monthly reports"
	case d.Daily && d.Weekly:
		return "daily and weekly reports"
	case d.Daily && d.Monthly:
		return "daily and monthly reports"
	case d.Weekly && d.Monthly:
		return "weekly and monthly reports"
	case d.Daily:
		return "daily reports"
	case d.Weekly:
		return "weekly reports"
	case d.Monthly:
		return "monthly reports"
	}
	return "no reports"
}

func (d Destination) id(name string) string { return name + "-" + strconv.FormatInt(d.Number, 10) }

func (f Form) kind() ui.Field {
	return ui.Field{Name: "kind", Label: "Kind", Value: f.Kind, Options: f.Kinds, Problem: f.Problems.Kind}
}

func (f Form) name() ui.Field {
	return ui.Field{Name: "name", Label: "Name", Type: "text", Value: f.Name, Problem: f.Problems.Name,
		Hint: "For you to tell it by: “Staff”, “Archive”.", More: map[string]any{"maxlength": "60"}}
}

func (f Form) address() ui.Field {
	return ui.Field{Name: "address", Label: "Address", Type: "text", Problem: f.Problems.Address,
		Hint: "The webhook's address, or a mail address. It is kept encrypted and not shown again.",
		More: map[string]any{"autocomplete": "off", "spellcheck": "false", "maxlength": "1024"}}
}

func (f Form) wants() []want {
	return []want{{"daily", "Daily reports", f.Daily}, {"weekly", "Weekly reports", f.Weekly},
		{"monthly", "Monthly reports", f.Monthly}}
}

func (d Destination) wants() []want {
	return []want{{"daily", "Daily", d.Daily}, {"weekly", "Weekly", d.Weekly}, {"monthly", "Monthly", d.Monthly}}
}

// want is a box to tick.
type want struct {
	name, label string
	on          bool
}
