package moderation

import (
	"time"

	"guildwatch/internal/snowflake"
)

// Bucket is the width of every counter: 15 minutes, so that half-hour and 45-minute time zones add up.
const Bucket = 15 * time.Minute

// BucketOf is the start of t's bucket.
func BucketOf(t time.Time) time.Time { return t.UTC().Truncate(Bucket) }

// Counts is what is counted per guild and bucket without a row of its own.
type Counts struct {
	Messages, Edits, Deletes int64
}

// Latency counts heartbeats by how long Discord took to answer.
type Latency struct {
	Count   int64
	Sum     time.Duration
	Buckets [len(latencyBounds) + 1]int64
}

// latencyBounds are the upper bounds of the latency buckets; the last bucket has none.
var latencyBounds = [...]time.Duration{
	25 * time.Millisecond, 50 * time.Millisecond, 75 * time.Millisecond, 100 * time.Millisecond, 150 * time.Millisecond,
	250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2500 * time.Millisecond,
}

// Add counts one heartbeat.
func (l *Latency) Add(d time.Duration) {
	l.Count++
	l.Sum += d
	for i, bound := range latencyBounds {
		if d <= bound {
			l.Buckets[i]++
			return
		}
	}
	l.Buckets[len(latencyBounds)]++
}

// Spot is a guild at one bucket: the key of a counter.
type Spot struct {
	Guild  snowflake.GuildID
	Bucket int64 // Unix milliseconds of the bucket's start
}

// Presence is one user of one guild who was active.
type Presence struct {
	Guild snowflake.GuildID
	User  snowflake.UserID
}

// Tally is what one lane has counted since the last flush. It belongs to one goroutine; it has no lock. Everything that
// has a row of its own (actions, violations, joins, leaves, commands) is counted with that row instead, in the row's
// transaction.
type Tally struct {
	Counts  map[Spot]Counts
	Active  map[Presence]int64 // Unix milliseconds of the last message
	Users   map[snowflake.UserID]User
	Latency map[int64]Latency // by bucket
	Read    map[Reading]Progress
	Newest  snowflake.MessageID // of the messages that were counted as they came
}

// NewTally makes an empty tally.
func NewTally() *Tally {
	return &Tally{
		Counts: map[Spot]Counts{}, Active: map[Presence]int64{}, Users: map[snowflake.UserID]User{},
		Latency: map[int64]Latency{}, Read: map[Reading]Progress{},
	}
}

// Empty says whether there is nothing to flush.
func (t *Tally) Empty() bool {
	return len(t.Counts) == 0 && len(t.Active) == 0 && len(t.Users) == 0 && len(t.Latency) == 0 && len(t.Read) == 0
}

// Merge adds other to t. Other must not be used afterwards.
func (t *Tally) Merge(other *Tally) {
	for spot, n := range other.Counts {
		sum := t.Counts[spot]
		sum.Messages += n.Messages
		sum.Edits += n.Edits
		sum.Deletes += n.Deletes
		t.Counts[spot] = sum
	}
	for who, at := range other.Active {
		t.Active[who] = max(t.Active[who], at)
	}
	for id, user := range other.Users {
		t.Users[id] = user
	}
	for bucket, n := range other.Latency {
		sum := t.Latency[bucket]
		sum.Count += n.Count
		sum.Sum += n.Sum
		for i := range sum.Buckets {
			sum.Buckets[i] += n.Buckets[i]
		}
		t.Latency[bucket] = sum
	}
	for reading, more := range other.Read {
		sum := t.Read[reading]
		sum.add(more)
		t.Read[reading] = sum
	}
	t.Newest = max(t.Newest, other.Newest)
}

// Message counts a message: new ones and edits apart, and who was active. Bots and webhooks count as messages but are
// nobody's activity.
func (t *Tally) Message(e *MessagePosted) {
	if e.Unfurl {
		return
	}
	if e.Edit {
		t.count(e.Guild, e.At, Counts{Edits: 1})
		return
	}
	t.count(e.Guild, e.At, Counts{Messages: 1})
	if !e.Late {
		t.Newest = max(t.Newest, e.Message)
	}
	if e.Webhook != 0 || e.Author.Bot || e.Author.ID == 0 {
		return
	}
	who := Presence{e.Guild, e.Author.ID}
	t.Active[who] = max(t.Active[who], e.At.UnixMilli())
	t.Users[e.Author.ID] = e.Author.User
}

// Deleted counts messages that are gone.
func (t *Tally) Deleted(e *MessagesDeleted) {
	t.count(e.Guild, e.At, Counts{Deletes: int64(len(e.Messages))})
}

// Beat counts a heartbeat.
func (t *Tally) Beat(e *LatencyMeasured) {
	bucket := BucketOf(e.At).UnixMilli()
	sum := t.Latency[bucket]
	sum.Add(e.Latency)
	t.Latency[bucket] = sum
}

// Progress counts how far a place was read back.
func (t *Tally) Progress(e *HistoryRead) {
	sum := t.Read[e.Reading]
	sum.add(e.Progress)
	t.Read[e.Reading] = sum
}

func (t *Tally) count(guild snowflake.GuildID, at time.Time, add Counts) {
	spot := Spot{guild, BucketOf(at).UnixMilli()}
	sum := t.Counts[spot]
	sum.Messages += add.Messages
	sum.Edits += add.Edits
	sum.Deletes += add.Deletes
	t.Counts[spot] = sum
}
