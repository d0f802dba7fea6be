package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
)

// byHeader takes the id in the header X-Person for the visitor, and nobody where there is none.
func byHeader(_ http.ResponseWriter, r *http.Request) (Visitor, error) {
	id, err := snowflake.Parse[snowflake.UserID](r.Header.Get("X-Person"))
	if err != nil {
		return Visitor{}, nil
	}
	return Visitor{Actor: access.Person(id, false)}, nil
}

// timeless stops the clock of the limits of how much in a minute, so that a test that counts may take longer than one.
func (h *house) timeless() *house {
	for _, l := range []*limiter{h.scripts, h.openings, h.signIns, h.deeds, h.guildDeeds} {
		l.now = func() time.Time { return noon }
	}
	return h
}

// crowded opens a site with two routes that change something: one in a guild, one for scripts.
func crowded(t *testing.T) *house {
	t.Helper()
	h := open(t, func(o *Options) {
		o.Identity = byHeader
		o.Roster = byActor(func(actor access.Actor) access.Role {
			if actor.User() < 1000 {
				return access.Owner
			}
			return access.Viewer
		})
	})
	done := func(_ *site, c echo.Context, _ access.Grant[access.ManageRoles]) error { return c.NoContent(204) }
	h.add(h.router, inGuild[access.ManageRoles]("POST /g/:guild_id/deed", done))
	h.add(h.router, inGuild[access.ManageRoles]("POST /api/servers/:guild_id/deed", done))
	return h.timeless()
}

// repeat gives the status of so many deeds of one person, and the last answer.
func (h *house) repeat(t *testing.T, person, times int, path string) (statuses []int, last reply) {
	t.Helper()
	for range times {
		last = h.ask(t, "POST", path, "X-Person", fmt.Sprint(person))
		statuses = append(statuses, last.StatusCode)
	}
	return statuses, last
}

func TestDeedsOfOnePersonAreLimited(t *testing.T) {
	h := crowded(t)
	page, script := "/g/"+home.String()+"/deed", "/api/servers/"+home.String()+"/deed"
	if all, _ := h.repeat(t, 7, deedsPerMinute, page); slices.Max(all) != 204 {
		t.Fatalf("within the limit: %v", all)
	}
	_, html := h.repeat(t, 7, 1, page)
	if html.StatusCode != 429 || html.Header.Get("Retry-After") == "" || !strings.Contains(html.body,
		"at most 60 a minute") ||
		!strings.Contains(html.body, "</html>") {
		t.Errorf("one more: status %d, Retry-After %q, %.300s", html.StatusCode, html.Header.Get("Retry-After"), html.body)
	}
	_, scripts := h.repeat(t, 7, 1, script)
	if scripts.StatusCode != 429 || scripts.Header.Get("Retry-After") == "" || codeOf(t, scripts) != "too_many_requests" {
		t.Errorf("one more of a script: %v %s", scripts.Header, scripts.body)
	}
	if _, other := h.repeat(t, 8, 1, page); other.StatusCode != 204 {
		t.Errorf("another person pays for the first: status %d", other.StatusCode)
	}
	h.get(t, 200, homePath, "X-Person", "7") // looking is free
	walk(t, h.site, func(r *echo.Route) {
		if !changes(r.Method) || strings.HasPrefix(r.Path, "/sign-in/") {
			return
		}
		if got := h.ask(t, r.Method, fill(r.Path, home), "X-Person", "7"); got.StatusCode != 429 {
			t.Errorf("%s %s has no limit: status %d", r.Method, r.Path, got.StatusCode)
		}
	})
}

// A guild's own limit counts who may do something there, and nobody else: a stranger cannot use it up.
func TestDeedsInOneGuildAreLimited(t *testing.T) {
	h := crowded(t)
	page := "/g/" + home.String() + "/deed"
	for viewer := range 12 {
		if all, _ := h.repeat(t, 1000+viewer, deedsPerMinute, page); slices.Max(all) != 403 {
			t.Fatalf("a viewer's deeds: %v", all)
		}
	}
	for owner := range guildDeedsPerMinute / deedsPerMinute {
		if all, _ := h.repeat(t, 1+owner, deedsPerMinute, page); slices.Max(all) != 204 {
			t.Fatalf("owner %d within the limit: %v", owner, all)
		}
	}
	if _, got := h.repeat(t, 99, 1, page); got.StatusCode != 429 || got.Header.Get("Retry-After") == "" {
		t.Errorf("one more in the guild: status %d", got.StatusCode)
	}
}

// Each step of signing in is limited by address, for whoever is there.
func TestSigningInIsLimited(t *testing.T) {
	h := crowded(t)
	h.add(h.router, everyone("GET /sign-in/first", func(_ *site, c echo.Context) error { return c.NoContent(204) }))
	h.add(h.router, everyone("POST /sign-in/second/:token", func(_ *site,
		c echo.Context) error {
		return c.NoContent(204)
	}))
	for i := range signInsPerMinute + 1 {
		want := 204
		if i == signInsPerMinute {
			want = 429
		}
		person := fmt.Sprint(i + 1)
		if got := h.ask(t, "GET", "/sign-in/first", "X-Person", person, "X-Forwarded-For",
			"192.0.2."+person); got.StatusCode != want {
			t.Errorf("first step, try %d: status %d, want %d", i, got.StatusCode, want)
		}
		got := h.ask(t, "POST", "/sign-in/second/"+person)
		if got.StatusCode != want || want == 429 && got.Header.Get("Retry-After") == "" {
			t.Errorf("second step, try %d: status %d, want %d", i, got.StatusCode, want)
		}
	}
}
