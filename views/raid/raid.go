package raid

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"guildwatch/internal/frame"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// The regions that fetch themselves again when raid mode or what is known of a raid changes.
const (
	RegionNow  frame.Name = "raid-now"
	RegionPast frame.Name = "raid-past"
)

// Place is where a page stands, and what its viewer may do there.
type Place struct {
	Guild    snowflake.GuildID
	At       time.Time
	Seq      int64  // the last change it includes
	TimeZone string // of the guild
	Switch   bool   // raid mode
	Act      bool   // on members
	Set      bool   // the preset
}

// View is the page.
type View struct {
	Page layout.Page
	Now  Now
	Past Past
}

// Now is whether raid mode is on, and what the guild has chosen.
type Now struct {
	Place
	Raid    *Raid // that is on, or is being put back; nil: none
	Chosen  raid.Settings
	Problem string // why a form came back; empty: none did
}

// Past are the raids before.
type Past struct {
	Place
	Rows   []Raid // the newest first
	Newest string // address of the first page; empty: this is it
	Older  string // address of the next page; empty: this is the last
}

// Raid is a raid and who switched it.
type Raid struct {
	raid.Raid
	Starter, Ender stats.Person // zero: no person
}

func (v View) page() layout.Page {
	page := v.Page.Part("Raids")
	page.Sections = []layout.Section{{ID: "now", Label: "Now", Icon: "lock"}, {ID: "past", Label: "Past", Icon: "history"}}
	return page
}

func (n Now) panel() ui.Panel {
	return ui.Panel{Region: RegionNow, Title: "Raid mode", Icon: "lock", Seq: n.Seq, Moment: n.moment(n.At), RefetchOn: frame.Raid}
}

func (p Past) panel() ui.Panel {
	return ui.Panel{Region: RegionPast, Title: "Raids", Icon: "history", Note: "newest first", Seq: p.Seq,
		Moment: p.moment(p.At), RefetchOn: frame.Raid}
}

func (p Place) moment(at time.Time) ui.Moment {
	return ui.Moment{At: at, Now: p.At, Zone: ui.Zone(p.TimeZone)}
}

// on says whether raid mode is.
func (n Now) on() bool { return n.Raid != nil && n.Raid.On() }

// expected says whether a wave of newcomers is.
func (n Now) expected() bool { return n.At.Before(n.Chosen.Expected) }

// watches says what switches raid mode on by itself under a preset.
func watches(p raid.Preset) string {
	const messages = " So do 10 similar messages within 30 seconds from 5 or more members."
	switch p {
	case raid.Sensitive:
		return "Raid mode switches itself on when more than 5 accounts younger than 7 days join within a minute." + messages
	case raid.Balanced:
		return "Raid mode switches itself on when 10 members join within a minute and 70 % of their accounts are younger than 7 days." +
			messages
	}
	return "Raid mode switches itself on by nothing."
}

func presetName(p raid.Preset) string { return strings.ToUpper(string(p[:1])) + string(p[1:]) }

func (n Now) preset() ui.Field {
	f := ui.Field{Name: "preset", Label: "Preset", Value: string(n.Chosen.Preset), Problem: n.Problem}
	for _, p := range raid.Presets() {
		f.Options = append(f.Options, ui.Option{Value: string(p), Label: presetName(p)})
	}
	return f
}

// upper begins a sentence with a clause.
func upper(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// state is the badge of a raid.
func (r Raid) state() ui.Badge {
	switch {
	case r.On():
		return ui.Badge{Label: "On", Icon: "lock", Tone: ui.Bad}
	case r.State == raid.Restoring:
		return ui.Badge{Label: "Being put back", Icon: "clock", Tone: ui.Warn}
	case r.EndedWhy == raid.EndedExpected:
		return ui.Badge{Label: "Expected", Icon: "info", Tone: ui.Neutral}
	}
	return ui.Badge{Label: "Over", Icon: "circle-check", Tone: ui.Neutral}
}

// ended says how a raid ended; empty while it has not.
func (r Raid) ended() string {
	switch r.EndedWhy {
	case raid.EndedCalm:
		return "Nothing was seen for 10 minutes."
	case raid.EndedExpected:
		return "Nothing was done: a wave of newcomers was expected."
	}
	return ""
}

// lasted is how long raid mode was on.
func (r Raid) lasted() string {
	if r.Ended.IsZero() || r.EndedWhy == raid.EndedExpected {
		return ""
	}
	return "for " + ui.Span(r.Ended.Sub(r.Started))
}

func (r Raid) name() string { return "Raid " + strconv.FormatInt(r.Number, 10) }

func hours(d time.Duration) string {
	if d == time.Hour {
		return "1 hour"
	}
	return fmt.Sprintf("%d hours", int(d/time.Hour))
}

// Pauses are the choices of for how long a wave is expected.
var pauses = []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour}

func length(d time.Duration) string { return strconv.Itoa(int(d / time.Hour)) }
