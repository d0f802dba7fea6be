package handlers

import (
	"context"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// refused passes on why a right was not given, and notes in the audit log that somebody asked for more than their role
// has. Who is nobody, or has no role at all, is not noted: strangers must not be able to fill a guild's log.
func (s *site) refused(
	c echo.Context, err error, actor access.Actor, role access.Role, guild snowflake.GuildID, right string,
) error {
	if fault.Of(err) == fault.Forbidden {
		s.noteDenial(c, store.Denial{Actor: actor, Role: role, Guild: guild, Right: right})
	}
	return err
}

// deniedTo is the refusal of more than a right allows, to whom the right itself was given.
func deniedTo[R access.Right](grant access.Grant[R], subject access.Subject) store.Denial {
	return store.Denial{Actor: grant.Actor(), Role: grant.Role(), Guild: grant.Guild(), Right: access.NameOf[R](),
		Subject: subject}
}

// noteDenial writes a refusal into the audit log. The answer is the same refusal whether that works or not.
func (s *site) noteDenial(c echo.Context, refused store.Denial) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), answerTime)
	defer cancel()
	if err := s.Store.RecordDenial(ctx, refused); err != nil {
		s.Logger.Warn("a refusal is not in the audit log", "request", referenceOf(c), "guild", refused.Guild,
			"right", refused.Right, "error", err)
	}
}
