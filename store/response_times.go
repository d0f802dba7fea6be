package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// responded notes how long guildwatch took from reading a message to the first action done about it, once for each
// violation, in the bucket of the violation.
func (t *tx) responded(guild snowflake.GuildID, number int64, at time.Time) error {
	v, err := t.GetViolation(t.ctx, db.GetViolationParams{GuildID: int64(guild), Number: number})
	if errors.Is(err, sql.ErrNoRows) {
		return nil // deleted as too old while Discord could not be asked
	}
	if err != nil || v.DetectedAt == 0 || v.ResponseMs >= 0 {
		return err
	}
	took := time.Duration(max(0, msOf(at)-v.DetectedAt)) * time.Millisecond
	if _, err := t.SetViolationResponse(t.ctx, db.SetViolationResponseParams{ResponseMs: took.Milliseconds(),
		GuildID: int64(guild), Number: number}); err != nil {
		return err
	}
	if v.State != string(moderation.StateCounted) {
		return nil
	}
	return t.countResponse(guild, v.At, took, 1)
}

// countResponse adds n, 1 or -1, to how many violations of a bucket took so long: what does not count is not in it.
func (t *tx) countResponse(guild snowflake.GuildID, at int64, took time.Duration, n int64) error {
	var add moderation.Latency
	add.Add(took)
	add.Count, add.Sum = n*add.Count, time.Duration(n)*add.Sum
	for i := range add.Buckets {
		add.Buckets[i] *= n
	}
	for _, whose := range owners(guild) {
		if err := t.addResponse(whose, bucketOf(at), add); err != nil {
			return err
		}
		if err := t.addResponseDay(whose, bucketOf(at), add); err != nil {
			return err
		}
	}
	return nil
}

// recountResponse moves a violation's response time into or out of the figures with the violation itself.
func (t *tx) recountResponse(row *db.Violation, from, to moderation.ViolationState) error {
	n := bit(to == moderation.StateCounted) - bit(from == moderation.StateCounted)
	if n == 0 || row.ResponseMs < 0 {
		return nil
	}
	return t.countResponse(snowflake.GuildID(row.GuildID), row.At, time.Duration(row.ResponseMs)*time.Millisecond, n)
}

func (t *tx) addResponse(guild snowflake.GuildID, bucket int64, add moderation.Latency) error {
	row, err := t.GetResponseTimes(t.ctx, db.GetResponseTimesParams{GuildID: int64(guild), Bucket: bucket})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err == nil {
		old, err := responseOf(&row)
		if err != nil {
			return err
		}
		add = add.Plus(old)
	}
	t.changedIn(MatterViolations, guild, bucket)
	return t.PutResponseTimes(t.ctx, responseRow(guild, bucket, &add))
}

func (t *tx) addResponseDay(guild snowflake.GuildID, bucket int64, add moderation.Latency) error {
	row, err := t.GetResponseDay(t.ctx, db.GetResponseDayParams{GuildID: int64(guild), Bucket: bucket})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err == nil {
		same := db.ResponseTime(row)
		old, err := responseOf(&same)
		if err != nil {
			return err
		}
		add = add.Plus(old)
	}
	return t.PutResponseDay(t.ctx, db.PutResponseDayParams(responseRow(guild, bucket, &add)))
}

func responseRow(guild snowflake.GuildID, bucket int64, l *moderation.Latency) db.PutResponseTimesParams {
	// An array of integers always encodes.
	buckets, _ := json.Marshal(l.Buckets)
	return db.PutResponseTimesParams{GuildID: int64(guild), Bucket: bucket, Count: l.Count,
		SumUs: l.Sum.Microseconds(), Buckets: string(buckets)}
}

func responseOf(row *db.ResponseTime) (moderation.Latency, error) {
	l := moderation.Latency{Count: row.Count, Sum: time.Duration(row.SumUs) * time.Microsecond}
	if err := json.Unmarshal([]byte(row.Buckets), &l.Buckets); err != nil {
		return l, fmt.Errorf("store: response times of guild %d in bucket %d: %w", row.GuildID, row.Bucket, err)
	}
	return l, nil
}
