package store

import (
	"context"
	"database/sql"
	"time"
)

const (
	// checkpointAfter is how many jobs bring a checkpoint: some 7 000 pages, 28 MB, when each records a violation. One copies
	// for 30 ms, and a commit or two take 4 ms longer meanwhile; with 128 jobs that was the p99 of all commits.
	checkpointAfter = 256
	// checkpointAtLatest is how many pages may be in the log before the writer makes a checkpoint itself, 48 MB: when jobs
	// are large, or somebody reads for long.
	checkpointAtLatest = "wal_autocheckpoint(12288)"
	// checkpointPatience is how long those who come to read wait at most for those who read already, and then for the writer.
	checkpointPatience = 50 * time.Millisecond
)

// checkpoints copies the log into the database beside the writer, over a connection of its own, and has it begin anew. On
// the writer's it was a pause of 8 to 50 ms in every thousand pages, in which nothing was committed: the p99 of a commit
// under steady traffic.
type checkpoints struct {
	db      *sql.DB
	writer  *writer
	readers *readers
	due     chan struct{}
	last    chan func() // what the writer does between two commits
	done    chan struct{}
	jobs    int // committed since the last one was asked for
}

func openCheckpoints(path string, writer *writer, readers *readers) (*checkpoints, error) {
	db, err := openWriter(path)
	if err != nil {
		return nil, err
	}
	c := &checkpoints{db: db, writer: writer, readers: readers, due: make(chan struct{}, 1), last: make(chan func()),
		done: make(chan struct{})}
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

// loop copies the log, and then what was committed meanwhile while nobody reads or writes, some 3 ms. After that whoever
// comes reads from the database itself and the next commit begins the log anew. Without the end, reads of 5 ms one after
// the other let the log grow to 468 MB in a quarter of a minute.
func (c *checkpoints) loop() {
	defer close(c.done)
	for range c.due {
		c.copy(c.db)
		c.readers.alone(checkpointPatience, func() {
			ended := make(chan struct{})
			select {
			case c.last <- func() { c.copy(c.writer.conn); close(ended) }:
				<-ended
			// The writer may wait for another program's lock, or for somebody who wants to read: then the next one succeeds.
			case <-time.After(checkpointPatience):
			case <-c.writer.finished:
			}
		})
	}
}

// copy makes a passive checkpoint, which takes from the log what nobody reads from it any more.
func (c *checkpoints) copy(conn interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}) {
	if _, err := conn.ExecContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
		c.writer.log.Warn("the log of the database could not be copied into it; it is tried again", "err", err)
	}
}

// close ends it; the writer must have ended.
func (c *checkpoints) close() error {
	close(c.due)
	<-c.done
	return c.db.Close()
}
