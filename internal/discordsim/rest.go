package discordsim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"guildwatch/internal/snowflake"
)

// call is one REST request while it is answered. Handlers run under Sim.mu.
type call struct {
	*http.Request
	sim    *Sim
	body   []byte
	reason string
	user   *User   // who a Bearer token stands for
	grant  *bearer // of a Bearer token
}

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

type handler func(*call) answer

// access says what a route wants in the Authorization header.
type access int

const (
	anyone access = iota // the path or the form carries a secret
	asBot
	asUser // a Bearer token, or the bot itself
)

// route is a handler with what it wants.
type route struct {
	access access
	do     handler
}

// router puts the table of all routes into a ServeMux, which serves only to find them.
func (s *Sim) router() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, to := range s.table() {
		mux.Handle(pattern, to)
	}
	return mux
}

// ServeHTTP reports the route to the finder; by then the request has its pattern and path values.
func (to route) ServeHTTP(w http.ResponseWriter, _ *http.Request) { w.(*finder).found = &to }

// finder is the ResponseWriter for which ServeMux finds a route.
type finder struct {
	found  *route
	status int
}

// Header is thrown away.
func (*finder) Header() http.Header { return http.Header{} }

// Write is thrown away.
func (*finder) Write(p []byte) (int, error) { return len(p), nil }

// WriteHeader keeps what ServeMux says when it finds nothing.
func (f *finder) WriteHeader(status int) { f.status = status }

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

// authorise checks the Authorization header.
func (c *call) authorise(want access) (answer, bool) {
	kind, token, _ := strings.Cut(c.Header.Get("Authorization"), " ")
	switch {
	case want == anyone:
		return answer{}, true
	case kind == "Bot" && token == c.sim.opt.Token:
		c.user = c.sim.world.users[c.sim.BotID()]
		return answer{}, true
	case want == asUser && kind == "Bearer":
		if c.grant = c.sim.oauth.byToken(token, c.sim.Now()); c.grant != nil && c.sim.world.users[c.grant.user] != nil {
			c.user = c.sim.world.users[c.grant.user]
			return answer{}, true
		}
	}
	return fail(http.StatusUnauthorized, 0, "401: Unauthorized"), false
}

// read decodes the JSON body into v; a body that is not JSON is Discord's 50109.
func (c *call) read(v any) (answer, bool) {
	if err := json.Unmarshal(c.body, v); err != nil {
		return fail(http.StatusBadRequest, 50109, "The request body contains invalid JSON."), false
	}
	return answer{}, true
}

// payload decodes a body that may come as a form with files: then the JSON is its payload_json, and the files become
// attachments.
func (c *call) payload(v *messageBody) (answer, bool) {
	kind, params, _ := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return c.read(v)
	}
	form, err := multipart.NewReader(bytes.NewReader(c.body), params["boundary"]).ReadForm(8 << 20)
	if err != nil {
		return invalid("payload_json", "BASE_TYPE_REQUIRED", "This field is required"), false
	}
	files := []map[string]any{}
	for _, headers := range byID(form.File) {
		for _, file := range headers {
			files = append(files, map[string]any{
				"id": newID[snowflake.MessageID](c.sim), "filename": file.Filename, "size": file.Size,
				"url": "https://cdn.discordapp.com/attachments/" + url.PathEscape(file.Filename),
			})
		}
	}
	if text := form.Value["payload_json"]; len(text) > 0 {
		c.body = []byte(text[0])
		if refused, fits := c.read(v); !fits {
			return refused, false
		}
	}
	v.Attachments = encode(files)
	return answer{}, true
}

// pathID is an identifier of the path; a text that is none gives 0, which names nothing.
func pathID[T snowflake.ID](c *call, name string) T {
	id, _ := snowflake.Parse[T](c.PathValue(name))
	return id
}

// queryID is an identifier of the query, 0 when absent.
func queryID[T snowflake.ID](c *call, name string) T {
	id, _ := snowflake.Parse[T](c.URL.Query().Get(name))
	return id
}

// limit reads the query's limit, between 1 and most.
func (c *call) limit(usual, most int) (int, *answer) {
	text := c.URL.Query().Get("limit")
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		refused := invalid("limit", "NUMBER_TYPE_MAX", fmt.Sprintf("int value should be between 1 and %d.", most))
		return 0, &refused
	}
	return n, nil
}

// reasonOr is the audit log's reason; older clients put it into the query.
func (c *call) reasonOr(name string) string {
	return cmp.Or(c.reason, c.URL.Query().Get(name))
}

func decodeReason(r *http.Request) string {
	reason := r.Header.Get("X-Audit-Log-Reason")
	if decoded, err := url.PathUnescape(reason); err == nil {
		return decoded
	}
	return reason
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
