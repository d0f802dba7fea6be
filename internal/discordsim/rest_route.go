package discordsim

import "net/http"

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
