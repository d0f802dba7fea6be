package handlers

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/live"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// roundPace is how often all streams are rechecked: for what no commit tells of, as a session whose time is over and a
// member whom only Discord's REST knows about. 10 000 streams take about 20 ms of it.
const roundPace = time.Second

// Warden ends the streams of those who may no longer listen: at once when a commit takes a right or a session away, and
// within a second when it is the clock that does.
type Warden struct {
	hub  *live.Hub
	wake chan struct{}

	mu     sync.Mutex
	guilds map[snowflake.GuildID]map[snowflake.UserID]struct{} // whose rights may have changed; user 0: everybody's
	all    bool                                                // a session was ended: nobody knows whose streams it has
}

// NewWarden makes a warden of the hub's streams. It is to be made before the store is used; Run lets it work.
func NewWarden(hub *live.Hub, store *store.Store) *Warden {
	w := &Warden{hub: hub, wake: make(chan struct{}, 1), guilds: map[snowflake.GuildID]map[snowflake.UserID]struct{}{}}
	store.OnRights(w.rights)
	store.OnSessionsEnded(func([]int64) { w.sessions() })
	return w
}

// Run rechecks until ctx ends. Rounds over everybody have a goroutine of their own: where rights have to be asked of
// Discord they may take seconds, and what a commit took away must not wait for them.
func (w *Warden) Run(ctx context.Context) {
	var rounds sync.WaitGroup
	defer rounds.Wait()
	rounds.Go(func() {
		tick := time.NewTicker(roundPace)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				w.hub.Recheck(nil)
			case <-ctx.Done():
				return
			}
		}
	})
	for {
		select {
		case <-w.wake:
			w.hub.Recheck(w.suspects())
		case <-ctx.Done():
			return
		}
	}
}

func (w *Warden) rights(guild snowflake.GuildID, user snowflake.UserID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.guilds[guild] == nil {
		w.guilds[guild] = map[snowflake.UserID]struct{}{}
	}
	w.guilds[guild][user] = struct{}{}
	w.ring()
}

func (w *Warden) sessions() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = true
	w.ring()
}

func (w *Warden) ring() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// suspects takes what was noted and gives the test whether a stream is concerned; nil for all.
func (w *Warden) suspects() func(snowflake.UserID, live.Topic) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	guilds, all := w.guilds, w.all
	w.guilds, w.all = map[snowflake.GuildID]map[snowflake.UserID]struct{}{}, false
	if all {
		return nil
	}
	return func(user snowflake.UserID, topic live.Topic) bool {
		guild, _ := topic.Guild()
		users := guilds[guild]
		_, one := users[user]
		_, everybody := users[0]
		return one || everybody
	}
}

// mayListen gives the test whether the reader of a stream may go on: the same session, the same right.
func (s *site) mayListen(c echo.Context, topic live.Topic) func() *live.Ending {
	request := c.Request().WithContext(store.Glance(c.Request().Context()))
	first, _ := c.Get(visitorKey).(Visitor) // nobody, where none was asked for
	return func() *live.Ending {
		actor := first.Actor
		if first.Session.ID != 0 {
			now, err := s.Identity(nowhere{}, request)
			switch {
			case err != nil:
				return nil // who is signed in cannot be looked up: that takes nothing away from anybody
			case now.Session.ID != first.Session.ID:
				return &live.Ending{Code: live.SessionOver, Reason: signedOut}
			}
			actor = now.Actor
		}
		guild, one := topic.Guild()
		if !one {
			return s.mayOversee(actor, topic)
		}
		ctx, cancel := context.WithTimeout(request.Context(), answerTime)
		defer cancel()
		role, err := s.Roster.RoleIn(ctx, guild, actor)
		if err != nil || access.Allows[access.ViewDashboard](role) {
			return nil
		}
		if profile, known, err := s.Store.Profile(ctx, guild); err == nil && known && !profile.Left.IsZero() {
			return &live.Ending{Code: live.GuildLeft, Reason: "guildwatch is no longer in this server."}
		}
		return &live.Ending{Code: live.RoleLost, Reason: "You no longer have a role on this server's dashboard."}
	}
}

const signedOut = "Your session is over: you signed out, here or elsewhere, or its time has passed. " +
	"Sign in again to go on."

// mayOversee is the test for the streams of the whole instance. The page's is the operator's, whatever PUBLIC_STATS
// says.
func (s *site) mayOversee(actor access.Actor, topic live.Topic) *live.Ending {
	if s.PublicStats && topic.JSON() || actor.IsOperator() {
		return nil
	}
	return &live.Ending{Code: live.RoleLost,
		Reason: "The overview is for whoever runs this instance, and you no longer do."}
}

// nowhere takes the cookies of an identity that is looked up again, when the headers are long sent.
type nowhere struct{}

func (nowhere) Header() http.Header         { return http.Header{} }
func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (nowhere) WriteHeader(int)             {}
