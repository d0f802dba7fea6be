package handlers

import (
	"context"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

// refused passes on why a right was not given, and notes in the audit log that somebody asked for more than their role
// has. Who is nobody, or has no role at all, is not noted: strangers must not be able to fill a guild's log.
func (s *site) refused(
	c echo.Context, actor access.Actor, guild snowflake.GuildID, right string, err error,
) error {
	if fault.Of(err) == fault.Forbidden {
		s.noteDenial(c, actor, guild, right)
	}
	return err
}

// noteDenial writes a refusal into the audit log of a guild, 0 for the instance. The answer is the same refusal whether
// that works or not.
func (s *site) noteDenial(c echo.Context, actor access.Actor, guild snowflake.GuildID, right string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), answerTime)
	defer cancel()
	if err := s.Store.RecordDenial(ctx, actor, guild, right); err != nil {
		s.Logger.Warn("a refusal is not in the audit log", "request", referenceOf(c), "guild", guild, "right", right,
			"error", err)
	}
}
