package access

import "guildwatch/internal/snowflake"

// Automatic is a right that guildwatch itself has in every guild, to act by the rules that the guild has saved.
type Automatic interface {
	Right
	automatic()
}

// A rule whose expression takes too long is switched off.
func (UpdateRules) automatic() {}

// OfSystem is guildwatch's own grant. Nobody has asked, so nobody is checked: only the desk and its worker may call
// this, which a test of the imports sees to.
func OfSystem[R Automatic](guild snowflake.GuildID) Grant[R] {
	return Grant[R]{actor: System(), guild: guild, made: true}
}
