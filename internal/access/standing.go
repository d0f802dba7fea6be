package access

import "guildwatch/internal/snowflake"

// Ground is why a person has a role.
type Ground string

// The grounds, as the team page names them.
const (
	ByOwnership     Ground = "ownership"     // owns the guild in Discord
	ByAdministrator Ground = "administrator" // has a Discord role with the permission Administrator
	ByAssignment    Ground = "assignment"    // was given it on the dashboard
	ByDiscordRole   Ground = "discord_role"  // has a Discord role that was mapped on the dashboard
)

// Cause is one ground on which a person has one role.
type Cause struct {
	Role    Role
	Ground  Ground
	Discord snowflake.RoleID // the Discord role; 0 for ByOwnership and ByAssignment
}

// Facts are what a person's role in a guild follows from.
type Facts struct {
	Member     bool // in a guild that the bot is in too; false: the rest is not looked at
	GuildOwner bool
	Roles      []DiscordRole // the person's in Discord, that of @everyone too
	Assigned   Role          // None: nothing was given
}

// DiscordRole is what a role in Discord means for rights here.
type DiscordRole struct {
	ID            snowflake.RoleID
	Administrator bool
	Mapped        Role // None: it was not mapped
}

// Standing is what a person is in a guild, and why: every cause, the highest role first, in the order of the grounds
// where roles are equal. An empty one is nobody's.
type Standing []Cause

// Derive gives the standing that follows from facts. The highest role counts, so giving a role never lowers anybody. No
// Discord role makes an owner, whatever it was mapped to: see MayAssign.
func Derive(f Facts) Standing {
	if !f.Member {
		return nil
	}
	var s Standing
	if f.GuildOwner {
		s = s.with(Cause{Role: Owner, Ground: ByOwnership})
	}
	for _, role := range f.Roles {
		if role.Administrator {
			s = s.with(Cause{Role: Admin, Ground: ByAdministrator, Discord: role.ID})
		}
	}
	s = s.with(Cause{Role: f.Assigned, Ground: ByAssignment})
	for _, role := range f.Roles {
		s = s.with(Cause{Role: min(role.Mapped, Admin), Ground: ByDiscordRole, Discord: role.ID})
	}
	return s
}

// with puts a cause behind those of the same role and before lower ones.
func (s Standing) with(c Cause) Standing {
	if c.Role == None {
		return s
	}
	at := len(s)
	for at > 0 && s[at-1].Role < c.Role {
		at--
	}
	s = append(s, Cause{})
	copy(s[at+1:], s[at:])
	s[at] = c
	return s
}

// Role is the highest role, None where there is no cause.
func (s Standing) Role() Role {
	if len(s) == 0 {
		return None
	}
	return s[0].Role
}
