package handlers

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/live"
	"guildwatch/internal/snowflake"
)

// liveOverview is the stream of the operator's page.
func (s *site) liveOverview(c echo.Context, operation access.Operation) error {
	return s.open(c, live.Overview(), operation.Actor())
}

// liveGuild is the stream of a guild's pages.
func (s *site) liveGuild(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	return s.open(c, live.Guild(grant.Guild()), grant.Actor())
}

// apiStatsRealtime is the stream of /api/stats.
func (s *site) apiStatsRealtime(c echo.Context) error {
	actor, err := s.visitor(c)
	if err != nil {
		return err
	}
	return s.open(c, live.OverviewJSON(), actor)
}

// apiEvents is the stream of a guild for scripts.
func (s *site) apiEvents(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	return s.open(c, live.GuildJSON(grant.Guild()), grant.Actor())
}

// open hands the connection to the hub until the stream ends. The topic is named here, never by the visitor. A tab that
// is reloaded over and over opens a stream each time, so openings are limited too, by session and not by address.
func (s *site) open(c echo.Context, topic live.Topic, actor access.Actor) error {
	after, err := seq(c.QueryParam("after"))
	if err != nil {
		return err
	}
	wish := live.Subscription{Topic: topic, User: actor.User(), After: after, Still: s.mayListen(c, topic)}
	if guild, own := topic.Guild(); own {
		wish.First = func() []live.Frame { return s.noteFrames(c.Request().Context(), guild, actor.User()) }
	}
	session := clientOf(c)
	if actor.User() != 0 {
		session = snowflake.String(actor.User())
	} else {
		wish.Viewer = session
	}
	if err := s.openings.enforce(session); err != nil {
		return err
	}
	return s.Hub.Serve(c.Response(), c.Request(), wish)
}

// seq reads the change that a page was rendered at; -1 for none given.
func seq(text string) (int64, error) {
	if text == "" {
		return -1, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, fault.New(fault.Invalid, "The parameter \"after\" must be the number of a change.")
	}
	return n, nil
}
