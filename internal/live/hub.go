package live

import (
	"net/url"
	"sync"
	"sync/atomic"

	"github.com/r3labs/sse/v2"
)

// Hub holds all streams of the process. Publish has one caller at a time; everything else may be called from anywhere.
type Hub struct {
	options Options
	library *sse.Server
	rings   atomic.Int64 // bytes of all rings
	tally   tally
	quit    chan struct{} // closed by Shutdown
	beating sync.WaitGroup

	mu      sync.RWMutex
	rooms   map[Topic]*room // one for each topic ever asked for; never removed, see DESIGN.md
	viewers map[viewer]int
	open    int
	closed  bool
	serving sync.WaitGroup // one for each Serve past admission
}

// New makes a hub and starts its heartbeat; Shutdown ends it.
func New(options Options) *Hub {
	library := sse.New()
	library.AutoReplay = false // on, it keeps every event for ever and renumbers them from 0
	library.BufferSize = 64    // 4.2 KB for each permanent stream; the default of 1 024 takes 12.9 KB
	h := &Hub{
		options: options.withDefaults(),
		library: library,
		quit:    make(chan struct{}),
		rooms:   make(map[Topic]*room),
		viewers: make(map[viewer]int),
	}
	h.beating.Go(h.beat)
	return h
}

// find gives topic's room, nil when nobody ever asked for it.
func (h *Hub) find(topic Topic) *room {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.rooms[topic]
}

// roomFor gives topic's room and makes it when needed. The library's stream behind it is permanent: a subscriber that
// meets a removed stream hangs for ever.
func (h *Hub) roomFor(topic Topic) *room {
	if r := h.find(topic); r != nil {
		return r
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if r := h.rooms[topic]; r != nil {
		return r
	}
	id := topic.String()
	r := &room{
		hub:     h,
		topic:   topic,
		id:      id,
		url:     &url.URL{RawQuery: url.Values{"stream": {id}}.Encode()},
		filling: make(chan struct{}, 1),
		streams: make(map[*stream]struct{}),
		waiting: make(map[*stream][]unit),
		ring:    ring{total: &h.rings, floor: unknownFloor},
	}
	if !h.closed {
		h.library.CreateStream(id)
	}
	h.rooms[topic] = r
	return r
}

// all lists the rooms there are.
func (h *Hub) all() []*room {
	h.mu.RLock()
	defer h.mu.RUnlock()
	rooms := make([]*room, 0, len(h.rooms))
	for _, r := range h.rooms {
		rooms = append(rooms, r)
	}
	return rooms
}
