package access

import "guildwatch/internal/snowflake"

// Actor is who wants something done: a person, or guildwatch itself.
type Actor struct {
	user     snowflake.UserID // 0: the system, or nobody
	system   bool
	operator bool
}

// Person is a signed-in user. Being the operator is no right in any guild; it opens the overview and the instance's
// health.
func Person(user snowflake.UserID, operator bool) Actor { return Actor{user: user, operator: operator} }

// System is guildwatch acting by the rules that a guild has saved.
func System() Actor { return Actor{system: true} }

// User is the person's id; 0 for the system and for nobody.
func (a Actor) User() snowflake.UserID { return a.user }

// IsSystem says whether guildwatch itself acts.
func (a Actor) IsSystem() bool { return a.system }

// IsOperator says whether the person runs this instance.
func (a Actor) IsOperator() bool { return a.operator }

// IsNobody says whether no one is signed in.
func (a Actor) IsNobody() bool { return a == Actor{} }

// Role is what a person is on a guild's dashboard. Roles are ordered: a higher one has every right of the lower ones.
type Role int

// The roles. None means that the guild does not exist for this person.
const (
	None Role = iota
	Viewer
	Moderator
	Admin
	Owner
)

var roleNames = [...]string{"none", "viewer", "moderator", "admin", "owner"}

// String is the role's word on pages, in JSON and in the database.
func (r Role) String() string { return roleNames[r] }

// ParseRole reads a role's word; ok is false for any other text.
func ParseRole(text string) (role Role, ok bool) {
	for i, name := range roleNames {
		if name == text {
			return Role(i), true
		}
	}
	return None, false
}
