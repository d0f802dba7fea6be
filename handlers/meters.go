package handlers

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// meters counts requests by route, never by path: paths hold ids, and each would be a series of its own.
type meters struct {
	mu     sync.Mutex
	counts map[requestLabels]int64
	took   map[string]*durations // by route; streams and what matched no route left out
}

type requestLabels struct {
	method, route string
	status        int
}

// durations is a histogram of how long answers took.
type durations struct {
	buckets [len(durationBounds)]int64 // each with the one's own range alone; summed up when told
	count   int64
	sum     time.Duration
}

// durationBounds are the upper bounds of the buckets: the bars of the pages (10 ms warm, 50 ms cold) and the 5 s of the API.
var durationBounds = [...]time.Duration{time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond,
	25 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 500 * time.Millisecond, time.Second, 5 * time.Second}

func newMeters() *meters {
	return &meters{counts: map[requestLabels]int64{}, took: map[string]*durations{}}
}

// count notes one answered request. Methods that no route has count as one, so that a visitor cannot make series.
func (m *meters) count(method, route string, status int, took time.Duration, ends bool) {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
	default:
		method = "other"
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts[requestLabels{method, route, status}]++
	if !ends {
		return
	}
	d := m.took[route]
	if d == nil {
		d = &durations{}
		m.took[route] = d
	}
	d.count++
	d.sum += took
	for i, bound := range durationBounds {
		if took <= bound {
			d.buckets[i]++
			break
		}
	}
}

// write appends the counters to page.
func (m *meters) write(page *exposition) {
	m.mu.Lock()
	defer m.mu.Unlock()
	labels := make([]requestLabels, 0, len(m.counts))
	for l := range m.counts {
		labels = append(labels, l)
	}
	slices.SortFunc(labels, func(a, b requestLabels) int {
		return strings.Compare(fmt.Sprint(a.route, a.method, a.status), fmt.Sprint(b.route, b.method, b.status))
	})
	page.family("guildwatch_http_requests_total", "counter", "Requests answered.")
	for _, l := range labels {
		page.sample("guildwatch_http_requests_total", float64(m.counts[l]),
			"method", l.method, "route", l.route, "status", fmt.Sprint(l.status))
	}
	routes := make([]string, 0, len(m.took))
	for route := range m.took {
		routes = append(routes, route)
	}
	slices.Sort(routes)
	const name = "guildwatch_http_request_duration_seconds"
	page.family(name, "histogram", "How long answers took, streams left out.")
	for _, route := range routes {
		d, below := m.took[route], int64(0)
		for i, bound := range durationBounds {
			below += d.buckets[i]
			page.sample(name+"_bucket", float64(below), "route", route, "le", number(bound.Seconds()))
		}
		page.sample(name+"_bucket", float64(d.count), "route", route, "le", "+Inf")
		page.sample(name+"_sum", d.sum.Seconds(), "route", route)
		page.sample(name+"_count", float64(d.count), "route", route)
	}
}
