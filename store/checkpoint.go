package store

import (
	"context"
	"database/sql"
	"log/slog"
)

const (
	// checkpointAfter is how many jobs bring a checkpoint: some thousand pages, SQLite's own measure.
	checkpointAfter = 128
	// checkpointAtLatest is how many pages may be in the log before the writer makes a checkpoint itself: 32 MB. The
	// log begins anew only when all of it is copied and nobody reads it, which readers put off for a while.
	checkpointAtLatest = "wal_autocheckpoint(8192)"
)

// checkpoints copies the log into the database beside the writer, over a connection of its own. On the writer's it was a
// pause of 8 to 50 ms in every thousand pages, in which nothing was committed: the p99 of a commit under steady traffic.
type checkpoints struct {
	db   *sql.DB
	log  *slog.Logger
	due  chan struct{}
	done chan struct{}
	jobs int // committed since the last one was asked for
}

func openCheckpoints(path string, log *slog.Logger) (*checkpoints, error) {
	db, err := openWriter(path)
	if err != nil {
		return nil, err
	}
	c := &checkpoints{db: db, log: log, due: make(chan struct{}, 1), done: make(chan struct{})}
	go c.loop()
	return c, nil
}

// wrote adds to the jobs that were committed. Only the writer calls it.
func (c *checkpoints) wrote(jobs int) {
	if c.jobs += jobs; c.jobs < checkpointAfter {
		return
	}
	c.jobs = 0
	select {
	case c.due <- struct{}{}:
	default: // one is due already
	}
}

// loop makes passive checkpoints: they wait for nobody, nobody waits for them, and what one leaves the next one copies.
func (c *checkpoints) loop() {
	defer close(c.done)
	for range c.due {
		if _, err := c.db.ExecContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
			c.log.Warn("the log of the database could not be copied into it; it is tried again", "err", err)
		}
	}
}

// close ends it; the writer must have ended.
func (c *checkpoints) close() error {
	close(c.due)
	<-c.done
	return c.db.Close()
}
