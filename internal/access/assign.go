package access

import (
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

// SubjectKind says to whom a role is given.
type SubjectKind string

// The kinds of subject, as the database and JSON name them.
const (
	SubjectMember      SubjectKind = "member"
	SubjectDiscordRole SubjectKind = "discord_role"
)

// Subject is to whom a role is given: one member, or whoever has a role in Discord.
type Subject struct {
	Kind SubjectKind
	User snowflake.UserID // of a member
	Role snowflake.RoleID // of a Discord role
}

// Member is one member as a subject.
func Member(user snowflake.UserID) Subject { return Subject{Kind: SubjectMember, User: user} }

// HoldersOf is whoever has a role in Discord as a subject.
func HoldersOf(role snowflake.RoleID) Subject { return Subject{Kind: SubjectDiscordRole, Role: role} }

// ID is the user's or the role's number.
func (s Subject) ID() int64 { return int64(s.User) | int64(s.Role) } // one of the two is 0

// MayAssign says whether somebody whose role is own may change what was given to subject from one role to another;
// None is nothing. It answers nil or a *fault.Error: Forbidden, or Invalid for what no subject can be.
//
// An owner may name and take further owners; nobody else touches a role at or above their own, and nobody their own.
// Who owns the guild in Discord is owner whatever is given or taken here, so a guild is never without one.
func MayAssign(actor Actor, own Role, subject Subject, from, to Role) error {
	switch {
	case subject.Kind == SubjectMember && subject.User == 0, subject.Kind == SubjectDiscordRole && subject.Role == 0,
		subject.Kind != SubjectMember && subject.Kind != SubjectDiscordRole:
		return fault.New(fault.Invalid, "Choose a member or a Discord role.")
	case subject.Kind == SubjectMember && subject.User == actor.User():
		return fault.New(fault.Forbidden, "Nobody changes their own role. Ask another owner.")
	case own == Owner && subject.Kind == SubjectDiscordRole && to == Owner:
		// Whoever manages roles in Discord could make themselves owner here.
		return fault.New(fault.Forbidden, "A Discord role can make people viewer, moderator or admin. Name owners one by one.")
	case own != Owner && (from >= own || to >= own):
		return fault.New(fault.Forbidden, "You may not give or take the role %s: yours is %s.", max(from, to), own)
	}
	return nil
}
