package bot

import (
	"sync"
	"time"

	"guildwatch/internal/snowflake"
)

// Follows says whether what is recorded of the guild's members and roles is what Discord has: the bot hears of each
// change. That is so once the guild's whole list of members was read and recorded in this session, by this process, as
// long as Discord lets the bot see members and the connection is there, or was lost less than a minute ago (what
// happens meanwhile is heard of after the resume). It is false for a guild with an outage and for one that the bot is
// not in.
func (b *Bot) Follows(guild snowflake.GuildID) bool {
	return b.link.heard(time.Now(), b.opt.pace.trust) && b.members.follows(guild)
}

// doubt notes that a record of the guild was given up: it may have said who left, or which role lost a permission. The
// guild is looked up, and then its members are listed; until then it is not followed.
func (b *Bot) doubt(guild snowflake.GuildID) {
	if b.guilds.has(guild) {
		b.members.drop(guild)
		b.scout.send(errand{guild: guild})
	}
}

// link is whether events arrive.
type link struct {
	mu   sync.Mutex
	up   bool
	last time.Time // when something was heard, of a connection that is lost
}

func (l *link) restored() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.up = true
}

// lost takes when the last frame came.
func (l *link) lost(last time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.up, l.last = false, last
}

// heard says whether events arrive, or did until less than patience ago.
func (l *link) heard(now time.Time, patience time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.up || !l.last.IsZero() && now.Sub(l.last) < patience
}
