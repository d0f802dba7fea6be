package identity

import (
	"context"
	"encoding/binary"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

const (
	// mineLife bounds how long a list is kept unused. It never grows wrong by the clock: commits drop it.
	mineLife = time.Hour
	// metMost bounds how many guilds are asked about before somebody's first page comes.
	metMost = 20
)

type userKey snowflake.UserID

// CacheKey packs the user's id.
func (k userKey) CacheKey() (packed [16]byte) {
	binary.BigEndian.PutUint64(packed[:], uint64(k))
	return packed
}

func newMine(s *store.Store) *store.Cache[userKey, map[snowflake.GuildID]access.Role] {
	return store.NewCache(s, store.CacheOptions[userKey, map[snowflake.GuildID]access.Role]{
		Name: "mine", Life: mineLife,
		Load: func(ctx context.Context, user userKey) (mine map[snowflake.GuildID]access.Role, err error) {
			err = s.Read(ctx, func(now *store.Snapshot) { mine = now.Mine(snowflake.UserID(user)) })
			return mine, err
		},
		Dropped: func(c *store.Cache[userKey, map[snowflake.GuildID]access.Role], commit store.Commit) {
			for who := range commit.Rights {
				if who.User == 0 {
					c.Clear()
					return
				}
				c.Drop(userKey(who.User))
			}
		},
	})
}

// Mine are an actor's roles in all guilds where there is one, as far as they are known here: it is for lists and asks
// nothing of Discord. Nobody may change the map.
func (r *Roster) Mine(ctx context.Context, actor access.Actor) (map[snowflake.GuildID]access.Role, error) {
	if actor.User() == 0 {
		return nil, nil
	}
	return r.mine.Get(ctx, userKey(actor.User()))
}

// Meet asks Discord about somebody who has just signed in, in those guilds where the bot is and the gateway does not
// tell: their list of servers would lack them otherwise. It gives up after 2 s; what is missing then comes when they
// open the guild.
func (r *Roster) Meet(ctx context.Context, user snowflake.UserID, guilds []snowflake.GuildID) {
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	asked := 0
	for _, guild := range guilds {
		profile, known, err := r.store.Profile(ctx, guild)
		if err != nil || asked == metMost {
			return
		}
		if known && profile.Left.IsZero() && !r.discord.Follows(guild) {
			asked++
			r.ask(ctx, seat{guild, user})
		}
	}
}
