package desk

import (
	"hash/maphash"
	"sync"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// namesKept bounds what names remembers: 50 000 members are 1.6 MB. Beyond it half is forgotten, and all of it at a
// restart: a name that is still bad then breaks the rule once more, when Discord next tells of its member.
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

// judged says whether a member was judged by these names before.
func (n *names) judged(guild snowflake.GuildID, m *moderation.Member) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	last, known := n.last[moderation.Presence{Guild: guild, User: m.ID}]
	return known && last == n.sum(m)
}

// note remembers that a member was judged by these names.
func (n *names) note(guild snowflake.GuildID, m *moderation.Member) {
	n.mu.Lock()
	defer n.mu.Unlock()
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
	n.last[moderation.Presence{Guild: guild, User: m.ID}] = n.sum(m)
}

func (n *names) sum(m *moderation.Member) uint64 {
	return maphash.Comparable(n.seed, [3]string{m.Nick, m.Global, m.Name})
}
