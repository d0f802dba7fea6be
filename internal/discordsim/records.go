package discordsim

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
)

// recordLimit is how many entries of each kind are kept; a demo runs for days.
const recordLimit = 5000

// Request is a REST request as the client sent it.
type Request struct {
	At     time.Time
	Method string
	Path   string // without "/api" and version, such as "/guilds/1/members/2"
	Query  string
	Body   []byte
	Reason string // X-Audit-Log-Reason, decoded
	Header http.Header
	Status int // of the answer; 0 while there is none, and when the connection was cut
}

// Close is a close frame that a client sent.
type Close struct {
	At     time.Time
	Code   int
	Reason string
	conn   *conn
}

// record is what was seen. Sim.mu guards it.
type record struct {
	Sockets    int // gateway sockets ever opened
	InFlight   int // REST requests being answered
	Peak       int // the most that ever were at once
	Invalid    int // answers 401, 403 and 429 (but for scope shared) ever given
	Requests   []*Request
	Identifies []Identify
	Resumes    []Resume
	Heartbeats []Heartbeat
	Closes     []Close
	change     chan struct{} // closed at the next change; nil while nobody waits
}

// keep drops the oldest entries beyond the limit, many at a time.
func keep[E any](list []E) []E {
	if len(list) > 2*recordLimit {
		return slices.Delete(list, 0, len(list)-recordLimit)
	}
	return list
}

// changed wakes those who wait. Sim.mu is held.
func (s *Sim) changed() {
	if s.record.change != nil {
		close(s.record.change)
		s.record.change = nil
	}
}

// wait returns nil once done, which runs under the Sim's lock, says so; the context's error when that ends first.
func (s *Sim) wait(ctx context.Context, done func() bool) error {
	for {
		s.mu.Lock()
		if done() {
			s.mu.Unlock()
			return nil
		}
		if s.record.change == nil {
			s.record.change = make(chan struct{})
		}
		change := s.record.change
		s.mu.Unlock()
		select {
		case <-change:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// WaitConnected waits until a session has a socket, be it new or resumed.
func (s *Sim) WaitConnected(ctx context.Context) error {
	return s.wait(ctx, func() bool { return s.connected() > 0 })
}

// WaitDisconnected waits until no session has a socket.
func (s *Sim) WaitDisconnected(ctx context.Context) error {
	return s.wait(ctx, func() bool { return s.connected() == 0 })
}

func (s *Sim) connected() int {
	n := 0
	for _, x := range s.sessions {
		if x.conn != nil {
			n++
		}
	}
	return n
}

// WaitIdentifies waits until at least n IDENTIFYs were seen, refused ones included.
func (s *Sim) WaitIdentifies(ctx context.Context, n int) error {
	return s.wait(ctx, func() bool { return len(s.record.Identifies) >= n })
}

// WaitResumes waits until at least n RESUMEs were seen, refused ones included.
func (s *Sim) WaitResumes(ctx context.Context, n int) error {
	return s.wait(ctx, func() bool { return len(s.record.Resumes) >= n })
}

// WaitHeartbeats waits until at least n heartbeats were seen.
func (s *Sim) WaitHeartbeats(ctx context.Context, n int) error {
	return s.wait(ctx, func() bool { return len(s.record.Heartbeats) >= n })
}

// WaitSockets waits until at least n gateway sockets were ever opened.
func (s *Sim) WaitSockets(ctx context.Context, n int) error {
	return s.wait(ctx, func() bool { return s.record.Sockets >= n })
}

// To matches requests by method and the start of their path; an empty method matches any.
func To(method, path string) func(Request) bool {
	return func(r Request) bool {
		return (method == "" || r.Method == method) && strings.HasPrefix(r.Path, path)
	}
}

// WaitRequest waits for the first answered request that fits, seen before or after the call.
func (s *Sim) WaitRequest(ctx context.Context, fits func(Request) bool) (Request, error) {
	found, err := s.WaitRequests(ctx, 1, fits)
	if err != nil {
		return Request{}, err
	}
	return found[0], nil
}

// WaitRequests waits until at least n answered requests fit, and returns them all.
func (s *Sim) WaitRequests(ctx context.Context, n int, fits func(Request) bool) ([]Request, error) {
	var found []Request
	err := s.wait(ctx, func() bool {
		found = found[:0]
		for _, r := range s.record.Requests {
			if r.Status != 0 && fits(*r) {
				found = append(found, *r)
			}
		}
		return len(found) >= n
	})
	return found, err
}

// Requests are the REST requests seen so far, oldest first.
func (s *Sim) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests := make([]Request, len(s.record.Requests))
	for i, r := range s.record.Requests {
		requests[i] = *r
	}
	return requests
}

// PeakRequests is how many REST requests were ever under way at once; with a RESTLatency it shows what a client holds
// open.
func (s *Sim) PeakRequests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record.Peak
}

// InvalidRequests is how many answers counted towards Discord's ban of an address.
func (s *Sim) InvalidRequests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record.Invalid
}

// Identifies are the IDENTIFYs seen so far.
func (s *Sim) Identifies() []Identify {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.record.Identifies)
}

// Resumes are the RESUMEs seen so far.
func (s *Sim) Resumes() []Resume {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.record.Resumes)
}

// Heartbeats are those seen so far.
func (s *Sim) Heartbeats() []Heartbeat {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.record.Heartbeats)
}

// Closes are the close frames that clients sent of their own accord.
func (s *Sim) Closes() []Close {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.record.Closes)
}

// noteClose records a close frame that the stand-in did not ask for.
func (s *Sim) noteClose(c *conn, code int, reason string) {
	if c.closingNow() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.record.Closes = keep(append(s.record.Closes, Close{At: s.Now(), Code: code, Reason: reason, conn: c}))
}
