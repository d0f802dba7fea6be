package live

import (
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

// viewer is who a stream is counted for: a user, or an address or token when there is none, on one guild.
type viewer struct {
	user  snowflake.UserID
	name  string
	guild snowflake.GuildID
}

// Where a refused reader may try again.
const (
	userRetry  = 10 * time.Second
	totalRetry = 30 * time.Second
)

// admit counts a stream in, or says why it may not be. Each admitted one is released once.
func (h *Hub) admit(v viewer) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	refused := &fault.Error{Kind: fault.Unavailable, RetryAfter: totalRetry}
	switch {
	case h.closed:
		refused.Public = "guildwatch is restarting."
	case h.open >= h.options.Total:
		refused.Public = "Too many live views are open in all; this one refreshes itself more slowly."
	case h.viewers[v] >= h.options.PerUser:
		refused = &fault.Error{Kind: fault.TooMany, RetryAfter: userRetry,
			Public: "You have too many live views of this server open; close one of them."}
	default:
		h.open++
		h.viewers[v]++
		h.serving.Add(1)
		return nil
	}
	h.tally.refused.Add(1)
	return refused
}

func (h *Hub) release(v viewer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open--
	if h.viewers[v]--; h.viewers[v] == 0 {
		delete(h.viewers, v)
	}
	h.serving.Done()
}
