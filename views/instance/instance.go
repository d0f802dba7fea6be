// Package instance is the operator's page: how the parts of guildwatch are doing, its secrets, and the end of the audit
// log's chain.
package instance

import (
	"strconv"
	"time"

	"guildwatch/internal/frame"
	"guildwatch/internal/stats"
	"guildwatch/views/audit"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// Region is the name under which the page fetches its state again.
const Region frame.Name = "instance"

// Path is the page.
const Path = "/instance"

// View is the page.
type View struct {
	Page   layout.Page
	State  State
	Secret Secret
	Mail   Mail
	Chain  Chain
	Log    audit.List // the newest rows of the instance's own log
}

// State is how the program is doing.
type State struct {
	At        time.Time
	Parts     []Part
	Version   string
	BuildTime string
	Started   time.Time
	Streams   int
}

// Part is one part of the program.
type Part struct {
	Name   string
	Label  string // its state in a word: "ok"
	Tone   ui.Tone
	Reason string // empty where all is well
}

// Secret is the OAuth2 client secret as far as it is ever shown.
type Secret struct {
	Set      bool
	Hint     string // its last characters
	By       stats.Person
	At       time.Time
	Lost     bool   // the key that sealed it is gone: it counts as not set
	Redirect string // the address to register with Discord; empty: nobody signs in here
	Fixed    string // where it comes from when it cannot be changed here; empty: here
	Problem  string // why the form came back; empty: it did not
}

// Chain is the audit log of all guilds and of the instance as one chain of hashes.
type Chain struct {
	Rows int64
	Head string // hexadecimal; empty: there are no rows
}

// mark is the head as audit verify takes it.
func (c Chain) mark() string { return strconv.FormatInt(c.Rows, 10) + ":" + c.Head }

func (v View) page() layout.Page {
	v.Page.Title, v.Page.About = "Instance", "The parts of this program, and what it keeps to itself"
	return v.Page
}

func (s State) panel() ui.Panel {
	return ui.Panel{Region: Region, Title: "State", Icon: "server", Moment: ui.Moment{At: s.At, Now: s.At}}
}

func (s State) up() string { return ui.Span(s.At.Sub(s.Started)) }

func (v View) moment(at time.Time) ui.Moment { return ui.Moment{At: at, Now: v.State.At} }

func (c Chain) rows() string {
	if c.Rows == 1 {
		return "1 row"
	}
	return ui.Count(c.Rows) + " rows"
}

func (v View) field() ui.Field {
	f := ui.Field{Name: "client_secret", Label: "Client secret", Type: "password", Problem: v.Secret.Problem,
		Hint: "From the application's OAuth2 page in Discord's developer portal. It is stored encrypted; afterwards only its last four characters are shown.",
		More: map[string]any{"autocomplete": "off", "spellcheck": "false", "required": true}}
	if v.Secret.Set {
		f.Label = "New client secret"
	}
	return f
}
