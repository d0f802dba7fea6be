package identity

import (
	"container/list"
	"sync"
	"time"
)

const (
	// pendingLife is how long somebody may take on Discord's page.
	pendingLife = 10 * time.Minute
	// pendingMost bounds what strangers can make this process remember, to about 5 MB. The oldest is forgotten first.
	pendingMost = 10_000
)

// pending is a sign-in that began here and is on Discord's page now.
type pending struct {
	state    string // its hash
	cookie   string // its hash: only the browser that began may finish
	verifier string // of PKCE
	next     string
	began    time.Time
}

// pendings are the sign-ins under way. The zero value is ready.
type pendings struct {
	mu    sync.Mutex
	known map[string]*list.Element // by the hash of the state
	order list.List                // of pending, the oldest first
}

func (p *pendings) put(one pending) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil {
		p.known = map[string]*list.Element{}
	}
	for oldest := p.order.Front(); oldest != nil; oldest = p.order.Front() {
		if p.order.Len() < pendingMost && one.began.Sub(oldest.Value.(pending).began) < pendingLife {
			break
		}
		p.drop(oldest)
	}
	p.known[one.state] = p.order.PushBack(one)
}

// take gives the sign-in that began with a state and forgets it: a state works once, whatever becomes of it.
func (p *pendings) take(state string, now time.Time) (one pending, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	element, known := p.known[state]
	if !known {
		return pending{}, false
	}
	one = p.drop(element)
	return one, now.Sub(one.began) < pendingLife
}

func (p *pendings) drop(element *list.Element) pending {
	one := p.order.Remove(element).(pending)
	delete(p.known, one.state)
	return one
}
