package identity

import (
	"slices"

	"guildwatch/internal/snowflake"
)

// Operators says who runs this instance: whoever was named in the settings, and whoever owns the application in Discord
// or belongs to its team. It is asked anew for each request, so that it follows Discord.
type Operators struct {
	Named   []snowflake.UserID
	Discord func() []snowflake.UserID
}

// Has says whether a user is an operator.
func (o Operators) Has(user snowflake.UserID) bool {
	return user != 0 && (slices.Contains(o.Named, user) || slices.Contains(o.Discord(), user))
}
