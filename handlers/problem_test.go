package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/live"
	"guildwatch/internal/snowflake"
)

func failureOf(t *testing.T, r reply) failure {
	t.Helper()
	var f failure
	if err := json.Unmarshal([]byte(r.body), &f); err != nil || f.Error.Message == "" {
		t.Fatalf("%s is no JSON error: %v", r.body, err)
	}
	if id := r.Header.Get("X-Request-Id"); f.Error.RequestID != id ||
		!regexp.MustCompile(`^[a-z2-7]{12}$`).MatchString(id) {
		t.Errorf("the error names request %q, the header %q", f.Error.RequestID, id)
	}
	return f
}

func codeOf(t *testing.T, r reply) string     { return failureOf(t, r).Error.Code }
func sentenceOf(t *testing.T, r reply) string { return failureOf(t, r).Error.Message }

func TestProblemOf(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		status int
		code   string
	}{
		"a fault":            {fault.New(fault.Conflict, "Somebody was faster."), 409, "conflict"},
		"a wrapped fault":    {fmt.Errorf("store: %w", fault.New(fault.Unavailable, "x")), 503, "unavailable"},
		"an internal fault":  {fault.New(fault.Internal, "the secret is 42"), 500, "internal"},
		"anything else":      {errors.New("no such table: guilds"), 500, "internal"},
		"a panic":            {&panicked{reason: "the secret is 42"}, 500, "internal"},
		"a deadline":         {fmt.Errorf("query: %w", context.DeadlineExceeded), 503, "unavailable"},
		"a body too large":   {fmt.Errorf("form: %w", echo.ErrStatusRequestEntityTooLarge), 413, "too_large"},
		"the router's 404":   {echo.ErrNotFound, 404, "not_found"},
		"the router's 405":   {echo.ErrMethodNotAllowed, 405, "method_not_allowed"},
		"the router's other": {echo.NewHTTPError(418, "the secret is 42"), 500, "internal"},
	} {
		p := problemOf(c.err)
		if p.status != c.status || p.code != c.code || p.sentence == "" {
			t.Errorf("%s: %+v", name, p)
		}
		if p.status == 500 && p.sentence != internalSentence {
			t.Errorf("%s: shown to the visitor: %s", name, p.sentence)
		}
	}
}

// Whatever is slow below, a script hears of it after 5 s and a person after 10 s, in a whole answer; who may not be let
// in, after 5 s.
func TestSlowAnswersAreGivenUp(t *testing.T) {
	for path, want := range map[string]struct {
		took time.Duration
		end  string
	}{
		"/api/servers/81384788765712384/metrics": {answerTime, "\"}}\n"},
		"/g/81384788765712384":                   {answerTime, "</html>"},
		"/live/81384788765712384":                {answerTime, "\"}}\n"}, // a stream that is not opened yet
		"/slow":                                  {pageTime, "</html>"},
	} {
		synctest.Test(t, func(t *testing.T) {
			hub := live.New(live.Options{})
			defer hub.Shutdown("")
			s, handler := build(Options{Hub: hub, Identity: as(access.Person(7, false)), Roster: stuck{},
				Logger: slog.New(slog.DiscardHandler)})
			s.add(handler, signedIn("GET /slow", func(_ *site, c echo.Context, _ access.Actor) error {
				_, err := stuck{}.RoleIn(c.Request().Context(), 0, access.Actor{})
				return err
			}).as(page))
			start, w := time.Now(), httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost"+path, nil))
			if took := time.Since(start); took != want.took || w.Code != 503 || w.Header().Get("Retry-After") != "5" ||
				!strings.HasSuffix(w.Body.String(), want.end) {
				t.Errorf("%s: after %v status %d, %s", path, took, w.Code, w.Body)
			}
		})
	}
}

// stuck is a roster whose database does not answer.
type stuck struct{ asked chan struct{} } // asked is closed when somebody waits; it may be nil

func (s stuck) RoleIn(ctx context.Context, _ snowflake.GuildID, _ access.Actor) (access.Role, error) {
	if s.asked != nil {
		close(s.asked)
	}
	<-ctx.Done()
	return access.None, ctx.Err()
}

func (s stuck) Mine(ctx context.Context, _ access.Actor) (map[snowflake.GuildID]access.Role, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func (stuck) Meet(context.Context, snowflake.UserID, []snowflake.GuildID) {}

// byActor is a roster that gives a person the same role in every guild, whether there is one or not. It lists none; nil
// gives no role.
type byActor func(access.Actor) access.Role

func (b byActor) RoleIn(_ context.Context, _ snowflake.GuildID, actor access.Actor) (access.Role, error) {
	if b == nil {
		return access.None, nil
	}
	return b(actor), nil
}

func (byActor) Mine(context.Context, access.Actor) (map[snowflake.GuildID]access.Role, error) {
	return nil, nil
}

func (byActor) Meet(context.Context, snowflake.UserID, []snowflake.GuildID) {}
