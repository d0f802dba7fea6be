package bot

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// scout asks Discord's REST API for what the gateway did not tell: a guild that changed before this process saw it
// whole, which is the case after a restart that resumed, and the native AutoMod rules that were there before the bot.
// One goroutine, one request at a time; the lanes never wait for it.
type scout struct {
	rest    *rest
	guilds  *roster
	members *memberList
	submit  func(moderation.Event)
	clock   func() time.Time
	log     *slog.Logger
	pace    pace

	mu    sync.Mutex
	queue []errand
	known map[errand]bool // queued
	wake  chan struct{}
}

// errand is one thing to find out about a guild.
type errand struct {
	guild snowflake.GuildID
	rules bool // its AutoMod rules; else the guild itself
}

// send queues an errand unless it waits already.
func (s *scout) send(e errand) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known[e] {
		return
	}
	if s.known == nil {
		s.known = map[errand]bool{}
	}
	s.known[e] = true
	s.queue = append(s.queue, e)
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// waits says whether an errand is queued.
func (s *scout) waits(e errand) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known[e]
}

func (s *scout) next() (errand, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return errand{}, false
	}
	e := s.queue[0]
	s.queue = s.queue[1:]
	delete(s.known, e)
	return e, true
}

// run goes on errands until ctx ends. One that Discord refuses is dropped, one that fails for a while is tried again.
func (s *scout) run(ctx context.Context) {
	for n := 0; ; {
		e, some := s.next()
		if !some {
			select {
			case <-s.wake:
				continue
			case <-ctx.Done():
				return
			}
		}
		err := s.find(ctx, e)
		if ctx.Err() != nil {
			return
		}
		if kind := fault.Of(err); err != nil && (kind == fault.Unavailable && statusOf(err) == 0 || kind == fault.TooMany) {
			s.send(e)
			if !pause(ctx, doubled(s.pace.retryLeast, s.pace.retryMost, n, 0.5)) {
				return
			}
			n++
			continue
		}
		if err != nil {
			s.log.Warn("a server could not be looked up", "guild", e.guild, "rules", e.rules, "err", err)
		}
		n = 0
	}
}

func (s *scout) find(ctx context.Context, e errand) (err error) {
	defer recovered(s.log, "looking up a server", func() { err = errPanic })
	if e.rules {
		return s.rules(ctx, e.guild)
	}
	return s.guild(ctx, e.guild)
}

// rules reads the guild's native AutoMod rules whole: those that are gone are gone. All of it is as of the moment before
// Discord was asked, so that what is told meanwhile stands.
func (s *scout) rules(ctx context.Context, guild snowflake.GuildID) error {
	asked := s.clock()
	rules, err := s.rest.nativeRules(ctx, guild)
	if err != nil {
		return err
	}
	list := moderation.NativeRulesListed{Origin: moderation.Origin{Guild: guild, At: asked.UTC()}}
	for _, r := range rules {
		if r.ID != 0 {
			list.Rules = append(list.Rules, snowflake.RuleID(r.ID))
			s.submit(r.event(asked, false))
		}
	}
	s.submit(list)
	return nil
}
