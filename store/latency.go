package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/store/internal/db"
)

// addLatency adds heartbeats to a bucket.
func (t *tx) addLatency(bucket int64, add moderation.Latency) error {
	row, err := t.GetLatency(t.ctx, bucket)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err == nil {
		old, err := latencyOf(&row)
		if err != nil {
			return err
		}
		add.Count += old.Count
		add.Sum += old.Sum
		for i := range add.Buckets {
			add.Buckets[i] += old.Buckets[i]
		}
	}
	t.changedIn(MatterBeats, Everywhere, bucket)
	return t.PutLatency(t.ctx, latencyRow(bucket, &add))
}

func latencyRow(bucket int64, l *moderation.Latency) db.PutLatencyParams {
	// An array of integers always encodes.
	buckets, _ := json.Marshal(l.Buckets)
	return db.PutLatencyParams{Bucket: bucket, Count: l.Count, SumUs: l.Sum.Microseconds(), Buckets: string(buckets)}
}

func latencyOf(row *db.Latency) (moderation.Latency, error) {
	l := moderation.Latency{Count: row.Count, Sum: time.Duration(row.SumUs) * time.Microsecond}
	if err := json.Unmarshal([]byte(row.Buckets), &l.Buckets); err != nil {
		return l, fmt.Errorf("store: latency of bucket %d: %w", row.Bucket, err)
	}
	return l, nil
}
