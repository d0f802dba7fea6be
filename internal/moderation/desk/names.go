package desk

import (
	"hash/maphash"
	"sync"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// namesKept bounds what names remembers: 50 000 members are 1.6 MB. Beyond it half is forgotten, which costs a second
// reading of those names, no second punishment: a violation is unique.
const namesKept = 50_000

// names remembers by which names members were judged.
type names struct {
	seed maphash.Seed
	mu   sync.Mutex
	last map[moderation.Presence]uint64
}

func newNames() *names {
	return &names{seed: maphash.MakeSeed(), last: map[moderation.Presence]uint64{}}
}

// fresh says whether a member's names were not judged before, and notes that they are now.
func (n *names) fresh(guild snowflake.GuildID, m *moderation.Member) bool {
	sum := maphash.Comparable(n.seed, [3]string{m.Nick, m.Global, m.Name})
	who := moderation.Presence{Guild: guild, User: m.ID}
	n.mu.Lock()
	defer n.mu.Unlock()
	if last, known := n.last[who]; known && last == sum {
		return false
	}
	if len(n.last) >= namesKept {
		left := namesKept / 2
		for other := range n.last {
			if left == 0 {
				break
			}
			delete(n.last, other)
			left--
		}
	}
	n.last[who] = sum
	return true
}
