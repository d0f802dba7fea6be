package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/identity"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/signin"
)

// showLink asks whoever opened a link from Discord whether to sign in. It spends nothing: previews and robots open
// links too.
func (s *site) showLink(c echo.Context) error {
	link, visitor, err := s.linkOf(c)
	if err != nil {
		return s.refuseSignIn(c, err)
	}
	ctx := c.Request().Context()
	profile, _, err := s.Store.Profile(ctx, link.Guild)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, signin.Link(signin.Invitation{Page: s.doorFrame(c, visitor.Actor),
		Person: s.person(ctx, link.User), Guild: link.Guild, Name: profile.Name, Icon: profile.Icon,
		Expires: link.Expires}))
}

// useLink signs in whom the link was made for, and leads to the guild where it was asked for.
func (s *site) useLink(c echo.Context) error {
	link, _, err := s.linkOf(c)
	if err == nil {
		link, err = s.Links.Spend(c.Request().Context(), c.Param("token"))
	}
	if err != nil {
		return s.refuseSignIn(c, err)
	}
	if err := s.Sessions.begin(c.Response(), c.Request(), link.User, c.RealIP()); err != nil {
		return unrecognised(err)
	}
	return c.Redirect(http.StatusSeeOther, "/g/"+snowflake.String(link.Guild))
}

// linkOf finds the link that the request is about, if this browser may be signed in by it. Somebody else who is signed
// in has to sign out first: a link that was sent to them must not make them another person unawares.
func (s *site) linkOf(c echo.Context) (link store.Link, visitor Visitor, err error) {
	switch {
	case s.Links == nil:
		return link, visitor, echo.ErrNotFound
	case s.bars(c.Request()):
		return link, visitor, &identity.Refusal{Reason: identity.Insecure}
	}
	if visitor, err = s.identify(c); err != nil {
		return link, visitor, err
	}
	link, err = s.Links.Look(c.Request().Context(), c.Param("token"))
	if user := visitor.Actor.User(); err == nil && user != 0 && user != link.User {
		err = &identity.Refusal{Reason: identity.OtherPerson}
	}
	return link, visitor, err
}
