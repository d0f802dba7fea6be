package discordsim

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"guildwatch/internal/snowflake"
)

// How long an interaction waits for its first answer, and how long its token lives.
const (
	answerWithin = 3 * time.Second
	tokenLives   = 15 * time.Minute
)

// Interaction is one use of a command, a button or a form, with what became of it.
type Interaction struct {
	ID         snowflake.InteractionID
	Kind       int // Discord's: 2 a command, 3 a button, 4 an option that is being typed, 5 a form
	Token      string
	Guild      snowflake.GuildID // 0 in a direct conversation
	Channel    snowflake.ChannelID
	User       snowflake.UserID
	At         time.Time
	Callback   int             // type of the first answer; 0 while there is none
	CallbackAt time.Time       // when it came
	Data       json.RawMessage // of the first answer
	Ephemeral  bool            // the first answer is for the user alone
	Original   *Message        // the first answer as a message; nil when it is none
	Followups  []*Message
}

// kindTyping is an option that somebody is typing.
const kindTyping = 4

// Answered says whether there is something for the user to read: after a deferral that is the edit of the message.
func (i *Interaction) Answered() bool {
	return i.Callback != 0 && (i.Original == nil || i.Original.Flags&flagLoading == 0)
}

// flagLoading marks the message of a deferral until it is edited.
const flagLoading = 1 << 7

// Option is one option of a command as used. Types: 1 subcommand, 2 group, 3 string, 4 integer, 5 boolean, 6 user,
// 7 channel, 8 role.
type Option struct {
	Name    string   `json:"name"`
	Type    int      `json:"type"`
	Value   any      `json:"value,omitempty"`
	Focused bool     `json:"focused,omitempty"` // it is being typed
	Options []Option `json:"options,omitempty"`
}

// RunCommand lets a member use a slash command, such as "guildwatch stats"; further words are the subcommands. It is 0
// when no such command is registered or the member may not use it. WaitAnswer waits for what the bot says.
func (s *Sim) RunCommand(channel snowflake.ChannelID, user snowflake.UserID, line string,
	options ...Option) snowflake.InteractionID {
	return s.command(2, channel, user, line, options)
}

// Type lets a member type the option of a slash command that is Focused; the bot answers with what fits. It is 0 when
// RunCommand would be.
func (s *Sim) Type(channel snowflake.ChannelID, user snowflake.UserID, line string,
	options ...Option) snowflake.InteractionID {
	return s.command(kindTyping, channel, user, line, options)
}

