// Package layout is the frame of every page: head, navigation, connection, sections, messages.
package layout

import (
	"strconv"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/static"
	"guildwatch/views/ui"
)

// Page is what the frame needs to know of a page and of the one who looks.
type Page struct {
	Title       string // of the window, and the heading
	About       string // beside the heading where there is room; may be empty
	Description string // for link previews and search; may be empty
	Path        string // the page's own path and query: "/g/81384788765712384?period=week"
	Home        string // where the page is fetched again, if it stands at another address: a form that came back
	Now         time.Time

	Viewer   stats.Person // zero: nobody is signed in
	Account  bool         // the viewer has a session, to look at and to end
	Operator bool         // the overview is theirs
	Role     access.Role  // in the current guild; None outside of one
	Guilds   []GuildLink  // the guilds that the viewer may open
	Current  snowflake.GuildID

	OpenAppeals int64 // of the current guild
	RaidOn      int64 // the raid for which its raid mode is on; 0: it is off

	Flash string // what the visitor has just done, as a toast: "Mara Voss is moderator now."; may be empty
	Notes []Note // what the viewer alone is told, the oldest first

	Live string // address of the stream without a cursor: "/live/81384788765712384"; empty: the page has none
	Seq  int64  // the last change that the page includes: where the stream goes on

	Sections []Section // tabs at the thumb, in the order of the page; on a phone only
	Demo     bool
	LookAs   string // where the demo's role switch posts to, with the field "role"; empty: no switch
	Version  string
}

// GuildLink is a guild in the switcher.
type GuildLink struct {
	ID   snowflake.GuildID
	Name string
	Icon string // Discord's hash; may be empty
	Role access.Role
}

// URL is the guild's dashboard.
func (g GuildLink) URL() string { return "/g/" + snowflake.String(g.ID) }

// Section is a part of a page that one can go to.
type Section struct {
	ID    string // of the element
	Label string // one short word: five have to fit side by side on 320 px
	Icon  string
}

// Stream is the stream's address with the page's cursor, and with the viewer: tabs share one stream for each address,
// and who signs in next, or looks as another role, must not go on with somebody else's.
func (p Page) Stream() string {
	address := p.Live + "?after=" + strconv.FormatInt(p.Seq, 10)
	if p.Viewer.ID != 0 {
		address += "&as=" + snowflake.String(p.Viewer.ID)
	}
	return address
}

func (p Page) current() (GuildLink, bool) {
	for _, g := range p.Guilds {
		if g.ID == p.Current && p.Current != 0 {
			return g, true
		}
	}
	return GuildLink{}, false
}

// Part is a page of the current guild beside its dashboard: its own name is the heading, the guild's stands beside it.
func (p Page) Part(name string) Page {
	p.Title, p.About = name, ""
	if g, ok := p.current(); ok {
		p.About = g.Name
	}
	return p
}

func (p Page) windowTitle() string {
	title := "guildwatch"
	if g, ok := p.current(); ok && g.Name != p.Title {
		title = ui.Visible(g.Name) + " · " + title
	}
	if p.Title != "" {
		title = ui.Visible(p.Title) + " · " + title
	}
	return title
}

func (p Page) description() string {
	if p.Description != "" {
		return p.Description
	}
	return "Live moderation of Discord servers: what happened, who acted, and what comes next."
}

func (p Page) signedIn() bool { return p.Viewer != stats.Person{} }

func (p Page) moment() ui.Moment { return ui.Moment{At: p.Now, Now: p.Now} }

// modules are the scripts that main.js imports: loaded beside it, not after it.
func modules() []string {
	var out []string
	for _, name := range static.Names("js/") {
		switch name {
		case "js/theme.js", "js/main.js", "js/live-worker.js":
		default:
			out = append(out, name)
		}
	}
	return out
}
