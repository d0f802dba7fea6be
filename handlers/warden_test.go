package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/frame"
	"guildwatch/internal/live"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// The people of these tests: a moderator by assignment, and a member whom a Discord role makes viewer.
const (
	assigned = snowflake.UserID(201)
	mapped   = snowflake.UserID(202)
	staff    = snowflake.RoleID(301)
)

// guarded is a site with a warden at work and two more people who may look.
func guarded(t *testing.T, change func(*Options)) *house {
	t.Helper()
	h := open(t, change)
	origin := moderation.Origin{Guild: home, At: noon}
	must(t, h.Store.SeeRole(t.Context(), moderation.RoleSeen{Origin: origin,
		Role: moderation.DiscordRole{ID: staff, Name: "Staff"}}))
	must(t, h.Store.SeeMembers(t.Context(), home, []moderation.Member{
		{User: moderation.User{ID: assigned, Name: "assigned"}},
		{User: moderation.User{ID: mapped, Name: "mapped"}, Roles: []snowflake.RoleID{staff}}}))
	h.give(t, access.Member(assigned), access.Moderator)
	h.give(t, access.HoldersOf(staff), access.Viewer)
	ctx, stop := context.WithCancel(context.Background())
	var working sync.WaitGroup
	warden := NewWarden(h.Hub, h.Store)
	working.Go(func() { warden.Run(ctx) })
	t.Cleanup(func() { stop(); working.Wait() })
	return h
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// give makes somebody something, as the keeper.
func (h *house) give(t *testing.T, subject access.Subject, role access.Role) {
	t.Helper()
	grant, err := access.Check[access.ManageRoles](t.Context(), h.Roster, access.Person(keeper, true), home)
	must(t, err)
	must(t, h.Store.AssignRole(t.Context(), grant, subject, role))
}

// ending reads a stream to its end and gives the data of its last frame, which has to say why.
func (l *listener) ending(t *testing.T) string {
	t.Helper()
	name, last := "", ""
	for l.lines.Scan() {
		line := l.lines.Text()
		if line != "" && name == "end" && !strings.HasPrefix(line, "data: ") && !strings.HasPrefix(line, "id: ") {
			t.Errorf("%q came after the end", line)
		}
		if after, ok := strings.CutPrefix(line, "event: "); ok {
			name = after
		}
		if after, ok := strings.CutPrefix(line, "data: "); ok {
			last = after
		}
	}
	if name != "end" {
		t.Fatalf("the stream ended with %q %q and does not say why", name, last)
	}
	return last
}

// F27: whatever takes the right to look away ends the stream with the reason, while other people's go on; whoever comes
// back is refused.
func TestStreamsEndWithTheRight(t *testing.T) {
	origin := func() moderation.Origin { return moderation.Origin{Guild: home, At: noon.Add(time.Minute)} }
	user := func(id snowflake.UserID) moderation.User { return moderation.User{ID: id, Name: "somebody"} }
	for name, c := range map[string]struct {
		who   snowflake.UserID
		deed  func(t *testing.T, h *house, cookie string)
		code  string
		again int
	}{
		"the assignment is taken away": {assigned, func(t *testing.T, h *house, _ string) {
			h.give(t, access.Member(assigned), access.None)
		}, `"code":4003`, 404},
		"the Discord role is taken away": {mapped, func(t *testing.T, h *house, _ string) {
			must(t, h.Store.ChangeMember(t.Context(), moderation.MemberChanged{Origin: origin(),
				Member: moderation.Member{User: user(mapped)}}))
		}, `"code":4003`, 404},
		"the Discord role is mapped no more": {mapped, func(t *testing.T, h *house, _ string) {
			h.give(t, access.HoldersOf(staff), access.None)
		}, `"code":4003`, 404},
		"the Discord role is deleted": {mapped, func(t *testing.T, h *house, _ string) {
			must(t, h.Store.SeeRole(t.Context(), moderation.RoleSeen{Origin: origin(), Role: moderation.DiscordRole{ID: staff},
				Deleted: true}))
		}, `"code":4003`, 404},
		"they leave, are kicked or banned": {assigned, func(t *testing.T, h *house, _ string) {
			_, err := h.Store.Leave(t.Context(), moderation.MemberLeft{Origin: origin(), User: user(assigned)})
			must(t, err)
		}, `"code":4003`, 404},
		"they sign out": {assigned, func(t *testing.T, h *house, cookie string) {
			if got := h.ask(t, http.MethodPost, "/sign-out", "Cookie", cookie); got.StatusCode != http.StatusSeeOther {
				t.Fatalf("signing out: %d", got.StatusCode)
			}
		}, `"code":4001`, 401},
		"they sign out everywhere else": {mapped, func(t *testing.T, h *house, _ string) {
			_, err := h.Store.EndSessions(t.Context(), access.Person(mapped, false), 0)
			must(t, err)
		}, `"code":4001`, 401},
		"the bot is removed": {mapped, func(t *testing.T, h *house, _ string) {
			must(t, h.Store.LoseGuild(t.Context(), moderation.GuildLost{Origin: origin()}))
		}, `"code":4004`, 404},
	} {
		t.Run(name, func(t *testing.T) {
			h := guarded(t, nil)
			cookie := h.signIn(t, c.who)
			path := "/live/" + home.String()
			out := h.listen(t, path, "Cookie", cookie)
			out.joined(t, h, live.Guild(home))
			script := h.listen(t, "/api/servers/"+home.String()+"/events", "Cookie", cookie)
			script.joined(t, h, live.GuildJSON(home))
			keepers := h.listen(t, path)
			keepers.joined(t, h, live.Guild(home))
			c.deed(t, h, cookie)
			done := time.Now()
			for _, stream := range []*listener{out, script} {
				if data := stream.ending(t); !strings.Contains(data, c.code) || !strings.Contains(data, `"reason":"`) {
					t.Errorf("ended with %s, want %s", data, c.code)
				}
			}
			if took := time.Since(done); took > 10*time.Second { // 1 s is promised; the rest is for a loaded machine
				t.Errorf("the streams ended %v after the deed", took)
			}
			if got := h.ask(t, "GET", path, "Cookie", cookie); got.StatusCode != c.again {
				t.Errorf("coming back: status %d, want %d", got.StatusCode, c.again)
			}
			if c.again != 404 || !strings.Contains(c.code, "4004") {
				h.Hub.Publish(live.Guild(home), live.Frame{Name: frame.PanelActivity, Data: []byte("still here")})
				keepers.until(t, "data: still here")
			}
		})
	}
}

// A change that leaves the right to look leaves the stream.
func TestStreamsStayWithTheRight(t *testing.T) {
	h := guarded(t, nil)
	l := h.listen(t, "/live/"+home.String(), "Cookie", h.signIn(t, assigned))
	l.joined(t, h, live.Guild(home))
	h.give(t, access.Member(assigned), access.Viewer)
	h.Hub.Recheck(nil)
	h.Hub.Publish(live.Guild(home), live.Frame{Name: frame.PanelActivity, Data: []byte("still here")})
	l.until(t, "data: still here")
}

// Who runs the instance may change: the overview's stream ends within a round.
func TestTheOverviewEndsWithTheOperator(t *testing.T) {
	var mu sync.Mutex
	runs := true
	h := guarded(t, func(o *Options) {
		o.Sessions = NewSessions(SessionOptions{Store: o.Store, Logger: o.Logger, Operator: func(snowflake.UserID) bool {
			mu.Lock()
			defer mu.Unlock()
			return runs
		}})
	})
	l := h.listen(t, "/live")
	l.joined(t, h, live.Overview())
	mu.Lock()
	runs = false
	mu.Unlock()
	if data := l.ending(t); !strings.Contains(data, `"code":4003`) {
		t.Errorf("ended with %s", data)
	}
}

// A session whose time is over ends the stream within a round, although no commit tells of it; a lookup that fails ends
// nothing.
func TestStreamsEndWithTheSessionsTime(t *testing.T) {
	var mu sync.Mutex
	now, lookup := Visitor{Actor: access.Person(keeper, true), Session: store.Session{ID: 5, User: keeper}}, error(nil)
	h := guarded(t, func(o *Options) {
		o.Identity = func(http.ResponseWriter, *http.Request) (Visitor, error) {
			mu.Lock()
			defer mu.Unlock()
			return now, lookup
		}
	})
	l := h.listen(t, "/live/"+home.String())
	l.joined(t, h, live.Guild(home))
	mu.Lock()
	lookup = errors.New("the disk is gone")
	mu.Unlock()
	h.Hub.Recheck(nil)
	h.Hub.Publish(live.Guild(home), live.Frame{Name: frame.PanelActivity, Data: []byte("still here")})
	l.until(t, "data: still here")
	mu.Lock()
	now, lookup = Visitor{}, nil
	mu.Unlock()
	if data := l.ending(t); !strings.Contains(data, `"code":4001`) {
		t.Errorf("ended with %s", data)
	}
}

// The warden's looks are no use of a session: a page that was left open ends with it.
func TestAnOpenPageAloneKeepsNobodySignedIn(t *testing.T) {
	var passed atomic.Int64
	h := open(t, func(o *Options) {
		o.Store = storetest.New(t, func(s *store.Options) {
			s.Clock = func() time.Time { return noon.Add(time.Duration(passed.Load())) }
		})
		o.Stats = figures(o.Store)
	})
	l := h.listen(t, "/live")
	l.joined(t, h, live.Overview())
	passed.Store(int64(store.SessionIdle - time.Minute))
	h.Hub.Recheck(nil)
	h.Hub.Publish(live.Overview(), live.Frame{Name: frame.PanelActivity, Data: []byte("still here")})
	l.until(t, "data: still here")
	passed.Store(int64(store.SessionIdle))
	h.Hub.Recheck(nil)
	if data := l.ending(t); !strings.Contains(data, `"code":4001`) {
		t.Errorf("ended with %s", data)
	}
}
