package rule

import (
	"container/list"
	"hash/maphash"
	"sync"
	"time"

	"guildwatch/internal/snowflake"
)

const (
	memoryShards = 16
	// memoryTraces bounds each shard: 16 x 4 096 traces of at most 64 marks are 100 MB at the very worst and 10 MB in
	// ordinary use. Beyond it the trace unused for longest is forgotten: a flood is recent by its nature.
	memoryTraces = 4096
	memoryMarks  = 64
)

// Memory is what rules about several messages remember: for each rule and member when they did what counts. It outlives
// the Sets that use it, so that a change of rules is no way out of a flood. It is safe for concurrent use.
type Memory struct {
	seed   maphash.Seed
	shards [memoryShards]shard
}

type shard struct {
	mu     sync.Mutex
	traces map[traceKey]*list.Element // of *trace
	used   list.List                  // latest use first
}

type traceKey struct {
	guild snowflake.GuildID
	rule  int64
	user  snowflake.UserID
	text  uint64 // of what was repeated; 0 where that is all the same
}

type trace struct {
	key   traceKey
	marks []mark
	told  mark // the message that went too far last, with the sum as its weight: asked again, it is told again
}

type mark struct {
	at      int64 // ms
	message snowflake.MessageID
	weight  int
}

// NewMemory makes an empty memory.
func NewMemory() *Memory {
	m := &Memory{seed: maphash.MakeSeed()}
	for i := range m.shards {
		m.shards[i].traces = map[traceKey]*list.Element{}
	}
	return m
}

// add counts a message of some weight and gives the sum within the time up to it. A message that is there already is
// not counted again: Discord delivers events twice. A sum above most is told once and the count begins anew: a flood of
// thirty messages is one violation, or two, and not twenty.
func (m *Memory) add(
	key traceKey, at time.Time, message snowflake.MessageID, weight, most int, within time.Duration,
) (sum int) {
	s := &m.shards[maphash.Comparable(m.seed, key)%memoryShards]
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.trace(key)
	if t.told.message == message && message != 0 {
		return t.told.weight
	}
	now, known := at.UnixMilli(), false
	kept := t.marks[:0]
	for _, old := range t.marks {
		if now-old.at >= within.Milliseconds() {
			continue
		}
		known = known || old.message == message
		sum += old.weight
		kept = append(kept, old)
	}
	t.marks = kept
	if known {
		return sum
	}
	if sum+weight > most {
		t.marks, t.told = t.marks[:0], mark{now, message, sum + weight}
		return sum + weight
	}
	if len(t.marks) == memoryMarks {
		t.marks = t.marks[:copy(t.marks, t.marks[1:])]
	}
	t.marks = append(t.marks, mark{now, message, weight})
	return sum + weight
}

func (s *shard) trace(key traceKey) *trace {
	if element, ok := s.traces[key]; ok {
		s.used.MoveToFront(element)
		return element.Value.(*trace)
	}
	if s.used.Len() >= memoryTraces {
		oldest := s.used.Remove(s.used.Back()).(*trace)
		delete(s.traces, oldest.key)
	}
	t := &trace{key: key}
	s.traces[key] = s.used.PushFront(t)
	return t
}
