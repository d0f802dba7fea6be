package viewtest

import (
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/team"
	"guildwatch/views/ui"
)

// The Discord roles of the busy server.
var (
	Staff  = ui.DiscordRole{Name: "Staff", Color: 0xe67e22}
	Forged = ui.DiscordRole{Name: "<b>mod</b>\u202e\"rolE", Color: 0x2ecc71}
	Lost   = ui.DiscordRole{Name: "Deleted role #482913", Gone: true}
)

// Team is a team in which every reason for a role occurs, as an owner or somebody else sees it.
func Team(owner bool) team.Team {
	otto, mara := Person(41, "Otto Lind"), Person(31, "Mara Voss")
	given := func(role access.Role, by stats.Person, days int) team.Reason {
		return team.Reason{Role: role, Ground: access.ByAssignment, By: by, At: Now.AddDate(0, 0, -days)}
	}
	over := given(access.Moderator, mara, 90)
	over.Ended = true
	return team.Team{
		Guild: HarborID, At: Now, Seq: 4711, TimeZone: "Europe/Lisbon", Owner: owner, More: 3,
		People: []team.Member{
			{Person: otto, Role: access.Owner, Fixed: "This is you: another owner changes your role.",
				Reasons: []team.Reason{{Role: access.Owner, Ground: access.ByOwnership}}},
			{Person: mara, Role: access.Admin, Reasons: []team.Reason{
				{Role: access.Admin, Ground: access.ByAdministrator, Discord: Staff}, given(access.Moderator, otto, 40)}},
			{Person: stats.Person{ID: 77 << 22, Name: "Harbor Helper", Bot: true, Known: true}, Role: access.Admin,
				Reasons: []team.Reason{{Role: access.Admin, Ground: access.ByAdministrator, Discord: Forged}}},
			{Person: Person(33, "evil\u202ename\u200b"), Role: access.Moderator, Reasons: []team.Reason{
				{Role: access.Moderator, Ground: access.ByDiscordRole, Discord: Forged}}},
			{Person: Person(32, "xX_spam_lord_with_a_rather_long_name_Xx"), Role: access.Viewer,
				Reasons: []team.Reason{given(access.Viewer, stats.Person{}, 1)}},
			{Person: stats.Person{ID: 34, Name: "Deleted User #482913", Gone: true, Known: true},
				Reasons: []team.Reason{over}},
		},
		Mappings: []team.Mapping{
			{ID: 9, Discord: Forged, Role: access.Moderator, By: mara, At: Now.AddDate(0, -2, 0)},
			{ID: 10, Discord: Lost, Role: access.Viewer, By: otto, At: Now.Add(-2 * time.Hour)},
		},
	}
}

// TeamOf is the team page as an owner sees it after a search.
func TeamOf() team.View {
	return team.View{Page: GuildPart("Pixel Harbor", "/team"), Team: Team(true), Search: TeamSearch()}
}

// TeamSearch is a search that found two members.
func TeamSearch() team.Search {
	return team.Search{
		Text: "ma", More: true,
		Found: []team.Found{
			{Person: Person(31, "Mara Voss"), Note: "mara.v", Role: access.Admin},
			{Person: Person(36, "Ma\u200bx \"><script>")},
		},
		Roles: []ui.Option{{Value: "9", Label: Forged.Name}, {Value: snowflake.String(HarborID), Label: "@everyone"}},
	}
}

// TeamChange is the form for a member who is moderator and stays viewer without it.
func TeamChange() team.Change {
	return team.Change{Subject: access.Member(31 << 22), Person: Person(31, "Mara Voss"), Was: access.Moderator,
		To: access.Moderator, Stays: access.Viewer}
}
