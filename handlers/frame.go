package handlers

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/views/layout"
)

// guildFrame is the frame around a page of a guild, live from the change seq on.
func (s *site) guildFrame(
	c echo.Context, actor access.Actor, profile store.Profile, seq int64,
) (layout.Page, error) {
	guilds, err := s.guildsOf(c.Request().Context(), actor, switchable)
	if err != nil {
		return layout.Page{}, err
	}
	return s.guildFrameAmong(c, actor, guilds, profile.Guild.ID, profile.Name, profile.Icon, seq), nil
}

// guildFrameAmong is guildFrame with the guilds of the switcher in hand. The guild is put among them where it is none of
// the busiest.
func (s *site) guildFrameAmong(c echo.Context, actor access.Actor, guilds []layout.GuildLink, id snowflake.GuildID,
	name, icon string, seq int64,
) layout.Page {
	at := slices.IndexFunc(guilds, func(g layout.GuildLink) bool { return g.ID == id })
	if at < 0 {
		at, guilds = len(guilds), append(guilds, layout.GuildLink{ID: id, Icon: icon, Role: roleOf(c),
			Name: cmp.Or(name, "Server "+snowflake.String(id))})
	}
	page := s.pageFor(c, actor, guilds)
	page.Title, page.Current, page.Path = guilds[at].Name, id, formPath(c, page.Path)
	page.Live, page.Seq = "/live/"+snowflake.String(id), seq
	// A page without this number is better than none.
	page.OpenAppeals, _ = s.Store.OpenAppeals(c.Request().Context(), id)
	page.RaidOn, _ = s.Store.RaidOn(c.Request().Context(), id)
	page.Notes = s.notesOnPage(c, actor, id)
	return page
}

// formPath is the path of a page that shows a posted form again: forms are posted to the page that they stand on.
func formPath(c echo.Context, path string) string {
	if c.Request().Method == http.MethodPost {
		return c.Request().URL.EscapedPath()
	}
	return path
}

// noGuild is what everybody gets for a guild that the bot has left between the check and here.
func noGuild() error {
	return fault.New(fault.NotFound, "There is no such server here, or you have no access to it.")
}

func noRegion() error { return fault.New(fault.NotFound, "This page has no part of that name.") }

// people are users as a page names them.
type people map[snowflake.UserID]stats.Person

// people names users for one visitor. In the demo nobody but themselves knows a visitor, who has no name.
func (s *site) people(ctx context.Context, actor access.Actor, ids []snowflake.UserID) (people, error) {
	named, err := s.Stats.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	if s.DemoKey != nil && actor.User() != 0 {
		for id, person := range named {
			if demoAs(id, access.Viewer) == demoAs(actor.User(), access.Viewer) {
				named[id] = stats.Person{ID: person.ID, Name: "You", Known: true}
			}
		}
	}
	return named, nil
}

func (s *site) now() time.Time { return time.Now().UTC() }
