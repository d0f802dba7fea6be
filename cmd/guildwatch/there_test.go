package main

import (
	"testing"

	"guildwatch/internal/access"
)

// Whoever leaves while a moderator writes the reason is not warned, and the moderator is told why.
func TestNobodyIsWarnedWhoHasLeft(t *testing.T) {
	s := newStage(t)
	s.open()
	s.connected()
	s.appoint(s.ada, access.Moderator)
	_, form := s.on(s.ada, "Warn", s.bob)
	s.sim.Leave(s.guild, s.bob)
	says(t, s.sends(s.ada, form, "rude"), "not in this server any more, so a warning would reach nobody")
	says(t, s.types(s.ada, "guildwatch warnings", whose(s.bob)), "There are none.")
	s.close()
}
