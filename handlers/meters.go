package handlers

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// meters counts requests by route, never by path: paths hold ids, and each would be a series of its own.
type meters struct {
	answered *prometheus.CounterVec
	took     *prometheus.HistogramVec // streams left out
	panics   prometheus.Counter
}

// durationBounds are the upper bounds of the buckets in seconds: the bars of the pages (10 ms warm, 50 ms cold) and the
// 5 s of the API among them.
var durationBounds = []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5}

func newMeters() *meters {
	return &meters{
		answered: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "guildwatch_http_requests_total",
			Help: "Requests answered."}, []string{"method", "route", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "guildwatch_http_request_duration_seconds",
			Help: "How long answers took, streams left out.", Buckets: durationBounds}, []string{"route"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{Name: "guildwatch_http_panics_total",
			Help: "Requests that ended in a panic: a fault."}),
	}
}

// count notes one answered request. Methods that no route has count as one, so that a visitor cannot make series.
func (m *meters) count(method, route string, status int, took time.Duration, ends bool) {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
	default:
		method = "other"
	}
	m.answered.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	if ends {
		m.took.WithLabelValues(route).Observe(took.Seconds())
	}
}
