package discordsim

import (
	"bytes"
	"cmp"
	"net"
	"net/http"
	"strings"
	"time"
)

// failureFor takes the first of the failures that fits the request; nil when none does. Sim.mu is held.
func (s *Sim) failureFor(r *http.Request) *Failure {
	for i := range s.knobs.Failures {
		f := &s.knobs.Failures[i]
		if f.Method != "" && f.Method != r.Method || !strings.HasPrefix(r.URL.Path, f.Path) || !f.Times.take() {
			continue
		}
		taken := *f
		return &taken
	}
	return nil
}

// answer is the bad answer itself.
func (f Failure) answer() answer {
	status := cmp.Or(f.Status, http.StatusInternalServerError)
	switch {
	case strings.HasPrefix(f.Body, "<"):
		return answer{status: status, body: page(f.Body), header: f.Header}
	case f.Body != "":
		return answer{status: status, body: rawJSON(f.Body), header: f.Header}
	}
	result := fail(status, f.Code, http.StatusText(status))
	result.header = f.Header
	return result
}

// see records a request before it is answered.
func (s *Sim) see(r *http.Request, body []byte) *Request {
	header := r.Header.Clone()
	header.Del("Authorization")
	seen := &Request{
		Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Body: body, Header: header,
		Reason: decodeReason(r),
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	seen.At = s.Now()
	s.record.Requests = keep(append(s.record.Requests, seen))
	s.record.InFlight++
	s.record.Peak = max(s.record.Peak, s.record.InFlight)
	s.changed()
	return seen
}

// seen records the answer, and counts it when Discord would hold it against the address.
func (s *Sim) seen(request *Request, result answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	request.Status = result.status
	s.record.InFlight--
	switch result.status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		if result.header.Get("X-RateLimit-Scope") != "shared" {
			s.limits.invalid.roll(s.Now(), invalidWindow)
			s.limits.invalid.used++
			s.record.Invalid++
		}
	}
	s.changed()
}

// cut resets the connection, so that the client sees an error instead of an answer.
func cut(w http.ResponseWriter) {
	raw, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if cork, ok := raw.(*corkConn); ok {
		raw = cork.Conn
	}
	if tcp, ok := raw.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	raw.Close()
}

// drip sends the answer one byte at a time.
func drip(r *http.Request, w http.ResponseWriter, result answer, gap time.Duration) {
	held := &held{header: w.Header()}
	write(held, result)
	w.WriteHeader(held.status)
	flush := http.NewResponseController(w)
	for _, b := range held.body.Bytes() {
		if _, err := w.Write([]byte{b}); err != nil || r.Context().Err() != nil {
			return
		}
		_ = flush.Flush()
		pause(r.Context(), gap)
	}
}

// held keeps an answer instead of sending it.
type held struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is that of the true answer.
func (h *held) Header() http.Header { return h.header }

// WriteHeader keeps the status.
func (h *held) WriteHeader(status int) { h.status = status }

// Write keeps the body.
func (h *held) Write(p []byte) (int, error) { return h.body.Write(p) }
