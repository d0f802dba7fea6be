package handlers

import (
	"cmp"
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/fault"
	"guildwatch/views/errorpage"
	"guildwatch/views/layout"
)

// problem is an error as the visitor sees it: the true status, a code for scripts and a plain sentence.
type problem struct {
	status     int
	code       string
	sentence   string
	retryAfter time.Duration
}

// sentences are for the statuses that the router gives by itself; it knows no fault.
var sentences = map[int]problem{
	http.StatusBadRequest: {code: "invalid", sentence: "This request could not be understood."},
	http.StatusNotFound:   {code: "not_found", sentence: "There is no such page."},
	http.StatusMethodNotAllowed: {code: "method_not_allowed",
		sentence: "This address does not take requests of this kind."},
	http.StatusRequestEntityTooLarge: {code: "too_large", sentence: "This is more than 1 MB, the most that is taken."},
}

const internalSentence = "Something went wrong on our side. It has been noted; the reference below finds it in the log."

// retrySoon is when to come back after an Unavailable that cannot say when.
const retrySoon = 5 * time.Second

// problemOf finds what to tell about err. Whatever is no fault and not the router's is internal: nothing about it is
// told.
func problemOf(err error) problem {
	var f *fault.Error
	var routed *echo.HTTPError
	switch {
	case errors.As(err, &f) && f.Kind == fault.Unavailable:
		return problem{f.Kind.Status(), f.Kind.Code(), f.Public, cmp.Or(f.RetryAfter, retrySoon)}
	case errors.As(err, &f) && f.Kind != fault.Internal:
		return problem{f.Kind.Status(), f.Kind.Code(), f.Public, f.RetryAfter}
	case errors.Is(err, context.DeadlineExceeded):
		return problem{http.StatusServiceUnavailable, "unavailable", "This took too long. Please try again.", retrySoon}
	case errors.As(err, &routed):
		if p, ok := sentences[routed.Code]; ok {
			p.status = routed.Code
			return p
		}
	}
	return problem{status: http.StatusInternalServerError, code: "internal", sentence: internalSentence}
}

// statusHungUp stands in the log and in the counters for a visitor who did not wait; it is never sent.
const statusHungUp = 499

// fail is the one place where an error becomes an answer: it logs what is our mistake, once, and writes JSON for
// scripts, a notice for htmx and a page for everybody else, who is sent to sign in when that is all that lacks. After
// the first byte nothing can be taken back: it only logs.
func (s *site) fail(err error, c echo.Context) {
	if errors.Is(err, context.Canceled) && c.Request().Context().Err() != nil {
		c.Response().Status = statusHungUp // nobody is left to tell, and there is nothing to mend
		return
	}
	p := problemOf(err)
	s.logProblem(c, err, p)
	response := c.Response()
	if response.Committed {
		return
	}
	sayWhen(response.Header(), p.retryAfter)
	response.Header().Del("Etag")
	response.Header().Set("Cache-Control", "no-store")
	switch {
	case p.status == http.StatusUnauthorized && !forScripts(c.Request()) && !wantsPart(c.Request()):
		err = c.Redirect(http.StatusSeeOther, doorFor(c.Request()))
	case c.Request().Method == http.MethodHead:
		err = c.NoContent(p.status)
	case forScripts(c.Request()):
		err = s.failJSON(c, p)
	default:
		err = s.failPage(c, p)
	}
	if err != nil {
		s.Logger.Debug("the visitor left before the error was told", "request", referenceOf(c), "error", err)
	}
}

// sayWhen sets Retry-After, in whole seconds; nothing for 0.
func sayWhen(h http.Header, after time.Duration) {
	if after > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(after.Seconds()))))
	}
}

// failure is the shape of every JSON error.
type failure struct {
	Error struct {
		Code      string `json:"code"`
		Message   string `json:"message"`
		RequestID string `json:"request_id"`
	} `json:"error"`
}

func (s *site) failJSON(c echo.Context, p problem) error {
	var f failure
	f.Error.Code, f.Error.Message, f.Error.RequestID = p.code, p.sentence, referenceOf(c)
	return c.JSON(p.status, f)
}

// failPage shows the error page, to htmx the part that stands in a region's place; if not even that can be rendered,
// the sentence.
func (s *site) failPage(c echo.Context, p problem) error {
	err := guard(func() error {
		view := errorpage.View{Page: s.errorFrame(c, p), Status: p.status, Message: p.sentence, Reference: referenceOf(c),
			Retry: p.retryAfter}
		if wantsPart(c.Request()) {
			return render(c, p.status, errorpage.Fragment(view))
		}
		return render(c, p.status, errorpage.Page(view))
	})
	if err == nil || c.Response().Committed {
		return err
	}
	s.logProblem(c, err, problemOf(err))
	return c.String(p.status, p.sentence+"\nReference: "+referenceOf(c)+"\n")
}

// errorFrame is the frame around an error page, with the visitor's guilds if they can be had: after a mistake of ours
// nothing more is asked of what may be broken.
func (s *site) errorFrame(c echo.Context, p problem) layout.Page {
	visitor, known := c.Get(visitorKey).(Visitor)
	if p.status >= http.StatusInternalServerError {
		return s.frameFor(c, visitor.Actor, nil)
	}
	var guilds []layout.GuildLink
	if known && !visitor.Actor.IsNobody() {
		// Without them the page still says what went wrong.
		guilds, _ = s.guildsOf(c.Request().Context(), visitor.Actor, switchable)
	}
	return s.pageFor(c, visitor.Actor, guilds)
}

// failPanels logs what kept a page's figures away and gives the sentence and the status for it.
func (s *site) failPanels(c echo.Context, err error) (sentence string, status int) {
	p := problemOf(err)
	s.logProblem(c, err, p)
	sayWhen(c.Response().Header(), p.retryAfter)
	return p.sentence, p.status
}

// forScripts says whether the answer is read by a program: the API, health, and the streams, whose page script reads
// the sentence.
func forScripts(r *http.Request) bool {
	path := r.URL.Path
	return strings.HasPrefix(path, "/api/") || path == "/api" || path == "/live" || strings.HasPrefix(path, "/live/") ||
		path == "/health" || path == "/metrics"
}

// logProblem logs what is wrong on our side, once, with its cause. What the visitor got wrong is noted for debugging
// alone and without a word of theirs: it may hold anything.
func (s *site) logProblem(c echo.Context, err error, p problem) {
	log := s.Logger.With("request", referenceOf(c), "route", routeOf(c), "code", p.code)
	var panic *panicked
	switch {
	case p.status < http.StatusInternalServerError:
		log.Debug("request refused")
	case errors.As(err, &panic):
		s.meters.panics.Inc()
		log.Error("request panicked", "error", err, "stack", string(panic.stack))
	case p.status == http.StatusInternalServerError:
		log.Error("request failed", "error", err)
	default:
		log.Warn("request failed for now", "error", err)
	}
}
