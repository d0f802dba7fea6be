package bot

import (
	"slices"
	"sync"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// roster knows the guilds that the bot is in and what it may do there: their roles and its own, nothing of other
// members.
type roster struct {
	mu     sync.Mutex
	bot    snowflake.UserID
	guilds map[snowflake.GuildID]*seat
}

// seat is the bot's place in one guild. Until the guild has been seen whole, only its id is known.
type seat struct {
	whole   bool
	awaited bool // READY named it, and it has not come yet
	profile moderation.Guild
	roles   map[snowflake.RoleID]moderation.Permissions
	own     []snowflake.RoleID
	asked   time.Time // when Discord answered who asked for the guild; zero: it came by itself, in the order of events
}

func newRoster() *roster { return &roster{guilds: map[snowflake.GuildID]*seat{}} }

func (r *roster) self() snowflake.UserID {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bot
}

func (r *roster) setSelf(bot snowflake.UserID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bot = bot
}

func (r *roster) size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.guilds)
}

func (r *roster) has(guild snowflake.GuildID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.guilds[guild] != nil
}

// know takes the ids of guilds that the bot was in when it last ran.
func (r *roster) know(ids []snowflake.GuildID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, guild := range ids {
		if r.guilds[guild] == nil {
			r.guilds[guild] = &seat{}
		}
	}
}

// expect takes READY's ids of all guilds that the bot is in and answers with those that it is no longer in.
func (r *roster) expect(ids []snowflake.GuildID) (lost []snowflake.GuildID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	there := make(map[snowflake.GuildID]bool, len(ids))
	for _, guild := range ids {
		there[guild] = true
		if r.guilds[guild] == nil {
			r.guilds[guild] = &seat{}
		}
		r.guilds[guild].awaited = true
	}
	for guild := range r.guilds {
		if !there[guild] {
			lost = append(lost, guild)
			delete(r.guilds, guild)
		}
	}
	slices.Sort(lost)
	return lost
}

// unseen are the guilds that nothing but the id is known of, and that nobody announced.
func (r *roster) unseen() (guilds []snowflake.GuildID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for guild, s := range r.guilds {
		if !s.whole && !s.awaited {
			guilds = append(guilds, guild)
		}
	}
	slices.Sort(guilds)
	return guilds
}

// overdue are the guilds that READY named and that have not come. Each is named once.
func (r *roster) overdue() (guilds []snowflake.GuildID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for guild, s := range r.guilds {
		if s.awaited {
			s.awaited = false
			guilds = append(guilds, guild)
		}
	}
	slices.Sort(guilds)
	return guilds
}

// seen takes a whole guild. Joined is true when the bot has just been added: it was not among those expected.
func (r *roster) seen(profile moderation.Guild, roles map[snowflake.RoleID]moderation.Permissions,
	own []snowflake.RoleID) (_ moderation.Guild, joined bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	joined = r.guilds[profile.ID] == nil
	s := &seat{whole: true, profile: profile, roles: roles, own: own}
	s.weigh(r.bot)
	r.guilds[profile.ID] = s
	return s.profile, joined
}

// changed takes what GUILD_UPDATE carries: no member count, no join time. False when the guild has not been seen whole.
func (r *roster) changed(profile moderation.Guild, roles map[snowflake.RoleID]moderation.Permissions) (moderation.Guild, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.guilds[profile.ID]
	if s == nil || !s.whole {
		return moderation.Guild{}, false
	}
	profile.Members, profile.JoinedAt = s.profile.Members, s.profile.JoinedAt
	s.profile, s.roles = profile, roles
	s.weigh(r.bot)
	return s.profile, true
}

// answered notes that the guild was not sent but asked for. What happened before may have come before the answer, and
// is heard of after it.
func (r *roster) answered(guild snowflake.GuildID, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.guilds[guild]; s != nil {
		s.asked = at
	}
}

// verdict is what a change of roles means for the bot's own permissions.
type verdict int

const (
	verdictSame verdict = iota
	verdictChanged
	verdictUnknown // the guild has not been seen whole, or not since this change
)

// role notes a role that was made, changed or deleted (no permissions then).
func (r *roster) role(from moderation.Origin, role moderation.DiscordRole) (moderation.Guild, verdict) {
	return r.edit(from, func(s *seat) { s.roles[role.ID] = role.Permissions })
}

// ownRoles notes which roles the bot has.
func (r *roster) ownRoles(from moderation.Origin, own []snowflake.RoleID) (moderation.Guild, verdict) {
	return r.edit(from, func(s *seat) { s.own = own })
}

// stale says whether an answer about the guild may be older than something that happened from there.
func (r *roster) stale(from moderation.Origin) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.guilds[from.Guild]
	return s == nil || !s.whole || from.At.Before(s.asked)
}

func (r *roster) edit(from moderation.Origin, edit func(*seat)) (moderation.Guild, verdict) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.guilds[from.Guild]
	if s == nil || !s.whole || from.At.Before(s.asked) {
		return moderation.Guild{}, verdictUnknown
	}
	before := s.profile.Permissions
	edit(s)
	s.weigh(r.bot)
	if s.profile.Permissions == before {
		return s.profile, verdictSame
	}
	return s.profile, verdictChanged
}

// count notes a member who came or left.
func (r *roster) count(guild snowflake.GuildID, delta int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.guilds[guild]; s != nil && s.whole {
		s.profile.Members = max(0, s.profile.Members+delta)
	}
}

// left forgets a guild.
func (r *roster) left(guild snowflake.GuildID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.guilds, guild)
}

// weigh works out the bot's permissions: those of @everyone, whose id is the guild's, and of its own roles. The owner
// may all.
func (s *seat) weigh(bot snowflake.UserID) {
	p := s.roles[snowflake.RoleID(s.profile.ID)]
	for _, role := range s.own {
		p |= s.roles[role]
	}
	if s.profile.Owner == bot && bot != 0 {
		p |= moderation.PermAdministrator
	}
	s.profile.Permissions = p
}
