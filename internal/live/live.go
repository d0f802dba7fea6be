// Package live holds the open streams of all pages and scripts (server-sent events) and brings every committed change
// to them: once, in order, without a gap, and without one slow reader holding up another. It knows bytes and numbers;
// who may listen, and what a fragment looks like, is decided by its callers.
//
// One announcer publishes; handlers serve; r3labs/sse fans out. DESIGN.md says why each part is as it is.
package live

import (
	"context"
	"log/slog"
	"time"

	"guildwatch/internal/snowflake"
)

// Frame is one event for the streams of a topic. Data is the HTML fragment or the JSON text, of any content; it is not
// changed or kept. A change's Seq is its change row's number (1 and up). A panel's Seq says up to which change its
// figures are true: a page that was rendered there or later does not get it on joining.
type Frame struct {
	Seq  int64
	Name Name
	Data []byte
}

// Backfill gives the frames of topic's changes with a seq above after, in order, at most limit; Hub calls it when a
// stream joins at a point that its memory does not reach, at most once at a time per topic. It must see every change
// that was committed before the call. complete is false when it could not give all: more than limit, pruned already, or
// after lies beyond the newest change (a database restored to an earlier time). Then, and on an error, the stream gets
// one Resync.
type Backfill func(ctx context.Context, topic Topic, after int64, limit int) (frames []Frame, complete bool, err error)

// Options are the settings of a Hub; a zero field takes the value given with it.
type Options struct {
	Backfill Backfill    // nil: whoever is beyond the ring gets a Resync
	Watching func(Topic) // told when a topic gets its first stream, so that its panels come; must not block

	PerUser int // streams per user (or Viewer) and guild: 5
	Total   int // streams in all: 10 000

	RingFrames  int // changes kept per watched topic: 256
	RingBytes   int // their bytes: 64 KB
	RingsTotal  int // bytes of all rings: 32 MB
	ReplayLimit int // changes replayed to one stream at most: 1 000

	Heartbeat    time.Duration // 20 s
	Linger       time.Duration // how long a topic stays watched after its last stream left: 60 s
	WriteTimeout time.Duration // for each write that has to wait: 10 s
	QueueBytes   int           // what may wait for one reader before it is cut: 256 KB
	FrameBytes   int           // a larger encoded frame becomes a Refetch: 16 KB

	Logger *slog.Logger // slog.Default()
}

// Subscription says what a request gets. The caller has checked that it may.
type Subscription struct {
	Topic  Topic
	User   snowflake.UserID // who Tell and End mean; zero for nobody in particular
	Viewer string           // who is counted when User is zero: an address, a token's name
	After  int64            // the seq that the page was rendered at, -1 for none: from now; a newer Last-Event-ID wins

	// Still says whether the reader may go on: nil for yes. It is asked once when the stream has joined, so that a right
	// lost since the caller checked is not missed, and whenever Recheck is called. A nil Still is always yes.
	Still func() *Ending

	// First gives what the reader alone is to have: the personal frames that came while no stream of theirs was open.
	// It is asked once when the stream has joined, so that none falls between it and Tell; one may come by both. May be
	// nil.
	First func() []Frame
}

// Code says why a stream ended. After 4001 to 4005 a page says why and does not reconnect.
type Code int

// The codes of an End frame.
const (
	SessionOver Code = 4001
	RoleLost    Code = 4003
	GuildLeft   Code = 4004
	TooMany     Code = 4005
	Restarting  Code = 1012
)

func (o Options) withDefaults() Options {
	def(&o.PerUser, 5)
	def(&o.Total, 10_000)
	def(&o.RingFrames, 256)
	def(&o.RingBytes, 64<<10)
	def(&o.RingsTotal, 32<<20)
	def(&o.ReplayLimit, 1_000)
	def(&o.Heartbeat, 20*time.Second)
	def(&o.Linger, time.Minute)
	def(&o.WriteTimeout, 10*time.Second)
	def(&o.QueueBytes, 256<<10)
	def(&o.FrameBytes, 16<<10)
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return o
}

func def[T int | time.Duration](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}
