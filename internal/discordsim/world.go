package discordsim

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"guildwatch/internal/snowflake"
)

// world is everything that Discord knows. Sim.mu guards it.
type world struct {
	team         []snowflake.UserID // of the application, its owner first; empty when one person owns it
	invited      []snowflake.UserID // to the team
	users        map[snowflake.UserID]*User
	guilds       map[snowflake.GuildID]*guild
	channels     map[snowflake.ChannelID]*channel
	webhooks     map[snowflake.WebhookID]*Webhook
	commands     map[snowflake.GuildID][]Command // those of guild 0 are global
	interactions map[string]*Interaction         // by token
}

type guild struct {
	ID          snowflake.GuildID
	Name        string
	Icon        Text
	OwnerID     snowflake.UserID
	Locale      string
	Level       int // of verification
	AlertsTo    snowflake.ChannelID
	Incidents   Incidents
	roles       map[snowflake.RoleID]*Role
	channels    map[snowflake.ChannelID]*channel
	members     map[snowflake.UserID]*Member
	bans        map[snowflake.UserID]*Ban
	left        map[snowflake.UserID]bool // who was a member once
	rules       map[snowflake.RuleID]*AutoModRule
	audit       []*AuditEntry // oldest first
	botRole     snowflake.RoleID
	listAskedAt time.Time // when the whole member list was last asked for
	joinedAt    time.Time // of the bot
	outage      bool
	away        bool // the bot is not in it
}

type channel struct {
	Channel
	guild    *guild // nil for direct messages
	with     *User  // the other side of a direct conversation
	messages []*Message
	nonces   map[string]snowflake.MessageID
	inside   []snowflake.UserID // who is in a thread
}

func newWorld() world {
	return world{
		users: map[snowflake.UserID]*User{}, guilds: map[snowflake.GuildID]*guild{},
		channels: map[snowflake.ChannelID]*channel{}, webhooks: map[snowflake.WebhookID]*Webhook{},
		commands: map[snowflake.GuildID][]Command{}, interactions: map[string]*Interaction{},
	}
}

// byID sorts the values of a map by their keys: the order in which Discord lists things, and the same in each run.
func byID[K cmp.Ordered, V any](m map[K]V) []V {
	values := make([]V, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		values = append(values, m[key])
	}
	return values
}

// in is the guild if the bot is in it and Discord can reach it; else nil.
func (s *Sim) in(id snowflake.GuildID) *guild {
	g := s.world.guilds[id]
	if g == nil || g.away || g.outage {
		return nil
	}
	return g
}

// here is the channel by id, nil when there is none or its guild is out of the bot's reach.
func (s *Sim) here(id snowflake.ChannelID) *channel {
	c := s.world.channels[id]
	if c == nil || c.guild != nil && (c.guild.away || c.guild.outage) {
		return nil
	}
	return c
}

// AddUser makes an account. A zero ID is made up; an account of the same ID is replaced.
func (s *Sim) AddUser(user User) snowflake.UserID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.putUser(user).ID
}

func (s *Sim) putUser(user User) *User {
	if user.ID == 0 {
		user.ID = newID[snowflake.UserID](s)
	}
	if user.Discriminator == "" {
		user.Discriminator = "0"
	}
	if known := s.world.users[user.ID]; known != nil {
		*known = user
		return known
	}
	s.world.users[user.ID] = &user
	return &user
}

// RemoveUser deletes an account, as its owner can: the user leaves all guilds and is unknown from then on.
func (s *Sim) RemoveUser(id snowflake.UserID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range byID(s.world.guilds) {
		s.removeMember(g, id)
	}
	delete(s.world.users, id)
}

// UserByID is a copy of the account; false when there is none.
func (s *Sim) UserByID(id snowflake.UserID) (User, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if user := s.world.users[id]; user != nil {
		return *user, true
	}
	return User{}, false
}

// RenameUser changes the account's names everywhere; empty ones stay as they are.
func (s *Sim) RenameUser(id snowflake.UserID, username, globalName string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user := s.world.users[id]
	if user == nil {
		return
	}
	user.Username = cmp.Or(username, user.Username)
	user.GlobalName = cmp.Or(Text(globalName), user.GlobalName)
	for _, g := range byID(s.world.guilds) {
		if member := g.members[id]; member != nil {
			s.memberChanged(g, member)
		}
	}
}
