// Package rules is the pages of a guild's rules: the list with what each rule found, the editor, trying a message out,
// versions, shadow mode, and the ladder.
package rules

import (
	"strconv"
	"time"

	"guildwatch/internal/frame"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// Region is the name under which the page fetches its list again, after each change of rules or settings.
const Region frame.Name = "rules"

// View is the page.
type View struct {
	Page      layout.Page
	List      List
	Natives   NativeList
	Templates []rule.Template // to begin with; none for those who may not make rules
	Ladder    Ladder
	Try       Try
}

// List is a guild's rules: what can be fetched again by itself.
type List struct {
	Place
	Rows []Row
}

// Place is where a page of rules stands, and what its viewer may do there.
type Place struct {
	Guild    snowflake.GuildID
	At       time.Time
	Seq      int64  // the last change it includes
	TimeZone string // of the guild
	May      May
}

// May is what a viewer may do with rules.
type May struct {
	Update bool
	Delete bool
	Ladder bool
}

// Row is one rule with what it found.
type Row struct {
	Rule    rule.Rule
	Problem string // why guildwatch has switched it off; empty: it has not
	Week    Hits
}

// Hits is how often a rule was broken, by what became of it.
type Hits struct {
	Counted int64
	Shadow  int64
	False   int64 // false positives
}

// Ladder is what a violation costs a member.
type Ladder struct {
	Steps ladder.Ladder
	Own   bool // the guild has made its own
	Alone bool // it stands on its own page
}

// URL is the page of a guild's rules.
func URL(guild snowflake.GuildID) string { return "/g/" + snowflake.String(guild) + "/rules" }

// LadderURL is the page of a guild's ladder.
func LadderURL(guild snowflake.GuildID) string { return URL(guild) + "/ladder" }

// RuleURL is the page of one rule; of number 0, that of a new one.
func RuleURL(guild snowflake.GuildID, number int64) string {
	if number == 0 {
		return URL(guild) + "/new"
	}
	return URL(guild) + "/" + strconv.FormatInt(number, 10)
}

func (v View) page() layout.Page {
	p := v.Page.Part("Rules")
	p.Sections = []layout.Section{{ID: "list", Label: "Rules", Icon: "shield-check"}}
	if v.List.May.Update {
		p.Sections = append(p.Sections, layout.Section{ID: "new", Label: "New", Icon: "list-checks"})
	}
	p.Sections = append(p.Sections, layout.Section{ID: "trial", Label: "Try", Icon: "search"},
		layout.Section{ID: "ladder", Label: "Ladder", Icon: "gavel"}, layout.Section{ID: "automod", Label: "AutoMod", Icon: "bot"})
	return p
}

func (l List) panel() ui.Panel {
	return ui.Panel{Region: Region, Title: "Rules", Icon: "shield-check", Note: "hits of the last 7 days", Seq: l.Seq,
		Moment: l.moment(l.At), RefetchOn: frame.ConfigUpdate}
}

func (p Place) moment(at time.Time) ui.Moment {
	return ui.Moment{At: at, Now: p.At, Zone: ui.Zone(p.TimeZone)}
}

func (p Place) rule(number int64) string { return RuleURL(p.Guild, number) }

// violations is the list of what a rule found; its page leads here, so that this package cannot ask it for the address.
func (p Place) violations(number int64) string {
	return "/g/" + snowflake.String(p.Guild) + "/violations?rule=rule%3A" + strconv.FormatInt(number, 10)
}

// violation is the page of one.
func (p Place) violation(number int64) string {
	return "/g/" + snowflake.String(p.Guild) + "/violations/" + strconv.FormatInt(number, 10)
}

// anchor is the id of a rule's line in the list.
func anchor(number int64) string { return "rule-" + strconv.FormatInt(number, 10) }

// found is what a rule found in a week, in words: "12 hits, 3 in shadow mode, 1 false positive".
func (h Hits) found() string {
	text := count(h.Counted, "hit", "hits")
	if h.Shadow > 0 {
		text += ", " + ui.Count(h.Shadow) + " in shadow mode"
	}
	if h.False > 0 {
		text += ", " + count(h.False, "false positive", "false positives")
	}
	return text
}

func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return ui.Count(n) + " " + many
}
