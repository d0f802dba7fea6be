// Package signin is the way in and out: how to sign in, the page that a link from Discord opens, why nobody was signed
// in, and one's open sessions.
package signin

import (
	"time"

	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// Door is the page for whoever is not signed in.
type Door struct {
	Page    layout.Page
	Discord string // where signing in through Discord's own page begins; empty: not set up
	Message string // why somebody stands here: "You are signed out."; may be empty
	Barred  string // why nobody can sign in at this address; empty: they can
}

// Invitation is the page that a link from Discord opens. It changes nothing: previews and robots open links too.
type Invitation struct {
	Page    layout.Page
	Person  stats.Person
	Guild   snowflake.GuildID
	Name    string // the guild's
	Icon    string // Discord's hash; may be empty
	Expires time.Time
}

func (i Invitation) until() ui.Moment { return ui.Moment{At: i.Expires, Now: i.Page.Now} }

// Refusal is the page for a sign-in that did not happen.
type Refusal struct {
	Page      layout.Page
	Icon      string
	Title     string // "This link was used already"
	Message   string // what it means and what to do, in plain sentences
	Retry     string // address of another try, at which a sign-in starts anew; empty: none
	Stay      bool   // somebody is signed in and may stay so, or sign out
	Back      string // the page after signing out, with Stay
	Reference string // what to quote when asking; empty: none
}

// Session is one browser in which the viewer is signed in.
type Session struct {
	ID       string
	Device   string // "Firefox on Android"
	Address  string // the IP that it was last used from
	Began    time.Time
	LastUsed time.Time
	Ends     time.Time // at the latest
	Current  bool      // the one that looks
}

// Sessions is the list of the viewer's open sessions.
type Sessions struct {
	Page layout.Page
	List []Session
}

func (s Sessions) at(t time.Time) ui.Moment { return ui.Moment{At: t, Now: s.Page.Now} }

// left is how long a session lasts at most.
func (s Sessions) left(one Session) string { return ui.Span(one.Ends.Sub(s.Page.Now)) }
