package discordsim

import (
	"cmp"
	"net/http"
	"net/url"

	"guildwatch/internal/snowflake"
)

// Webhook is a door through which anybody who knows its token may write into a channel.
type Webhook struct {
	ID            snowflake.WebhookID     `json:"id"`
	Type          int                     `json:"type"`
	GuildID       snowflake.GuildID       `json:"guild_id"`
	ChannelID     snowflake.ChannelID     `json:"channel_id"`
	User          *User                   `json:"user,omitempty"`
	Name          string                  `json:"name"`
	Avatar        Text                    `json:"avatar"`
	Token         string                  `json:"token"`
	ApplicationID snowflake.ApplicationID `json:"application_id,omitempty"`
	URL           string                  `json:"url"`
}

// AddWebhook makes a webhook, by somebody, and returns its URL; empty when there is no such channel.
func (s *Sim) AddWebhook(id snowflake.ChannelID, by snowflake.UserID, name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.here(id)
	if c == nil || c.guild == nil {
		return ""
	}
	return s.putWebhook(c, by, name, "").URL
}

func (s *Sim) putWebhook(c *channel, by snowflake.UserID, name, reason string) *Webhook {
	hook := &Webhook{
		ID: newID[snowflake.WebhookID](s), Type: 1, GuildID: c.GuildID, ChannelID: c.ID, User: s.world.users[by], Name: name,
		Token: s.secret(68),
	}
	if by == s.BotID() {
		hook.ApplicationID = s.opt.ApplicationID
	}
	hook.URL = "http://" + s.addr + "/api/webhooks/" + hook.ID.String() + "/" + url.PathEscape(hook.Token)
	s.world.webhooks[hook.ID] = hook
	s.webhooksChanged(c, by, hook, AuditWebhookCreate, reason)
	return hook
}

func (s *Sim) webhooksChanged(c *channel, by snowflake.UserID, hook *Webhook, action int, reason string) {
	s.emit("WEBHOOKS_UPDATE", c.guild, map[string]any{"guild_id": c.GuildID, "channel_id": c.ID})
	s.note(c.guild, AuditEntry{
		UserID: by, TargetID: hook.ID.String(), Action: action, Reason: reason,
		Changes: []AuditChange{{Key: "name", New: hook.Name}},
	})
}

// RemoveWebhook deletes a webhook: its URL is a 404 from then on.
func (s *Sim) RemoveWebhook(id snowflake.WebhookID, by snowflake.UserID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if hook := s.world.webhooks[id]; hook != nil {
		delete(s.world.webhooks, id)
		if c := s.world.channels[hook.ChannelID]; c != nil {
			s.webhooksChanged(c, by, hook, AuditWebhookDelete, "")
		}
	}
}

func postWebhook(c *call) answer {
	ch, refused := c.channel(PermissionManageWebhooks)
	if refused != nil {
		return *refused
	}
	var p struct {
		Name string `json:"name"`
	}
	if refused, fits := c.read(&p); !fits {
		return refused
	}
	if p.Name == "" || len([]rune(p.Name)) > 80 {
		return invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 80 in length.")
	}
	return ok(c.sim.putWebhook(ch, c.sim.BotID(), p.Name, c.reason))
}

// listWebhooks lists those of a channel or of a guild, by what the path names.
func listWebhooks(c *call) answer {
	var fits func(*Webhook) bool
	if c.PathValue("guild") != "" {
		g, refused := c.guild(PermissionManageWebhooks)
		if refused != nil {
			return *refused
		}
		fits = func(hook *Webhook) bool { return hook.GuildID == g.ID }
	} else {
		ch, refused := c.channel(PermissionManageWebhooks)
		if refused != nil {
			return *refused
		}
		fits = func(hook *Webhook) bool { return hook.ChannelID == ch.ID }
	}
	hooks := []*Webhook{}
	for _, hook := range byID(c.sim.world.webhooks) {
		if fits(hook) {
			hooks = append(hooks, hook)
		}
	}
	return ok(hooks)
}

// webhook is the webhook of the path with its channel. The token of the path is enough; without one the bot must be
// allowed to manage webhooks there.
func (c *call) webhook() (*Webhook, *channel, *answer) {
	hook := c.sim.world.webhooks[pathID[snowflake.WebhookID](c, "webhook")]
	var refused answer
	switch token := c.PathValue("token"); {
	case hook == nil || c.sim.world.channels[hook.ChannelID] == nil:
		refused = unknown(codeUnknownWebhook, "Webhook")
	case token != "" && token != hook.Token:
		refused = fail(http.StatusUnauthorized, codeInvalidToken, "Invalid Webhook Token")
	case token == "":
		ch, refused := c.channelByID(hook.ChannelID, PermissionManageWebhooks)
		return hook, ch, refused
	default:
		return hook, c.sim.world.channels[hook.ChannelID], nil
	}
	return nil, nil, &refused
}

func getWebhook(c *call) answer {
	hook, _, refused := c.webhook()
	if refused != nil {
		return *refused
	}
	return ok(hook)
}

func deleteWebhook(c *call) answer {
	hook, ch, refused := c.webhook()
	if refused != nil {
		return *refused
	}
	delete(c.sim.world.webhooks, hook.ID)
	c.sim.webhooksChanged(ch, c.sim.BotID(), hook, AuditWebhookDelete, c.reason)
	return done()
}

// executeWebhook writes as the webhook. The same path with the application's id writes a follow-up of an interaction.
func executeWebhook(c *call) answer {
	if c.PathValue("webhook") == c.sim.opt.ApplicationID.String() {
		return postFollowup(c)
	}
	hook, ch, refused := c.webhook()
	if refused != nil {
		return *refused
	}
	var p messageBody
	if refused, fits := c.payload(&p); !fits {
		return refused
	}
	if wrong := p.wrong(true); wrong != nil {
		return *wrong
	}
	if id := queryID[snowflake.ChannelID](c, "thread_id"); id != 0 {
		if ch = ch.guild.channels[id]; ch == nil || ch.ParentID != hook.ChannelID {
			return unknown(codeUnknownChannel, "Channel")
		}
	}
	as := *hook
	as.Name = cmp.Or(p.Username, hook.Name)
	m := c.sim.compose(ch, Post{Channel: ch.ID, Flags: p.Flags}, &p, &as)
	if c.URL.Query().Get("wait") == "true" {
		return ok(m)
	}
	return done()
}

// webhookMessage finds a message that this webhook wrote.
func (c *call) webhookMessage() (*channel, *Message, *answer) {
	hook, ch, refused := c.webhook()
	if refused != nil {
		return nil, nil, refused
	}
	m := ch.message(pathID[snowflake.MessageID](c, "message"))
	if m == nil || m.Webhook != hook.ID {
		missing := unknown(codeUnknownMessage, "Message")
		return nil, nil, &missing
	}
	return ch, m, nil
}
