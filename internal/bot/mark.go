package bot

import (
	"sync"

	"guildwatch/internal/moderation"
)

// mark travels through every lane behind the same event. When the last lane has reached it, its tally holds exactly the
// events up to its position: committed together they make a restart neither lose nor double a count.
type mark struct {
	at   moderation.Position
	done chan struct{} // closed when the last lane is there

	mu      sync.Mutex
	waiting int
	tally   *moderation.Tally
}

// arrive hands over what a lane has counted and gives it a tally to go on with.
func (m *mark) arrive(counted *moderation.Tally) *moderation.Tally {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !counted.Empty() {
		m.tally.Merge(counted)
		counted = moderation.NewTally()
	}
	if m.waiting--; m.waiting == 0 {
		close(m.done)
	}
	return counted
}
