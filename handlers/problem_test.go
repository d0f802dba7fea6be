package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"net/http/httptest"

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
	if id := r.Header.Get("X-Request-Id"); f.Error.RequestID != id || !regexp.MustCompile(`^[a-z2-7]{12}$`).MatchString(id) {
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
		"a body too large":   {fmt.Errorf("form: %w", &http.MaxBytesError{Limit: 1}), 413, "too_large"},
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

// Whatever is slow below, a script hears of it after 5 s.
func TestTheAPIAnswersWithinFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub := live.New(live.Options{})
		defer hub.Shutdown("")
		handler := New(Options{Hub: hub, Identity: as(access.Person(7, false)), Roster: stuck{}})
		start, w := time.Now(), httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/api/servers/81384788765712384/metrics", nil))
		if took := time.Since(start); took != answerTime || w.Code != http.StatusServiceUnavailable {
			t.Errorf("after %v: status %d, %s", took, w.Code, w.Body)
		}
	})
}

// stuck is a roster whose database does not answer.
type stuck struct{}

func (stuck) RoleIn(ctx context.Context, _ snowflake.GuildID, _ access.Actor) (access.Role, error) {
	<-ctx.Done()
	return access.None, ctx.Err()
}