func (s *Sim) command(kind int, channel snowflake.ChannelID, user snowflake.UserID, line string,
	options []Option) snowflake.InteractionID {
	words := strings.Fields(line)
	for i := len(words) - 1; i > 0; i-- {
		level := 1
		if i == 1 && len(words) == 3 {
			level = 2
		}
		options = []Option{{Name: words[i], Type: level, Options: options}}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.here(channel)
	if c == nil || c.guild == nil || len(words) == 0 || !s.mayPost(c, user) {
		return 0
	}
	command := s.offered(c, user, commandTyped, words[0])
	if command == nil {
		return 0
	}
	return s.interact(c, user, kind, map[string]any{
		"id": command.ID, "name": command.Name, "type": 1, "options": options, "resolved": s.resolve(c.guild, options),
	}, nil)
}

// offered is the command of that name, if Discord offers it to the user there.
func (s *Sim) offered(c *channel, user snowflake.UserID, kind int, name string) *Command {
	command, bits := s.commandNamed(c.guild.ID, kind, name), c.guild.permissionsIn(c, user)
	if command == nil || bits&PermissionUseCommands == 0 ||
		command.DefaultPermissions != nil && bits&*command.DefaultPermissions != *command.DefaultPermissions {
		return nil
	}
	return command
}

// Click lets somebody use a button or, with values, a select menu of a message: a member, or in a direct conversation
// the one whom the bot writes to. It is 0 when there is no such message, and for anybody else.
func (s *Sim) Click(channel snowflake.ChannelID, message snowflake.MessageID, user snowflake.UserID, customID string,
	values ...string) snowflake.InteractionID {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.here(channel)
	if !c.takes(user) || c.message(message) == nil {
		return 0
	}
	kind := 2
	if len(values) > 0 {
		kind = 3
	}
	return s.interact(c, user, 3, map[string]any{
		"custom_id": customID, "component_type": kind, "values": values,
	}, c.message(message))
}

// takes says whether a user can use what the bot puts into the channel.
func (c *channel) takes(user snowflake.UserID) bool {
	switch {
	case c == nil:
		return false
	case c.guild == nil:
		return c.with != nil && c.with.ID == user
	}
	return c.guild.members[user] != nil
}

// Submit lets whoever could Click send a form that the bot opened; fields maps the inputs' ids to their texts.
func (s *Sim) Submit(channel snowflake.ChannelID, user snowflake.UserID, customID string,
	fields map[string]string) snowflake.InteractionID {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.here(channel)
	if !c.takes(user) {
		return 0
	}
	rows := []map[string]any{}
	for id, text := range fields {
		rows = append(rows, map[string]any{
			"type": 1, "components": []map[string]any{{"type": 4, "custom_id": id, "value": text}},
		})
	}
	return s.interact(c, user, 5, map[string]any{"custom_id": customID, "components": rows}, nil)
}

// resolve lists the users, members, roles and channels that options name.
func (s *Sim) resolve(g *guild, options []Option) map[string]map[string]any {
	found := map[string]map[string]any{}
	put := func(kind, id string, thing any) {
		if found[kind] == nil {
			found[kind] = map[string]any{}
		}
		found[kind][id] = thing
	}
	for _, o := range options {
		text, _ := o.Value.(string)
		user, _ := snowflake.Parse[snowflake.UserID](text)
		switch {
		case o.Type == 6 && s.world.users[user] != nil:
			put("users", text, s.world.users[user])
			if m := g.members[user]; m != nil {
				bare := *m
				bare.User = nil
				put("members", text, bare)
			}
		case o.Type == 7 && g.channels[snowflake.ChannelID(user)] != nil:
			put("channels", text, &g.channels[snowflake.ChannelID(user)].Channel)
		case o.Type == 8 && g.roles[snowflake.RoleID(user)] != nil:
			put("roles", text, g.roles[snowflake.RoleID(user)])
		}
		for kind, things := range s.resolve(g, o.Options) {
			for id, thing := range things {
				put(kind, id, thing)
			}
		}
	}
	return found
}

// interact tells the bot of a use. It reaches the bot whatever its intents.
func (s *Sim) interact(c *channel, user snowflake.UserID, kind int, data map[string]any,
	at *Message) snowflake.InteractionID {
	now := s.Now()
	for token, i := range s.world.interactions {
		if now.Sub(i.At) > tokenLives {
			delete(s.world.interactions, token)
		}
	}
	i := &Interaction{
		ID: newID[snowflake.InteractionID](s), Kind: kind, Token: s.secret(180), Channel: c.ID, User: user, At: now,
	}
	s.world.interactions[i.Token] = i
	payload := map[string]any{
		"id": i.ID, "application_id": s.opt.ApplicationID, "type": kind, "data": data, "channel_id": i.Channel,
		"channel": &c.Channel, "token": i.Token, "version": 1, "locale": "en-US", "entitlements": []int{},
		"attachment_size_limit": 10 << 20,
	}
	if c.guild == nil {
		payload["user"], payload["context"] = c.with, 1
		payload["authorizing_integration_owners"] = map[string]any{}
	} else {
		i.Guild = c.guild.ID
		s.aboutGuild(payload, c, user)
	}
	if at != nil {
		payload["message"] = at
	}
	s.emit("INTERACTION_CREATE", c.guild, payload)
	return i.ID
}

// aboutGuild says in which guild an interaction is, and what the member may do there.
func (s *Sim) aboutGuild(payload map[string]any, c *channel, user snowflake.UserID) {
	g := c.guild
	payload["guild_id"], payload["guild_locale"], payload["context"] = g.ID, g.Locale, 0
	payload["guild"] = map[string]any{"id": g.ID, "locale": g.Locale, "features": []string{"COMMUNITY"}}
	payload["app_permissions"] = g.permissionsIn(c, s.BotID())
	payload["authorizing_integration_owners"] = map[string]any{"0": g.ID}
	payload["member"] = struct {
		*Member
		Permissions Permissions `json:"permissions"`
	}{g.members[user], g.permissionsIn(c, user)}
}

// interaction finds one by id.
func (s *Sim) interaction(id snowflake.InteractionID) *Interaction {
	for _, i := range s.world.interactions {
		if i.ID == id {
			return i
		}
	}
	return nil
}

// InteractionByID is a copy of an interaction not older than 15 minutes.
func (s *Sim) InteractionByID(id snowflake.InteractionID) (Interaction, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.interaction(id); i != nil {
		return i.copy(), true
	}
	return Interaction{}, false
}

func (i *Interaction) copy() Interaction {
	c := *i
	if i.Original != nil {
		m := *i.Original
		c.Original = &m
	}
	c.Followups = slices.Clone(i.Followups)
	for n, m := range c.Followups {
		followup := *m
		c.Followups[n] = &followup
	}
	return c
}

// WaitAnswer waits until the bot answered an interaction so that the user can read it.
func (s *Sim) WaitAnswer(ctx context.Context, id snowflake.InteractionID) (Interaction, error) {
	var found Interaction
	err := s.wait(ctx, func() bool {
		i := s.interaction(id)
		if i == nil || !i.Answered() {
			return false
		}
		found = i.copy()
		return true
	})
	return found, err
}
