package handlers

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// Visitor is who asks: somebody, and the session by which they are known. The zero Visitor is nobody.
type Visitor struct {
	Actor   access.Actor
	Session store.Session // zero for nobody and in the demo
}

// Identity says who the visitor is. It may set a cookie on w, whose headers are not sent yet. An error says that nobody
// can tell now; it never means that nobody is signed in.
type Identity func(w http.ResponseWriter, r *http.Request) (Visitor, error)

// Roster knows what people are in guilds.
type Roster interface {
	access.Roster
	// Mine are an actor's roles in all guilds where there is one, as far as they are known here: for lists, which must
	// not wait for Discord.
	Mine(ctx context.Context, actor access.Actor) (map[snowflake.GuildID]access.Role, error)
	// Meet is told in which guilds somebody is who has just signed in.
	Meet(ctx context.Context, user snowflake.UserID, guilds []snowflake.GuildID)
}

const (
	visitorKey = "visitor"
	roleKey    = "role"
)

// visitor asks once for each request who it is.
func (s *site) visitor(c echo.Context) (access.Actor, error) {
	visitor, err := s.identify(c)
	return visitor.Actor, err
}

func (s *site) identify(c echo.Context) (Visitor, error) {
	if visitor, ok := c.Get(visitorKey).(Visitor); ok {
		return visitor, nil
	}
	visitor, err := s.Identity(c.Response(), c.Request())
	if err != nil {
		return Visitor{}, unrecognised(err)
	}
	if visitor.Session.ID != 0 {
		s.Sessions.used(visitor.Session.ID, c.RealIP())
	}
	c.Set(visitorKey, visitor)
	return visitor, nil
}

// unrecognised is told when the sessions cannot be read or written. It never looks as if nobody were signed in.
func unrecognised(err error) error {
	if fault.Of(err) != fault.Internal {
		return err
	}
	return fault.Wrap(err, fault.Unavailable, "Who is signed in cannot be looked up just now. Please try again.")
}

// sessionOf is the session by which the visitor is known; zero for nobody, in the demo, and where nobody has asked.
func sessionOf(c echo.Context) store.Session {
	visitor, _ := c.Get(visitorKey).(Visitor)
	return visitor.Session
}

// roleOf is the role that the visitor's grant was given for; None on routes that belong to no guild.
func roleOf(c echo.Context) access.Role {
	role, _ := c.Get(roleKey).(access.Role)
	return role
}

// witness is a roster that remembers the role that it told, so that a request asks once.
type witness struct {
	access.Roster
	role access.Role
}

// RoleIn asks the roster behind it.
func (w *witness) RoleIn(ctx context.Context, guild snowflake.GuildID, actor access.Actor) (access.Role, error) {
	role, err := w.Roster.RoleIn(ctx, guild, actor)
	w.role = role
	return role, err
}
