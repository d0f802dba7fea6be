package courier

import (
	"sync"
	"time"

	"guildwatch/internal/snowflake"
)

// In a raid hundreds are thrown out in a minute. Discord takes a bot that opens hundreds of conversations for a spammer,
// and each letter keeps its action waiting, so of one guild's only so many are told before.
const (
	aheadAtOnce = 10
	aheadEvery  = 2 * time.Second // one more
	aheadKept   = 2_500           // guilds that are remembered: what one gateway connection holds
)

// allowance is how many members of each guild may be told ahead of what is done to them.
type allowance struct {
	mu    sync.Mutex
	until map[snowflake.GuildID]time.Time // when the last of those that were taken is made up for
}

func newAllowance() *allowance { return &allowance{until: map[snowflake.GuildID]time.Time{}} }

// take takes one, if there is one.
func (a *allowance) take(guild snowflake.GuildID, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	until := a.until[guild]
	if until.Before(now) {
		until = now
	}
	if until = until.Add(aheadEvery); until.Sub(now) > aheadAtOnce*aheadEvery {
		return false
	}
	if len(a.until) >= aheadKept {
		clear(a.until)
	}
	a.until[guild] = until
	return true
}
