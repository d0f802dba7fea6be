package identity

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

const (
	// askPace is how often Discord is asked about one person in one guild, where the gateway does not tell.
	askPace = 30 * time.Second
	// askPatience is how long a request waits for that; then what was known last stands.
	askPatience = 2 * time.Second
	// askedMost bounds what is remembered of who was asked for, to about 2 MB.
	askedMost = 10_000
)

// Discord is what the roster asks of the bot.
type Discord interface {
	// Follows says whether everything about a guild's members arrives by itself now.
	Follows(guild snowflake.GuildID) bool
	// FetchMember asks about one member; false: Discord says that there is none.
	FetchMember(ctx context.Context, guild snowflake.GuildID, user snowflake.UserID) (moderation.Member, bool, error)
}

// Roster knows what people are in each guild now. While the gateway tells of every change, what is stored is true;
// while it does not, Discord is asked, at most every 30 s for each person. All methods are safe for concurrent use.
type Roster struct {
	store   *store.Store
	discord Discord
	clock   func() time.Time
	flights singleflight.Group
	mine    *store.Cache[userKey, map[snowflake.GuildID]access.Role]

	mu    sync.Mutex
	asked map[seat]answer
}

// seat is one person in one guild.
type seat struct {
	guild snowflake.GuildID
	user  snowflake.UserID
}

// answer is what came of asking Discord. What it said is stored.
type answer struct {
	at  time.Time
	err error // it did not say
}

// NewRoster makes a roster. It is to be made before the store is used.
func NewRoster(store *store.Store, discord Discord) *Roster {
	r := &Roster{store: store, discord: discord, clock: time.Now, mine: newMine(store), asked: map[seat]answer{}}
	store.OnRights(r.forget)
	return r
}

// RoleIn is the role of an actor in a guild; None where the bot is not, too. The error says that nobody knows: neither
// the database, nor Discord.
func (r *Roster) RoleIn(ctx context.Context, guild snowflake.GuildID, actor access.Actor) (access.Role, error) {
	if actor.User() == 0 {
		return access.None, nil
	}
	if !r.discord.Follows(guild) {
		if profile, known, err := r.store.Profile(ctx, guild); err != nil || !known || !profile.Left.IsZero() {
			return access.None, err
		}
		asked := r.ask(ctx, seat{guild, actor.User()})
		standing, known, err := r.store.Standing(ctx, guild, actor.User())
		if err == nil && !known {
			err = asked.err // never seen, and Discord does not say: "not a member" would be a guess
		}
		return standing.Role(), err
	}
	standing, _, err := r.store.Standing(ctx, guild, actor.User())
	return standing.Role(), err
}

// Saw stores what Discord has just said about a member, so that nobody asks for it again soon. Of whoever is known in a
// guild that is followed it is there already: to write it again could undo that they were thrown out right after.
func (r *Roster) Saw(ctx context.Context, guild snowflake.GuildID, member moderation.Member) error {
	if r.discord.Follows(guild) {
		if _, known, err := r.store.Standing(ctx, guild, member.ID); known || err != nil {
			return err
		}
	}
	if err := r.store.SeeMembers(ctx, guild, []moderation.Member{member}); err != nil {
		return err
	}
	r.note(seat{guild, member.ID}, nil)
	return nil
}

// Met takes what a message said about its author at a time, where nobody follows the guild: then Discord need not be asked
// before a rule may punish them. It writes at most once in 30 s for each person. What was told later stands.
func (r *Roster) Met(ctx context.Context, guild snowflake.GuildID, member moderation.Member, at time.Time) error {
	who := seat{guild, member.ID}
	if _, fresh := r.lately(who); fresh || r.discord.Follows(guild) {
		return nil
	}
	if err := r.store.SeeMember(ctx, guild, member, at); err != nil {
		return err
	}
	r.note(who, nil)
	return nil
}

// ask asks Discord about one person, unless that was done lately. However many wait, one question is under way.
func (r *Roster) ask(ctx context.Context, who seat) answer {
	if last, fresh := r.lately(who); fresh {
		return last
	}
	asking := r.flights.DoChan(fmt.Sprintf("%d/%d", who.guild, who.user), func() (any, error) {
		if last, fresh := r.lately(who); fresh { // the question before ours has just been answered
			return last, nil
		}
		return r.note(who, r.fetch(context.WithoutCancel(ctx), who)), nil
	})
	select {
	case done := <-asking:
		return done.Val.(answer)
	case <-ctx.Done():
		return answer{err: ctx.Err()}
	}
}

// fetch asks, and stores what Discord says. A panic here would be in a goroutine of singleflight's and end the process.
func (r *Roster) fetch(ctx context.Context, who seat) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("asking for a member panicked: %v", reason)
		}
	}()
	waiting, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	asked := r.clock()
	member, there, err := r.discord.FetchMember(waiting, who.guild, who.user)
	switch {
	case err != nil:
		return err
	case !there:
		return r.store.LoseMember(ctx, who.guild, who.user, asked)
	}
	return r.store.SeeMember(ctx, who.guild, member, asked)
}

func (r *Roster) lately(who seat) (last answer, fresh bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	last, asked := r.asked[who]
	return last, asked && r.clock().Sub(last.at) < askPace
}

// forget drops what Discord said about somebody before their rights changed, as by a ban: the next request asks again. A
// change for everybody is one of roles, which are stored, and says nothing about who has them.
func (r *Roster) forget(guild snowflake.GuildID, user snowflake.UserID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.asked, seat{guild, user})
}

func (r *Roster) note(who seat, err error) answer {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := answer{at: r.clock(), err: err}
	if len(r.asked) >= askedMost {
		for old, last := range r.asked {
			if now.at.Sub(last.at) >= askPace {
				delete(r.asked, old)
			}
		}
		if len(r.asked) >= askedMost { // all within 30 s: better to ask some again than to grow
			clear(r.asked)
		}
	}
	r.asked[who] = now
	return now
}
