// Package member is the card of a member: who they are, what they did, what was done about it, and the buttons to act.
package member

import (
	"time"

	"guildwatch/internal/frame"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
	"guildwatch/views/violations"
	"guildwatch/views/warnings"
)

// Region is the name under which the card fetches itself again when something happens about a member.
const Region frame.Name = "member"

// View is the page.
type View struct {
	Page  layout.Page
	Card  Card
	Act   *violations.ActForm // nil: the viewer may not
	Clear ClearForm
	Data  *DataForm // nil: the viewer may not take it out
}

// Card is what is known of a member: what can be fetched again by itself.
type Card struct {
	violations.Place
	Who      stats.Person
	User     moderation.User
	Nick     string // of users; empty: none
	Seen     bool   // Discord has told of them in this guild
	Left     bool
	Joined   time.Time
	TimedOut time.Time // until when; zero: they are not
	Roles    []ui.DiscordRole
	Level    int    // on the ladder, now
	Next     string // what the next violation costs
	Kicked   bool   // once, by whomever
	Counted  int64  // violations, by what became of them
	Shadow   int64
	False    int64

	Warnings []warnings.Row      // the newest first
	Actions  []violations.Action // the newest first
	Rows     []violations.Row    // the newest first
	Appeals  []violations.Appeal // the newest first
}

// ClearForm clears all warnings of the member, as it was filled in.
type ClearForm struct {
	Reason  string
	Problem string
}

// DataForm is what the viewer may do with all that is kept of the member.
type DataForm struct {
	Erase *EraseForm // nil: the viewer may not
}

// EraseForm erases the member, as it was filled in.
type EraseForm struct {
	ID      string // written by hand, so that nobody erases by mistake
	Problem string
}

func (v View) page() layout.Page {
	page := v.Page.Part(v.Card.Who.Name)
	page.Sections = []layout.Section{{ID: "card", Label: "Card", Icon: "users"}}
	if v.Act != nil {
		page.Sections = append(page.Sections, layout.Section{ID: "act", Label: "Act", Icon: "gavel"})
	}
	if v.clears() {
		page.Sections = append(page.Sections, layout.Section{ID: "clear", Label: "Clear", Icon: "circle-check"})
	}
	if v.Data != nil {
		page.Sections = append(page.Sections, layout.Section{ID: "data", Label: "Data", Icon: "scroll-text"})
	}
	return page
}

// clears says whether the viewer may clear warnings, and there are some.
func (v View) clears() bool { return v.Card.May.Manage && (v.Card.counting() || v.Clear.Problem != "") }

func (c Card) panel() ui.Panel {
	return ui.Panel{Region: Region, Title: "Card", Icon: "users", Seq: c.Seq, Moment: c.moment(c.At), RefetchOn: frame.Violation}
}

func (c Card) moment(at time.Time) ui.Moment {
	return ui.Moment{At: at, Now: c.At, Zone: ui.Zone(c.TimeZone)}
}

// made is when the account was made: its id says so.
func (c Card) made() time.Time { return snowflake.Time(c.User.ID) }

func (c Card) url(deed string) string { return violations.MemberURL(c.Guild, c.User.ID) + deed }

// more is the list of all violations of the member.
func (c Card) more() string {
	return violations.URL(c.Guild) + "?member=" + snowflake.String(c.User.ID)
}

// counting says whether a warning is left to clear.
func (c Card) counting() bool {
	for _, row := range c.Warnings {
		if row.Cleared.IsZero() {
			return true
		}
	}
	return false
}

// kept is how many violations do not count: "2 in shadow mode, 1 false positive"; empty: none.
func (c Card) kept() string {
	text := ""
	if c.Shadow > 0 {
		text = ui.Count(c.Shadow) + " in shadow mode"
	}
	if c.False > 0 {
		if text != "" {
			text += ", "
		}
		text += ui.Count(c.False) + " wrongly found"
	}
	return text
}
