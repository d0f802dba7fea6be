package discordsim

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// answer is a handler's result: a status and what to encode. A nil body is no body.
type answer struct {
	status int
	body   any
	header http.Header
}

// page is a body of HTML, rawJSON one that is written as it is, even when it is not JSON.
type (
	page    string
	rawJSON string
)

// serveREST answers one request: record, faults, limits, authorisation, then the handler under the lock.
func (s *Sim) serveREST(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 8<<20))
	if err != nil {
		return
	}
	path, ok := apiPath(r.URL.Path)
	inner := r.Clone(r.Context())
	inner.URL.Path, inner.URL.RawPath = path, ""
	seen := s.see(inner, body)
	var result answer
	if !ok {
		result = notFound()
	} else {
		result, ok = s.answer(inner, body, seen, w)
		if !ok {
			return
		}
	}
	s.seen(seen, result)
	w.Header().Set("Date", s.Now().Format(http.TimeFormat))
	write(w, result)
}

// apiPath strips "/api" and the version.
func apiPath(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, "/api/")
	if !ok {
		return path, strings.HasPrefix(path, "/oauth2/authorize")
	}
	for _, version := range []string{"v9/", "v10/"} {
		if cut, found := strings.CutPrefix(rest, version); found {
			return "/" + cut, true
		}
	}
	return "/" + rest, !strings.HasPrefix(rest, "v") || !strings.ContainsAny(rest[1:2], "0123456789")
}

// answer runs a request through everything; false when the connection was dealt with already.
func (s *Sim) answer(r *http.Request, body []byte, seen *Request, w http.ResponseWriter) (answer, bool) {
	s.mu.Lock()
	latency := s.knobs.RESTLatency
	failure := s.failureFor(r)
	s.mu.Unlock()
	pause(r.Context(), latency)
	if failure != nil {
		pause(r.Context(), failure.Hang)
		switch {
		case failure.Reset:
			if failure.After {
				s.handle(r, body)
			}
			s.seen(seen, answer{})
			cut(w)
			return answer{}, false
		case failure.Drip > 0:
			result := s.handle(r, body)
			s.seen(seen, result)
			drip(r, w, result, failure.Drip)
			return answer{}, false
		case failure.Status != 0 || failure.Body != "":
			if failure.After {
				s.handle(r, body)
			}
			return failure.answer(), true
		}
	}
	return s.handle(r, body), true
}

// handle finds the route, checks limits and authorisation, and runs the handler.
func (s *Sim) handle(r *http.Request, body []byte) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.changed()
	if banned := s.banned(); banned != nil {
		return *banned
	}
	if limited := s.limitGlobally(r); limited != nil {
		return *limited
	}
	look := &finder{}
	s.routes.ServeHTTP(look, r)
	switch {
	case look.status == http.StatusMethodNotAllowed:
		return fail(http.StatusMethodNotAllowed, 0, "405: Method Not Allowed")
	case look.found == nil:
		return notFound()
	}
	c := &call{Request: r, sim: s, body: body, reason: decodeReason(r)}
	if refused, ok := c.authorise(look.found.access); !ok {
		return refused
	}
	header, limited := s.limitRoute(c)
	if limited != nil {
		return *limited
	}
	result := look.found.do(c)
	result.freeze()
	result.header = merge(result.header, header)
	return result
}

// freeze encodes the body while the world stands still.
func (a *answer) freeze() {
	switch a.body.(type) {
	case nil, page, rawJSON:
	default:
		a.body = rawJSON(encode(a.body))
	}
}

func write(w http.ResponseWriter, a answer) {
	a.freeze()
	for name, values := range a.header {
		w.Header()[name] = values
	}
	var body bytes.Buffer
	kind := "application/json"
	switch d := a.body.(type) {
	case nil:
	case page:
		kind = "text/html; charset=UTF-8"
		body.WriteString(string(d))
	case rawJSON:
		body.WriteString(string(d))
	}
	if body.Len() > 0 && w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", kind)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(body.Bytes())
}
