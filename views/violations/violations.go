// Package violations is the list of what broke a guild's rules, the page of one of them, and what both share with a
// member's card: rows, actions, and the buttons by which one acts.
package violations

import (
	"strconv"
	"time"

	"guildwatch/internal/frame"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
	"guildwatch/views/rules"
	"guildwatch/views/ui"
)

// Region is the name under which the list fetches itself again when a violation comes or changes.
const Region frame.Name = "violations"

// View is the page with the list.
type View struct {
	Page   layout.Page
	Filter Filter
	List   List
}

// Place is where a page stands, and what its viewer may do there.
type Place struct {
	Guild    snowflake.GuildID
	At       time.Time
	Seq      int64  // the last change it includes
	TimeZone string // of the guild
	May      May
}

// May is what a viewer may do.
type May struct {
	Act    bool // on members, and undo it
	Manage bool // violations and warnings
}

// List is a page of the list: what can be fetched again by itself.
type List struct {
	Place
	Rows     []Row  // the newest first
	Narrowed bool   // a filter is set
	Newest   string // address of the first page; empty: this is it
	Older    string // address of the next page; empty: this is the last
	Export   string // where the rows can be taken out; empty: not by the viewer
}

// Row is a violation with what became of it.
type Row struct {
	moderation.Violation
	Who      stats.Person // zero: no member is behind it
	Channel  string       // with its #; empty: none
	State    moderation.ViolationState
	Version  int64 // of the rule; 0: not one of guildwatch's own
	Surface  moderation.Surface
	Response time.Duration // negative: nobody has answered yet
	MarkedBy stats.Person
	Claim    Claim
	Actions  []Action // the oldest first
}

// Claim is who is on a violation; zero: nobody.
type Claim struct {
	By    stats.Person
	Until time.Time
	Mine  bool
}

// Action is what was done, and how it went.
type Action struct {
	moderation.Action
	ID        int64
	At        time.Time
	By        stats.Person // zero: no person
	Problem   string       // why it failed, with the fix
	Violation int64        // its number; 0: none
	Undone    bool         // it was taken back, or is about to be
	CanUndo   bool
	Told      moderation.Notice // the member; zero: they are not, or nobody looked
}

// URL is the list of a guild.
func URL(guild snowflake.GuildID) string { return "/g/" + snowflake.String(guild) + "/violations" }

// PageURL is the page of one violation.
func PageURL(guild snowflake.GuildID, number int64) string {
	return URL(guild) + "/" + strconv.FormatInt(number, 10)
}

// MemberURL is the card of a member.
func MemberURL(guild snowflake.GuildID, user snowflake.UserID) string {
	return "/g/" + snowflake.String(guild) + "/members/" + snowflake.String(user)
}

// ruleURL leads to one of guildwatch's own rules; empty for any other.
func (r Row) ruleURL() string {
	if r.Version == 0 {
		return ""
	}
	number, err := strconv.ParseInt(trimSource(r.Rule), 10, 64)
	if err != nil {
		return ""
	}
	return rules.RuleURL(r.Guild, number)
}

func (v View) page() layout.Page { return v.Page.Part("Violations") }

func (l List) panel() ui.Panel {
	return ui.Panel{Region: Region, Title: "Violations", Icon: "shield-alert", Note: "newest first", Seq: l.Seq,
		Moment: l.moment(l.At), RefetchOn: frame.Violation}
}

func (p Place) moment(at time.Time) ui.Moment {
	return ui.Moment{At: at, Now: p.At, Zone: ui.Zone(p.TimeZone)}
}

func (r Row) anchor() string { return "violation-" + strconv.FormatInt(r.Number, 10) }
