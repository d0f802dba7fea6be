package store

import (
	"context"
	"sync"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// ringSize is how many committed changes are kept in memory: at 1 000 a second the announcer may lag 4 s before it
// reads the table.
const ringSize = 4096

// ring holds the newest committed changes in seq order and wakes those who wait for the next.
type ring struct {
	mu     sync.Mutex
	kept   []moderation.Change // a circle once it is full; start is the oldest
	start  int
	floor  int64 // every change after it is in kept
	last   int64
	more   chan struct{} // closed and replaced at each append
	closed bool
}

func (r *ring) newest() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last
}

func newRing(last int64) *ring { return &ring{floor: last, last: last, more: make(chan struct{})} }

func (r *ring) append(changes []moderation.Change) {
	if len(changes) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, change := range changes {
		if len(r.kept) < ringSize {
			r.kept = append(r.kept, change)
			continue
		}
		r.floor = r.kept[r.start].Seq
		r.kept[r.start] = change
		r.start = (r.start + 1) % ringSize
	}
	r.last = changes[len(changes)-1].Seq
	close(r.more)
	r.more = make(chan struct{})
}

func (r *ring) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.closed = true
		close(r.more)
	}
}

// after gives at most limit changes after seq. ok is false when older ones than the ring has are wanted; wait is closed
// once there is more than nothing.
func (r *ring) after(seq int64, limit int) (changes []moderation.Change, wait <-chan struct{}, ok, closed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if seq < r.floor {
		return nil, nil, false, r.closed
	}
	// Seqs have no holes: a rolled back change gives its number back.
	skip := int(min(seq, r.last) - r.floor)
	for i := skip; i < len(r.kept) && len(changes) < limit; i++ {
		changes = append(changes, r.kept[(r.start+i)%len(r.kept)])
	}
	return changes, r.more, true, r.closed
}

// LastSeq is the seq of the newest committed change; 0 before the first.
func (s *Store) LastSeq() int64 {
	s.changes.mu.Lock()
	defer s.changes.mu.Unlock()
	return s.changes.last
}

// NextChanges gives the committed changes of all guilds after seq, in order, at most limit. It waits until there is
// one, ctx ends or the store is closed.
func (s *Store) NextChanges(ctx context.Context, after int64, limit int) ([]moderation.Change, error) {
	for {
		changes, wait, ok, closed := s.changes.after(after, limit)
		if len(changes) > 0 {
			return changes, nil
		}
		if closed {
			return nil, errClosed
		}
		if !ok {
			if changes, err := s.ChangesAfter(ctx, 0, after, limit); err != nil || len(changes) > 0 {
				return changes, err
			}
			// What lay between was pruned: go on where the ring begins.
			after = s.changes.bottom()
			continue
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (r *ring) bottom() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.floor
}

// ChangesAfter gives a guild's committed changes after seq, in order, at most limit; of all guilds for guild 0. Changes
// older than a week may be pruned, but never the newest 200 of a guild.
func (s *Store) ChangesAfter(
	ctx context.Context, guild snowflake.GuildID, after int64, limit int,
) ([]moderation.Change, error) {
	var rows []db.Change
	var err error
	if guild == 0 {
		rows, err = s.reads.ListChangesAfter(ctx, db.ListChangesAfterParams{Seq: after, Max: int64(limit)})
	} else {
		rows, err = s.reads.ListGuildChangesAfter(ctx,
			db.ListGuildChangesAfterParams{GuildID: int64(guild), Seq: after, Max: int64(limit)})
	}
	if err != nil {
		return nil, err
	}
	changes := make([]moderation.Change, len(rows))
	for i := range rows {
		changes[i] = changeOf(&rows[i])
	}
	return changes, nil
}

// farthestReplay is how many changes of all guilds a replay may reach back: to count so many rows takes some 5 ms.
const farthestReplay = 100_000

// Replayable says whether every change after seq is still there. Seqs have no holes but those that pruning leaves, so
// it is enough to count.
func (s *Store) Replayable(ctx context.Context, after int64) (bool, error) {
	last := s.LastSeq()
	if after < 0 || after > last || last-after > farthestReplay {
		return false, nil
	}
	n, err := s.reads.CountChangesBetween(ctx, db.CountChangesBetweenParams{After: after, Until: last})
	return n == last-after, err
}

func changeOf(row *db.Change) moderation.Change {
	return moderation.Change{
		Seq: row.Seq, Guild: snowflake.GuildID(row.GuildID), At: timeOf(row.At), Kind: moderation.ChangeKind(row.Kind),
		Source: moderation.Source(row.Source), Severity: moderation.Severity(row.Severity),
		Action: moderation.ActionKind(row.Action), Outcome: moderation.Outcome(row.Outcome), Ref: row.Ref,
		User: snowflake.UserID(row.UserID), Actor: snowflake.UserID(row.ActorID),
		Channel: snowflake.ChannelID(row.ChannelID), Label: row.Label, Detail: row.Detail,
	}
}

func changeRow(c moderation.Change) db.InsertChangeParams {
	return db.InsertChangeParams{
		GuildID: int64(c.Guild), At: msOf(c.At), Kind: string(c.Kind), Source: string(c.Source),
		Severity: string(c.Severity), Action: string(c.Action), Outcome: string(c.Outcome), Ref: c.Ref,
		UserID: int64(c.User), ActorID: int64(c.Actor), ChannelID: int64(c.Channel), Label: c.Label, Detail: c.Detail,
	}
}
