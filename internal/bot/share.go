package bot

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"guildwatch/internal/snowflake"
)

const (
	// shareRate is how many requests a second one guild's actions may take of the 40 while another guild has some to make:
	// what is left over is there at once when the other needs it, where it would stand behind four of a raid's otherwise.
	shareRate  = 30
	shareBurst = 5
	// alone is how long after the last action of another guild one has all requests to itself.
	alone = 10 * time.Second
	// sharesKept bounds the memory; beyond it all is forgotten, which costs a burst.
	sharesKept = 1000
)

// shares divides requests among guilds.
type shares struct {
	mu     sync.Mutex
	guilds map[snowflake.GuildID]*rate.Limiter
	last   [2]askedAt // the last two guilds that asked for something, the newest first
}

type askedAt struct {
	guild snowflake.GuildID
	at    time.Time
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
	mine, shared := s.of(guild, time.Now())
	if !shared {
		return nil
	}
	return mine.Wait(ctx)
}

// of gives a guild's share, and whether it must keep to it.
func (s *shares) of(guild snowflake.GuildID, now time.Time) (mine *rate.Limiter, shared bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	other := s.last[0]
	if other.guild == guild {
		other = s.last[1]
		s.last[0].at = now
	} else {
		s.last = [2]askedAt{{guild, now}, s.last[0]}
	}
	if mine = s.guilds[guild]; mine == nil {
		if s.guilds == nil || len(s.guilds) >= sharesKept {
			s.guilds = map[snowflake.GuildID]*rate.Limiter{}
		}
		mine = rate.NewLimiter(shareRate, shareBurst)
		s.guilds[guild] = mine
	}
	return mine, now.Sub(other.at) < alone
}
