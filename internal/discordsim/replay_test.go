package discordsim

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/snowflake"
)

// picture is what somebody knows of a guild. One is drawn from the events alone, one from the world.
type picture struct {
	Name     string
	Owner    snowflake.UserID
	Members  map[snowflake.UserID]known
	Bans     map[snowflake.UserID]bool
	Roles    map[snowflake.RoleID]string
	Channels map[snowflake.ChannelID]string
	Messages map[snowflake.MessageID]string
	Rules    map[snowflake.RuleID]string
	Audit    []int
}

// known is what is known of a member.
type known struct {
	Name, Nick, Until string
	Roles             []snowflake.RoleID
}

func newPicture() *picture {
	return &picture{
		Members: map[snowflake.UserID]known{}, Bans: map[snowflake.UserID]bool{}, Roles: map[snowflake.RoleID]string{},
		Channels: map[snowflake.ChannelID]string{}, Messages: map[snowflake.MessageID]string{},
		Rules: map[snowflake.RuleID]string{},
	}
}

func (p *picture) member(m Member) {
	k := known{Name: m.User.Username, Nick: string(m.Nick), Roles: slices.Sorted(slices.Values(m.Roles))}
	if m.TimeoutUntil != nil {
		k.Until = m.TimeoutUntil.UTC().Format(time.RFC3339Nano)
	}
	p.Members[m.User.ID] = k
}

func (p *picture) channel(c Channel) {
	p.Channels[c.ID] = fmt.Sprint(c.Name, c.RateLimitPerUser, c.ParentID)
}

// draw reads the guild out of the world.
func draw(s *Sim, id snowflake.GuildID) *picture {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, p := s.world.guilds[id], newPicture()
	p.Name, p.Owner = g.Name, g.OwnerID
	for _, m := range g.members {
		p.member(*m)
	}
	for user := range g.bans {
		p.Bans[user] = true
	}
	for _, r := range g.roles {
		p.Roles[r.ID] = r.Name
	}
	for _, c := range g.channels {
		p.channel(c.Channel)
		for _, m := range c.messages {
			p.Messages[m.ID] = m.Text
		}
	}
	for _, r := range g.rules {
		p.Rules[r.ID] = r.Name
	}
	for _, entry := range g.audit {
		p.Audit = append(p.Audit, entry.Action)
	}
	return p
}

// heard is the union of the fields that events carry.
type heard struct {
	ID      json.RawMessage
	Name    string
	OwnerID snowflake.UserID    `json:"owner_id"`
	Channel snowflake.ChannelID `json:"channel_id"`
	Content string
	User    User
	Role    Role
	RoleID  snowflake.RoleID      `json:"role_id"`
	IDs     []snowflake.MessageID `json:"ids"`
	Action  int                   `json:"action_type"`
	Members []Member
	Roles   json.RawMessage
	Channels,
	Threads []Channel
}

func read[T any](t *rapid.T, data []byte) T {
	var value T
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatalf("%v in %.200s", err, data)
	}
	return value
}

// apply changes the picture by one event.
func (p *picture) apply(t *rapid.T, name string, d json.RawMessage) {
	e := read[heard](t, d)
	switch name {
	case "GUILD_CREATE", "GUILD_UPDATE":
		p.Name, p.Owner = e.Name, e.OwnerID
		for _, r := range read[[]Role](t, e.Roles) {
			p.Roles[r.ID] = r.Name
		}
		for _, c := range append(e.Channels, e.Threads...) {
			p.channel(c)
		}
	case "GUILD_MEMBERS_CHUNK":
		for _, m := range e.Members {
			p.member(m)
		}
	case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE":
		p.member(read[Member](t, d))
	case "GUILD_MEMBER_REMOVE":
		delete(p.Members, e.User.ID)
	case "GUILD_BAN_ADD":
		p.Bans[e.User.ID] = true
	case "GUILD_BAN_REMOVE":
		delete(p.Bans, e.User.ID)
	case "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE":
		p.Roles[e.Role.ID] = e.Role.Name
	case "GUILD_ROLE_DELETE":
		p.dropRole(e.RoleID)
	case "CHANNEL_CREATE", "CHANNEL_UPDATE", "THREAD_CREATE", "THREAD_UPDATE":
		p.channel(read[Channel](t, d))
	case "MESSAGE_CREATE", "MESSAGE_UPDATE":
		p.Messages[read[snowflake.MessageID](t, e.ID)] = e.Content
	case "MESSAGE_DELETE":
		delete(p.Messages, read[snowflake.MessageID](t, e.ID))
	case "MESSAGE_DELETE_BULK":
		for _, id := range e.IDs {
			delete(p.Messages, id)
		}
	case "AUTO_MODERATION_RULE_CREATE", "AUTO_MODERATION_RULE_UPDATE":
		p.Rules[read[snowflake.RuleID](t, e.ID)] = e.Name
	case "AUTO_MODERATION_RULE_DELETE":
		delete(p.Rules, read[snowflake.RuleID](t, e.ID))
	case "GUILD_AUDIT_LOG_ENTRY_CREATE":
		p.Audit = append(p.Audit, e.Action)
	}
}

// dropRole takes a role from everybody: Discord sends no event for each member.
func (p *picture) dropRole(id snowflake.RoleID) {
	delete(p.Roles, id)
	for user, k := range p.Members {
		k.Roles = slices.DeleteFunc(k.Roles, func(r snowflake.RoleID) bool { return r == id })
		if len(k.Roles) == 0 {
			k.Roles = nil
		}
		p.Members[user] = k
	}
}

func TestEventsTellTheWholeState(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := New(Options{})
		if err := s.Start("127.0.0.1:0"); err != nil {
			rt.Fatal(err)
		}
		defer s.Close()
		s.Set(func(k *Knobs) { k.DefaultLimit, k.GlobalLimit = Limit{}, 0 })
		town := settle(s)
		c := connect(t, s, allIntents)
		defer c.ws.Close()
		c.send(opMembers, map[string]any{"guild_id": town.guild, "query": "", "limit": 0})
		p := newPicture()
		p.Rules = draw(s, town.guild).Rules // which no event lists
		for range rapid.IntRange(1, 40).Draw(rt, "deeds") {
			town.deed(t, rt)
			if rapid.IntRange(0, 9).Draw(rt, "cut") == 0 {
				c.settle(rt, s, p)
				session, seq := c.session, c.seq
				c.ws.Close()
				town.deed(t, rt)
				c = dial(t, s, "")
				defer c.ws.Close()
				c.want(opHello)
				c.resume(s, session, seq)
				c.session, c.seq = session, seq
			}
		}
		c.settle(rt, s, p)
		if want := draw(s, town.guild); !reflect.DeepEqual(p, want) {
			rt.Fatalf("the events tell\n%+v\nthe world is\n%+v", p, want)
		}
	})
}

// settle applies all events up to the answer to a heartbeat.
func (c *client) settle(t *rapid.T, s *Sim, p *picture) {
	c.send(opHeartbeat, c.seq)
	for {
		before := c.seq
		got, err := c.read()
		switch {
		case err != nil:
			t.Fatal(err)
		case got.Op == opACK:
			return
		case got.Op != opDispatch || got.S != before+1:
			t.Fatalf("op %d %s with sequence %d after %d", got.Op, got.T, got.S, before)
		}
		p.apply(t, got.T, got.D)
	}
}
