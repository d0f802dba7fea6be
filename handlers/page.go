package handlers

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/frame"
	"guildwatch/internal/identity"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
)

// pageFor is the frame around a page for one visitor. guilds are those that the visitor may open.
func (s *site) pageFor(c echo.Context, actor access.Actor, guilds []layout.GuildLink) layout.Page {
	p := s.frameFor(c, actor, guilds)
	if actor.User() != 0 && s.DemoKey == nil {
		p.Viewer = s.person(c.Request().Context(), actor.User())
	}
	return p
}

// frameFor is pageFor with nothing asked of the database.
func (s *site) frameFor(c echo.Context, actor access.Actor, guilds []layout.GuildLink) layout.Page {
	p := layout.Page{Path: addressOf(c.Request()), Now: time.Now().UTC(), Operator: actor.IsOperator(), Role: roleOf(c),
		Guilds: guilds, Demo: s.DemoKey != nil, Version: s.Version}
	if actor.User() != 0 {
		p.Viewer = unnamed(actor.User())
	}
	p.Account = sessionOf(c).ID != 0
	if s.DemoKey != nil && actor.User() != 0 {
		p.Viewer = stats.Person{ID: actor.User(), Name: "You", Known: true}
		back, _, _ := strings.Cut(p.Path, "?")
		p.LookAs = "/demo/role?back=" + identity.OwnPath(back)
		p.Role = demoRole(actor)
	}
	return p
}

// person is somebody as pages name them. Who cannot be looked up just now is not known.
func (s *site) person(ctx context.Context, user snowflake.UserID) stats.Person {
	named, err := s.Stats.People(ctx, []snowflake.UserID{user})
	if err != nil {
		return unnamed(user)
	}
	return named[user]
}

func unnamed(user snowflake.UserID) stats.Person {
	return stats.Person{ID: user, Name: "User #" + snowflake.Tail(user)}
}

// switchable is how many guilds the switcher on every page offers: an instance may have 2 500, which would be 1 MB.
// /servers has all.
const switchable = 50

// guildsOf lists the busiest guilds in which the visitor has a role, at most so many of them.
func (s *site) guildsOf(ctx context.Context, actor access.Actor, most int) ([]layout.GuildLink, error) {
	guilds, err := s.Stats.Guilds(ctx)
	if err != nil {
		return nil, err
	}
	roles, err := s.Roster.Mine(ctx, actor)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "Your rights could not be checked just now. Please try again.")
	}
	var mine []layout.GuildLink
	for _, g := range guilds {
		if len(mine) == min(most, len(roles)) {
			break
		}
		if role, have := roles[g.ID]; have {
			mine = append(mine, layout.GuildLink{ID: g.ID, Name: g.Name, Icon: g.Icon, Role: role})
		}
	}
	return mine, nil
}

// addressOf is the page's own path and query, without the region that was asked for; the start for what cannot be asked
// for again by a link, and for a path that a browser would take for another host's.
func addressOf(r *http.Request) string {
	path := r.URL.EscapedPath()
	if r.Method != http.MethodGet && r.Method != http.MethodHead || strings.HasPrefix(path, "//") ||
		!strings.HasPrefix(path, "/") || strings.Contains(path, `\`) {
		return "/"
	}
	query := r.URL.Query()
	query.Del("region")
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// showRegion answers ?region=: one region of a page alone, which a page fetches when a frame was too large for its
// stream, or while the stream is down. find gives nil for a name that is none of the page's.
func showRegion(c echo.Context, name string, find func(frame.Name) templ.Component) error {
	component := find(frame.Name(name))
	if component == nil {
		return fault.New(fault.NotFound, "This page has no part of that name.")
	}
	return render(c, http.StatusOK, component)
}

// regionOf is the region that the request asks for; empty: the whole page.
func regionOf(c echo.Context) string {
	if restoresHistory(c.Request()) {
		return ""
	}
	return c.QueryParam("region")
}
