package bot

import (
	"context"
	"sync"

	"golang.org/x/time/rate"

	"guildwatch/internal/snowflake"
)

const (
	// shareRate is how many requests a second one guild's actions may take of the 40: what is left over is there at once
	// when another needs it, where it would stand behind four of a raid's otherwise. It holds while no other guild has
	// any, too: the first request of the other waited 180 ms when it did not.
	shareRate  = 30
	shareBurst = 5
	// sharesKept bounds the memory; beyond it all is forgotten, which costs a burst.
	sharesKept = 1000
)

// shares divides requests among guilds.
type shares struct {
	mu     sync.Mutex
	guilds map[snowflake.GuildID]*rate.Limiter
}

type shareKey struct{}

// sharing says that what is asked of Discord under a context is an action in a guild.
func sharing(ctx context.Context, guild snowflake.GuildID) context.Context {
	return context.WithValue(ctx, shareKey{}, guild)
}

// wait returns when a request may go out as far as the others' share is concerned.
func (s *shares) wait(ctx context.Context) error {
	guild, ours := ctx.Value(shareKey{}).(snowflake.GuildID)
	if !ours {
		return nil
	}
	return s.of(guild).Wait(ctx)
}

// of gives a guild's share.
func (s *shares) of(guild snowflake.GuildID) *rate.Limiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	mine := s.guilds[guild]
	if mine == nil {
		if s.guilds == nil || len(s.guilds) >= sharesKept {
			s.guilds = map[snowflake.GuildID]*rate.Limiter{}
		}
		mine = rate.NewLimiter(shareRate, shareBurst)
		s.guilds[guild] = mine
	}
	return mine
}
