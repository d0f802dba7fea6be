// Package team is the page on which one sees who may do what in a guild, and why, and on which its owners change that.
package team

import (
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// Region is the name under which the page fetches its lists again, after each change of roles or settings.
const Region frame.Name = "team"

// View is the page.
type View struct {
	Page   layout.Page // Sections are filled in
	Team   Team
	Search Search
	Change *Change // whose role is being changed; nil: nobody's
}

// Team is who has which role in a guild: the lists of the page.
type Team struct {
	Guild    snowflake.GuildID
	At       time.Time
	Seq      int64  // the last change it includes
	TimeZone string // of the guild
	People   []Member
	More     int       // people with a role beyond those listed
	Mappings []Mapping // Discord roles that mean a role here, the highest in Discord first
	Owner    bool      // the viewer may change roles
}

// Member is a person with a role.
type Member struct {
	Person  stats.Person
	Role    access.Role // None: what was given does not count any more, and nothing else does
	Reasons []Reason    // the highest role first
	Fixed   string      // why nothing about it can be changed here; empty: an owner can
}

// Reason is one ground on which a person has a role.
type Reason struct {
	Role    access.Role
	Ground  access.Ground
	Discord ui.DiscordRole // of ByAdministrator and ByDiscordRole
	By      stats.Person   // of ByAssignment: who gave it, and when
	At      time.Time
	Ended   bool // it does not count any more: the person has left since it was given
}

// Mapping is a Discord role that means a role here.
type Mapping struct {
	ID      snowflake.RoleID
	Discord ui.DiscordRole
	Role    access.Role
	By      stats.Person
	At      time.Time
}

// Search is the way to whose role is to be changed. Only owners have it.
type Search struct {
	Text   string // what was searched for; empty: nothing yet
	Found  []Found
	More   bool        // there are more than Found
	Roles  []ui.Option // Discord roles that can be given a role here, by id
	Chosen string      // the id of the one that is chosen
}

// Found is a member whom a search found.
type Found struct {
	Person stats.Person
	Note   string      // the user name where Person has another; may be empty
	Role   access.Role // that they have now; may be None
}

// Change is the form for one member or one Discord role.
type Change struct {
	Subject  access.Subject
	Person   stats.Person   // of a member
	Discord  ui.DiscordRole // of a Discord role
	Was      access.Role    // what is given now; None: nothing
	To       access.Role    // what is chosen in the form
	Everyone bool           // the Discord role is that of all members, who can be viewer at most
	Stays    access.Role    // what a member has on other grounds; None: nothing
	Fixed    string         // why it cannot be changed; empty: it can
	Problem  string         // why the form came back; empty: it did not
}
