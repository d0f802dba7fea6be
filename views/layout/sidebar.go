package layout

import (
	"strconv"
	"strings"

	"guildwatch/internal/access"
)

// path is a page's path without its query.
func path(address string) string {
	before, _, _ := strings.Cut(address, "?")
	return before
}

// navLink is a page of the current guild.
type navLink struct{ url, icon, text string }

// guildLinks are the pages of a guild that the viewer's role opens.
func (p Page) guildLinks(g GuildLink) []navLink {
	links := []navLink{{g.URL(), "layout-dashboard", "Dashboard"}, {g.URL() + "/violations", "shield-alert", "Violations"},
		{g.URL() + "/warnings", "triangle-alert", "Warnings"},
		{g.URL() + "/appeals", "gavel", "Appeals"}, {g.URL() + "/raid", "lock", "Raids"},
		{g.URL() + "/rules", "shield-check", "Rules"},
		{g.URL() + "/analytics", "activity", "Analytics"}}
	if access.Allows[access.Export](p.Role) {
		links = append(links, navLink{g.URL() + "/exports", "download", "Exports"})
	}
	links = append(links, navLink{g.URL() + "/reports", "calendar-days", "Reports"})
	if access.Allows[access.ViewTeam](p.Role) {
		links = append(links, navLink{g.URL() + "/team", "users", "Team"})
	}
	if access.Allows[access.ViewAudit](p.Role) {
		links = append(links, navLink{g.URL() + "/audit", "scroll-text", "Audit log"})
	}
	return append(links, navLink{g.URL() + "/settings", "settings-2", "Settings"})
}

func roles() []access.Role {
	return []access.Role{access.Owner, access.Admin, access.Moderator, access.Viewer}
}

func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

func pressed(on bool) string { return strconv.FormatBool(on) }
