package bot

import (
	"sync"
	"time"
)

// State is how the connection to Discord stands.
type State string

// The states.
const (
	StateIdle       State = "idle"       // not started
	StateConnecting State = "connecting" // no session yet, or a new one on its way
	StateResuming   State = "resuming"   // the connection was lost, the session not; nothing is missed
	StateConnected  State = "connected"
	StateWaiting    State = "waiting" // Problem says for what
	StateStopped    State = "stopped" // Problem says why and what to do
)

// States lists all states.
func States() []State {
	return []State{StateIdle, StateConnecting, StateResuming, StateConnected, StateWaiting, StateStopped}
}

// Missing is an intent that Discord refused: what does not work without it and where to switch it on.
type Missing struct {
	Intent string // as the developer portal names it
	Effect string
	Remedy string
}

// Status is what health pages show about the connection to Discord.
type Status struct {
	State      State
	Since      time.Time // of the state
	Problem    string    // a plain sentence with the remedy; empty when all is well
	Missing    []Missing // empty: nothing is missing
	Latency    time.Duration
	Identifies int // new sessions in the last 24 hours; guildwatch stops at 200
	Guilds     int // that the bot is in
	Commands   int // slash commands
	LastEvent  time.Time

	Queued      int   // events waiting in the lanes now
	Events      int64 // dispatches received since the start
	Shed        int64 // given up because a lane was full
	Duplicates  int64 // received before
	Malformed   int64 // frames and payloads that could not be read
	Quarantined int64 // events whose handling failed for good
	Gaps        int64 // in coverage, recorded since the start
	Commits     int64 // flushes of counters and position
}

// board holds the status. It tells listeners after each change of state, in order.
type board struct {
	mu      sync.Mutex
	status  Status
	telling sync.Mutex // held while listeners run, so that they see changes in order
	listen  []func(Status)
}

// change edits the status and tells the listeners.
func (b *board) change(now time.Time, edit func(*Status)) {
	b.telling.Lock()
	defer b.telling.Unlock()
	b.mu.Lock()
	before := b.status.State
	edit(&b.status)
	if b.status.State != before {
		b.status.Since = now
	}
	status, listen := b.status, b.listen
	b.mu.Unlock()
	for _, tell := range listen {
		tell(status)
	}
}

// note edits figures without telling anyone.
func (b *board) note(edit func(*Status)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	edit(&b.status)
}

func (b *board) read() Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.status
}

func (b *board) onChange(tell func(Status)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.listen = append(b.listen[:len(b.listen):len(b.listen)], tell)
}
