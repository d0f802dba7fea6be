package discordsim

import (
	"cmp"
	"slices"
	"strings"

	"guildwatch/internal/snowflake"
)

// Post is a message about to be written.
type Post struct {
	Channel snowflake.ChannelID
	Author  snowflake.UserID
	Content string
	With    Content // embeds, attachments and the like; its Text counts when Content is empty
	Type    int
	Flags   int
	ReplyTo snowflake.MessageID
	Nonce   string

	restrain func(*Message) // drops mentions that are not allowed
}

// Post writes a message. It is 0 when the author may not: not a member, timed out, or not allowed to write there.
func (s *Sim) Post(p Post) snowflake.MessageID {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.here(p.Channel)
	if c == nil || !s.mayPost(c, p.Author) {
		return 0
	}
	return s.post(c, p, nil).ID
}

func (s *Sim) mayPost(c *channel, author snowflake.UserID) bool {
	if c.guild == nil {
		return c.with.ID == author || author == s.BotID()
	}
	m := c.guild.members[author]
	if m == nil || c.Thread != nil && !c.admits(author) || m.TimeoutUntil != nil && m.TimeoutUntil.After(s.Now()) || c.Thread != nil && c.Thread.Locked {
		return false
	}
	need := PermissionViewChannel | PermissionSendMessages
	if c.Thread != nil {
		need = PermissionViewChannel | PermissionSendInThreads
	}
	return c.guild.permissionsIn(c, author)&need == need
}

// post writes the message and emits it. hook is set for those of a webhook, whose author is no user.
func (s *Sim) post(c *channel, p Post, hook *Webhook) *Message {
	m := &Message{
		Content: p.With, ID: newID[snowflake.MessageID](s), Channel: c.ID, Author: p.Author, Type: p.Type,
		Flags: p.Flags, Nonce: p.Nonce, ReplyTo: p.ReplyTo, At: s.Now(),
	}
	m.Text = cmp.Or(p.Content, m.Text)
	if m.ReplyTo != 0 && m.Type == 0 {
		m.Type = 19
	}
	if c.guild != nil {
		m.Guild = c.guild.ID
	}
	if hook != nil {
		m.Webhook, m.Author = hook.ID, snowflake.UserID(hook.ID)
		m.author = encode(User{ID: m.Author, Username: hook.Name, Discriminator: "0000", Bot: true})
	} else {
		m.author, m.member = s.authorJSON(c, p.Author)
	}
	s.findMentions(c, m, hook != nil)
	if p.restrain != nil {
		p.restrain(m)
	}
	c.messages = append(c.messages, m)
	if len(c.messages) > 2*s.opt.Keep {
		c.messages = slices.Delete(c.messages, 0, len(c.messages)-s.opt.Keep)
	}
	c.LastMessageID = m.ID
	if c.Thread != nil {
		c.MessageCount++
		if c.Thread.Archived { // writing wakes an archived thread
			c.Thread.Archived, c.Thread.ArchiveTimestamp = false, m.At
			s.emit("THREAD_UPDATE", c.guild, &c.Channel)
		}
	}
	s.emitMessage("MESSAGE_CREATE", c, m)
	return m
}

// authorJSON is the author as messages carry it, encoded once for each member and change.
func (s *Sim) authorJSON(c *channel, id snowflake.UserID) (author, member []byte) {
	if c.guild != nil {
		if m := c.guild.members[id]; m != nil {
			if m.authorJSON == nil {
				bare := *m
				bare.User = nil
				m.authorJSON, m.memberJSON = encode(m.User), encode(bare)
			}
			return m.authorJSON, m.memberJSON
		}
	}
	return encode(s.world.users[id]), nil
}

// findMentions reads <@id> and @everyone out of the text.
func (s *Sim) findMentions(c *channel, m *Message, hook bool) {
	m.mentions, m.Everyone = nil, false
	if strings.IndexByte(m.Text, '@') < 0 {
		return
	}
	allowed := hook || c.guild != nil && c.guild.permissionsIn(c, m.Author)&PermissionMentionEveryone != 0
	m.Everyone = allowed && (strings.Contains(m.Text, "@everyone") || strings.Contains(m.Text, "@here"))
	for _, part := range strings.Split(m.Text, "<@")[1:] {
		digits, _, closed := strings.Cut(strings.TrimPrefix(part, "!"), ">")
		id, err := snowflake.Parse[snowflake.UserID](digits)
		if user := s.world.users[id]; closed && err == nil && user != nil && !slices.Contains(m.mentions, user) {
			m.mentions = append(m.mentions, user)
		}
	}
}

func (s *Sim) emitMessage(name string, c *channel, m *Message) {
	if len(s.sessions) == 0 || m.Ephemeral != 0 {
		return
	}
	s.scratch = m.appendJSON(s.scratch[:0], true, false)
	e := event{name: name, guild: c.guild, need: intentOf(name, c.guild != nil), body: s.scratch}
	// Discord shows the content to the author, to the mentioned and in direct messages whatever the intents.
	if c.guild != nil && m.Author != s.BotID() && !slices.Contains(m.mentions, s.world.users[s.BotID()]) {
		for _, x := range s.sessions {
			if x.intents&IntentMessageContent == 0 {
				e.blind = m.appendJSON(nil, true, true)
				break
			}
		}
	}
	s.dispatch(e)
}

// Edit changes a message's text, as its author does. False when the message is gone.
func (s *Sim) Edit(id snowflake.ChannelID, message snowflake.MessageID, text string) bool {
	return s.change(id, message, func(m *Message) { m.Text, m.EditedAt = text, s.Now() })
}

// Unfurl gives a message embeds (JSON) without changing its text, as Discord does a moment after a link was posted.
func (s *Sim) Unfurl(id snowflake.ChannelID, message snowflake.MessageID, embeds string) bool {
	return s.change(id, message, func(m *Message) { m.Embeds = []byte(embeds) })
}

func (s *Sim) change(id snowflake.ChannelID, message snowflake.MessageID, edit func(*Message)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.here(id)
	if c == nil {
		return false
	}
	m := c.message(message)
	if m == nil {
		return false
	}
	edit(m)
	s.findMentions(c, m, m.Webhook != 0)
	s.emitMessage("MESSAGE_UPDATE", c, m)
	return true
}

// Delete removes a message. When by is not its author, the audit log says who did it.
func (s *Sim) Delete(id snowflake.ChannelID, message snowflake.MessageID, by snowflake.UserID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.here(id)
	return c != nil && s.deleteMessage(c, message, by, "")
}

func (s *Sim) deleteMessage(c *channel, id snowflake.MessageID, by snowflake.UserID, reason string) bool {
	at, found := c.find(id)
	if !found {
		return false
	}
	m := c.messages[at]
	c.messages = slices.Delete(c.messages, at, at+1)
	gone := map[string]any{"id": id, "channel_id": c.ID}
	if c.guild != nil {
		gone["guild_id"] = c.guild.ID
	}
	s.emit("MESSAGE_DELETE", c.guild, gone)
	if c.guild != nil && by != m.Author && m.Webhook == 0 {
		s.auditDelete(c, m.Author, by, reason)
	}
	return true
}
