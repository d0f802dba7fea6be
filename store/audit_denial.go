package store

import (
	"context"
	"sync"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
)

const (
	// denialPace is how often the same refusal of the same person is noted.
	denialPace = time.Minute
	// denialsAnHour is how many refusals are noted for one guild: the audit log is never pruned, and whoever repeats
	// what they may not do must not be able to fill the disk. 60 rows are some 20 KB.
	denialsAnHour = 60
)

// denials remembers which refusals were noted lately.
type denials struct {
	mu     sync.Mutex
	guilds map[snowflake.GuildID]*guildDenials
}

// guildDenials are a guild's refusals in the hour that began with the first of them. There are no more keys in noted
// than rows were written.
type guildDenials struct {
	began   time.Time
	noted   map[denial]time.Time
	rows    int
	unnoted int // refusals since the last row that were not noted
}

type denial struct {
	user  snowflake.UserID
	right string
}

// Denial is a right that somebody was refused.
type Denial struct {
	Actor   access.Actor
	Guild   snowflake.GuildID // 0: the instance
	Right   string            // as access.NameOf has it
	Role    access.Role       // the actor's in the guild; None: they have none there
	Subject access.Subject    // whom it was about; zero: nobody in particular
	Wanted  access.Role       // that Subject was to have; None: it was not about a role, or about taking one away
}

// denied is what a row says of a refusal beside who, which right and which member.
type denied struct {
	DiscordRole snowflake.RoleID `json:"discord_role,omitzero"`
	Wanted      string           `json:"wanted,omitzero"`
	Unnoted     int              `json:"unnoted,omitzero"` // refusals since the last row that went without one
}

// RecordDenial notes in the audit log that somebody was refused a right: at most once a minute for the same person and
// right, whatever it was about, and at most 60 times an hour for a guild. The next row of the guild says how many went
// without one.
func (s *Store) RecordDenial(ctx context.Context, refused Denial) error {
	missed, due := s.denials.count(refused.Guild, denial{refused.Actor.User(), refused.Right}, s.clock())
	if !due {
		return nil
	}
	d := deed{guild: refused.Guild, actor: refused.Actor, role: refused.Role, action: "denied",
		target: "right:" + refused.Right, person: refused.Subject.User, request: access.RequestOf(ctx)}
	more := denied{DiscordRole: refused.Subject.Role, Unnoted: missed}
	if refused.Wanted != access.None {
		more.Wanted = refused.Wanted.String()
	}
	if more != (denied{}) {
		d.after = more
	}
	return s.write(ctx, func(t *tx) error { return t.audit(d) })
}

// count says whether a refusal is to be noted, and how many were not since the last one that was.
func (d *denials) count(guild snowflake.GuildID, what denial, now time.Time) (missed int, due bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.guilds == nil || len(d.guilds) >= cacheLimit {
		d.guilds = map[snowflake.GuildID]*guildDenials{}
	}
	g := d.guilds[guild]
	if g == nil {
		g = &guildDenials{}
		d.guilds[guild] = g
	}
	if age := now.Sub(g.began); age >= time.Hour || age < 0 || g.noted == nil {
		g.began, g.rows, g.noted = now, 0, map[denial]time.Time{}
	}
	last, before := g.noted[what]
	if before && now.Sub(last) < denialPace || g.rows >= denialsAnHour {
		g.unnoted++
		return 0, false
	}
	missed, g.unnoted = g.unnoted, 0
	g.noted[what] = now
	g.rows++
	return missed, true
}
