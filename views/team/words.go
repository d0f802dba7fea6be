package team

import (
	"fmt"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// URL is the team page of a guild.
func URL(guild snowflake.GuildID) string { return "/g/" + snowflake.String(guild) + "/team" }

// ofMember and ofRole are the page with the form for one member or Discord role.
func ofMember(guild snowflake.GuildID, user snowflake.UserID) string {
	return URL(guild) + "?member=" + snowflake.String(user) + "#change"
}

func ofRole(guild snowflake.GuildID, role snowflake.RoleID) string {
	return URL(guild) + "?discord_role=" + snowflake.String(role) + "#change"
}

func (v View) page() layout.Page {
	v.Page = v.Page.Part("Team")
	v.Page.Sections = []layout.Section{{ID: "people", Label: "People", Icon: "users"}}
	if v.Team.Owner {
		v.Page.Sections = append(v.Page.Sections, layout.Section{ID: "give", Label: "Give a role", Icon: "user-plus"})
	}
	return v.Page
}

func (t Team) panel() ui.Panel {
	return ui.Panel{Region: Region, Title: "Team", Icon: "users", Note: "highest role first", Seq: t.Seq,
		Moment: t.day(t.At), RefetchOn: frame.ConfigUpdate}
}

// day is a time as the guild reads it.
func (t Team) day(at time.Time) ui.Moment {
	return ui.Moment{At: at, Now: t.At, Zone: ui.Zone(t.TimeZone)}
}

// may says in a sentence what a role may do; product.md has the table.
func may(r access.Role) string {
	switch r {
	case access.Owner:
		return "Everything: also delete rules, give and take roles, and erase a member's data."
	case access.Admin:
		return "Also change settings and rules, and read the audit log and this page."
	case access.Moderator:
		return "Also handle violations and warnings, act on members, decide appeals, export, and switch raid mode."
	case access.Viewer:
		return "See the dashboard, violations, warnings, analytics, rules and settings."
	}
	return ""
}

// roles lists what can be given, the lowest first.
func roles() []access.Role {
	return []access.Role{access.Viewer, access.Moderator, access.Admin, access.Owner}
}

// choices are the roles that the form offers: owners are named one by one, never by a Discord role, and what all
// members are is not more than viewer.
func (c Change) choices() []access.Role {
	switch {
	case c.Everyone:
		return []access.Role{access.Viewer}
	case c.Subject.Kind == access.SubjectDiscordRole:
		return []access.Role{access.Viewer, access.Moderator, access.Admin}
	}
	return roles()
}

func (c Change) id() string {
	if c.Subject.Kind == access.SubjectDiscordRole {
		return snowflake.String(c.Subject.Role)
	}
	return snowflake.String(c.Subject.User)
}

// nothing says what the choice of no role leaves.
func (c Change) nothing() string {
	switch {
	case c.Subject.Kind == access.SubjectDiscordRole:
		return "Having it in Discord means nothing here."
	case c.Stays != access.None:
		return fmt.Sprintf("What is given here is taken away; they stay %s on other grounds.", c.Stays)
	}
	return "What is given here is taken away, and the dashboard is closed to them at once."
}

func more(n int) string {
	if n == 1 {
		return "One more person has a role. Search for them by name."
	}
	return ui.Count(int64(n)) + " more people have a role. Search for them by name."
}

// known says whether there is somebody to name.
func known(p stats.Person) bool { return p != stats.Person{} }

var nobody = ui.Nothing{
	Icon: "users", Title: "Nobody has a role here", Tone: ui.Neutral,
	Text: "Whoever owns the server in Discord, its administrators, and those who are given a role on this page will be listed here.",
}

var noMappings = ui.Nothing{
	Icon: "shield-check", Title: "No Discord role means anything here yet", Tone: ui.Neutral,
	Text: "When an owner says that a Discord role makes people moderators here, that is listed here, and holds for whoever has the role, as soon as they have it.",
}
