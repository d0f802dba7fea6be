package store

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/store/internal/db"
)

// Latency adds up the gateway's heartbeats: how many and their sum.
func (s *Snapshot) Latency(span Span) moderation.Latency {
	if s.err != nil {
		return moderation.Latency{}
	}
	from, until := span.ms()
	row, err := s.q.SumLatency(s.ctx, db.SumLatencyParams{Since: from, Until: until})
	s.ok("latency", err)
	return moderation.Latency{Count: row.Count, Sum: time.Duration(row.SumUs) * time.Microsecond}
}
