package store

import (
	"context"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// tx is what a job works with: every query of the schema inside the writer's transaction, and what to tell after the
// commit.
type tx struct {
	*db.Queries
	ctx     context.Context // the writer's own: no request can cancel a statement of it
	writer  *writer
	changes []moderation.Change
	touched Commit
	after   []func() // run once it is committed
	undo    []func() // run if it is rolled back, last one first
}

// Commit says what one commit has changed, so that caches drop it before anybody hears of the commit.
type Commit struct {
	Seq        int64                          // of the newest change, whether this commit made it or an earlier one
	Everywhere bool                           // something that every guild shows: a heartbeat, a gap of the whole instance
	Metrics    map[snowflake.GuildID]struct{} // guilds with new figures; 0 when the sum of all has
	Config     map[snowflake.GuildID]struct{} // guilds whose name, settings or native rules have changed
	Users      map[snowflake.UserID]struct{}  // users whose name or avatar may have
}

// onCommit has told called after each commit and before those who waited for it are woken. It must be quick and must
// not write. All calls come from one goroutine. It must be called before the store is used.
func (s *Store) onCommit(told func(Commit)) { s.writer.told = append(s.writer.told, told) }

// announce inserts the change row, in this transaction.
func (t *tx) announce(c moderation.Change) error {
	seq, err := t.InsertChange(t.ctx, changeRow(c))
	c.Seq, c.At = seq, timeOf(msOf(c.At))
	t.changes = append(t.changes, c)
	t.metrics(c.Guild)
	return err
}

func (t *tx) metrics(guild snowflake.GuildID) { note(&t.touched.Metrics, guild) }
func (t *tx) config(guild snowflake.GuildID)  { note(&t.touched.Config, guild) }
func (t *tx) user(user snowflake.UserID)      { note(&t.touched.Users, user) }

func (c *Commit) merge(other Commit) {
	c.Everywhere = c.Everywhere || other.Everywhere
	for guild := range other.Metrics {
		note(&c.Metrics, guild)
	}
	for guild := range other.Config {
		note(&c.Config, guild)
	}
	for user := range other.Users {
		note(&c.Users, user)
	}
}

func note[K comparable](set *map[K]struct{}, key K) {
	if *set == nil {
		*set = map[K]struct{}{}
	}
	(*set)[key] = struct{}{}
}

// msOf is t in the database: UTC milliseconds, 0 for the zero time.
func msOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// timeOf reads what msOf has written.
func timeOf(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// bucketOf is the bucket of a time in milliseconds.
func bucketOf(ms int64) int64 { return ms - ms%moderation.Bucket.Milliseconds() }

// monthOf is the calendar month of a time in milliseconds, UTC, as year * 100 + month.
func monthOf(ms int64) int64 {
	at := time.UnixMilli(ms).UTC()
	return int64(at.Year())*100 + int64(at.Month())
}
