// Package appeals is the list of what members say against what was done about them, and the page on which one is
// decided.
package appeals

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"guildwatch/internal/frame"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
	"guildwatch/views/violations"
)

// Region is the name under which the list fetches itself again when an appeal is made or decided.
const Region frame.Name = "appeals"

// View is the page with the list.
type View struct {
	Page layout.Page
	List List
}

// List is a page of the list: what can be fetched again by itself.
type List struct {
	violations.Place
	State  moderation.AppealState // empty: all, open ones first
	Open   []violations.Appeal    // on the first page of all
	Rows   []violations.Appeal    // the newest first
	Newest string                 // address of the first page; empty: this is it
	Older  string                 // address of the next page; empty: this is the last
	Closed bool                   // the guild takes no appeals
}

// States are those that the list can be narrowed to.
func States() []moderation.AppealState {
	return []moderation.AppealState{moderation.AppealOpen, moderation.AppealApproved, moderation.AppealDenied,
		moderation.AppealWithdrawn}
}

// URL is a page of the list: of a state, after an appeal; empty and 0 stand for all and the first.
func URL(guild snowflake.GuildID, state moderation.AppealState, before int64) string {
	address, sep := violations.AppealsURL(guild), "?"
	if state != "" {
		address, sep = address+"?state="+string(state), "&"
	}
	if before != 0 {
		address += sep + "before=" + strconv.FormatInt(before, 10)
	}
	return address
}

func (v View) page() layout.Page { return v.Page.Part("Appeals") }

func (l List) panel() ui.Panel {
	return ui.Panel{Region: Region, Title: "Appeals", Icon: "gavel", Note: "open ones first", Seq: l.Seq,
		Moment: moment(l.Place, l.At), RefetchOn: frame.Appeal}
}

func (l List) state() ui.Field {
	field := ui.Field{Name: "state", Label: "State", Value: string(l.State), Options: []ui.Option{{Label: "All"}}}
	for _, state := range States() {
		badge := violations.Appeal{Appeal: moderation.Appeal{State: state}}.StateBadge()
		field.Options = append(field.Options, ui.Option{Value: string(state), Label: badge.Label})
	}
	return field
}

func moment(p violations.Place, at time.Time) ui.Moment {
	return ui.Moment{At: at, Now: p.At, Zone: ui.Zone(p.TimeZone)}
}

func all(guild snowflake.GuildID) templ.SafeURL { return templ.URL(violations.AppealsURL(guild)) }
