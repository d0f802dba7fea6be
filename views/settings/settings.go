// Package settings is the page of a guild's settings: what holds now, for everybody who may look, and the form for
// those who may change it.
package settings

import (
	"time"

	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// Region is the name under which the page fetches what holds now again, after each change.
const Region frame.Name = "settings"

// View is the page.
type View struct {
	Page layout.Page
	Now  Now
	Form *Form     // nil: the viewer may look alone
	Keep *KeepForm // nil, like Form
}

// Now is what holds in a guild.
type Now struct {
	Guild    snowflake.GuildID
	At       time.Time
	Seq      int64 // the last change it includes
	TimeZone string
	Log      Channel
	Tell     bool // members are told what was done about them
	Appeals  bool // they may appeal
	Kept     Kept
}

// Channel is where guildwatch writes what happens.
type Channel struct {
	Set     bool
	Name    string // of users, without the #; empty: the channel is gone, or was never seen
	Problem string // why nothing arrives there; empty: it does
}

// Form is what somebody has filled in, and what there is to choose from.
type Form struct {
	TimeZone string
	Channel  string // the id as text; empty: none
	Tell     bool
	Appeals  bool
	Was      string // the settings that the form was made from, as the handler writes them
	Channels []ui.Option
	Problems Problems
}

// Problems say why a form came back; all empty: it did not.
type Problems struct {
	Form     string // about the whole of it
	TimeZone string
	Channel  string
}

// URL is the settings page of a guild.
func URL(guild snowflake.GuildID) string { return "/g/" + snowflake.String(guild) + "/settings" }

func (v View) page() layout.Page {
	return v.Page.Part("Settings")
}

func (n Now) panel() ui.Panel {
	return ui.Panel{Region: Region, Title: "Settings", Icon: "settings-2", Seq: n.Seq, Moment: n.moment(),
		RefetchOn: frame.ConfigUpdate}
}

func (n Now) moment() ui.Moment { return ui.Moment{At: n.At, Now: n.At, Zone: ui.Zone(n.TimeZone)} }

// clock is the time of day in the guild.
func (n Now) clock() string { return n.At.In(ui.Zone(n.TimeZone)).Format("15:04, Monday") }

// zones are the choices of a time zone; what is set is always among them.
func (f Form) zones() []ui.Option {
	var options []ui.Option
	found := f.TimeZone == ""
	for _, g := range zoneGroups {
		for _, zone := range g.zones {
			found = found || zone == f.TimeZone
			options = append(options, ui.Option{Value: zone, Label: readable(zone), Group: g.name})
		}
	}
	if !found {
		options = append([]ui.Option{{Value: f.TimeZone, Label: readable(f.TimeZone)}}, options...)
	}
	return options
}

func (f Form) zone() ui.Field {
	return ui.Field{Name: "time_zone", Label: "Time zone", Value: f.TimeZone, Options: f.zones(), Problem: f.Problems.TimeZone,
		Hint: "Pages show times in it, and days begin in it. Choose a city of your zone."}
}

func (f Form) channel() ui.Field {
	options := append([]ui.Option{{Label: "None"}}, f.Channels...)
	return ui.Field{Name: "log_channel", Label: "Log channel", Value: f.Channel, Options: options, Problem: f.Problems.Channel,
		Hint: "What members report arrives there, what is done about members, and their appeals. On saving the bot writes one " +
			"line, to prove that it can."}
}

func (f Form) tell() ui.Field {
	return choice("tell_members", "Tell members", f.Tell,
		"Whoever is warned, timed out, kicked or banned by guildwatch gets a direct message that says why.")
}

func (f Form) appeals() ui.Field {
	return choice("take_appeals", "Appeals", f.Appeals,
		"That message has a button with which they write to the moderators.")
}

func choice(name, label string, on bool, hint string) ui.Field {
	field := ui.Field{Name: name, Label: label, Value: "no", Hint: hint,
		Options: []ui.Option{{Value: "yes", Label: "Yes"}, {Value: "no", Label: "No"}}}
	if on {
		field.Value = "yes"
	}
	return field
}

// said is what members hear of what is done about them.
func (n Now) said() string {
	switch {
	case n.Tell && n.Appeals:
		return "Yes, with a button to appeal."
	case n.Tell:
		return "Yes, and they cannot appeal."
	}
	return "No, so nobody is offered an appeal."
}
