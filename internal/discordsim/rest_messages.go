package discordsim

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"guildwatch/internal/snowflake"
)

// Limits of messages.
const (
	longestContent = 2000
	mostEmbeds     = 10
	mostBulk       = 100
	oldestBulk     = 14 * 24 * time.Hour
)

func listMessages(c *call) answer {
	ch, refused := c.channel(PermissionReadHistory)
	if refused != nil {
		return *refused
	}
	limit, refused := c.limit(50, 100)
	if refused != nil {
		return *refused
	}
	shown := slices.DeleteFunc(slices.Clone(ch.messages), func(m *Message) bool { return m.Ephemeral != 0 })
	at := func(id snowflake.MessageID) int {
		n, _ := slices.BinarySearchFunc(shown, id, (*Message).order)
		return n
	}
	from, to := max(0, len(shown)-limit), len(shown)
	switch query := c.URL.Query(); {
	case query.Has("after"):
		from = at(queryID[snowflake.MessageID](c, "after") + 1)
		to = min(to, from+limit)
	case query.Has("before"):
		to = at(queryID[snowflake.MessageID](c, "before"))
		from = max(0, to-limit)
	case query.Has("around"):
		from = max(0, at(queryID[snowflake.MessageID](c, "around"))-limit/2)
		to = min(to, from+limit)
	}
	page := slices.Clone(shown[from:to])
	slices.Reverse(page)
	return ok(page)
}

// message is the message of the path.
func (c *call) message(need Permissions) (*channel, *Message, *answer) {
	ch, refused := c.channel(need)
	if refused != nil {
		return nil, nil, refused
	}
	m := ch.message(pathID[snowflake.MessageID](c, "message"))
	if m == nil || m.Ephemeral != 0 {
		missing := unknown(codeUnknownMessage, "Message")
		return nil, nil, &missing
	}
	return ch, m, nil
}

func getMessage(c *call) answer {
	_, m, refused := c.message(PermissionReadHistory)
	if refused != nil {
		return *refused
	}
	return ok(m)
}

func postMessage(c *call) answer {
	ch, refused := c.channel(0)
	if refused != nil {
		return *refused
	}
	return c.write(ch)
}

// write posts as the bot what the body says. With enforce_nonce a repeated nonce answers with the first message.
func (c *call) write(ch *channel) answer {
	var p messageBody
	if refused, fits := c.payload(&p); !fits {
		return refused
	}
	if wrong := p.wrong(true); wrong != nil {
		return *wrong
	}
	switch {
	case ch.with != nil && (ch.with.ClosedDMs || !c.sim.acquainted(ch.with.ID)):
		return fail(http.StatusForbidden, codeCannotDM, "Cannot send messages to this user")
	case ch.Type == ChannelForum || !c.sim.mayPost(ch, c.sim.BotID()):
		return missingPermissions()
	case p.Enforce && ch.message(ch.nonces[p.nonce()]) != nil:
		return ok(ch.message(ch.nonces[p.nonce()]))
	}
	post := Post{Channel: ch.ID, Author: c.sim.BotID(), Flags: p.Flags, Nonce: p.nonce()}
	if p.Reference != nil {
		post.ReplyTo = p.Reference.MessageID
		if ch.message(post.ReplyTo) == nil {
			if p.Reference.Lenient == nil || *p.Reference.Lenient {
				return invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
			}
			post.ReplyTo = 0
		}
	}
	m := c.sim.compose(ch, post, &p, nil)
	if p.Enforce {
		if ch.nonces == nil || len(ch.nonces) > 1000 {
			ch.nonces = map[string]snowflake.MessageID{}
		}
		ch.nonces[m.Nonce] = m.ID
	}
	return ok(m)
}

// compose posts what a client wrote.
func (s *Sim) compose(ch *channel, post Post, p *messageBody, hook *Webhook) *Message {
	var m Message
	p.apply(&m)
	post.With = m.Content
	post.restrain = p.restrain
	return s.post(ch, post, hook)
}

func patchMessage(c *call) answer {
	ch, m, refused := c.message(0)
	if refused != nil {
		return *refused
	}
	var p messageBody
	if refused, fits := c.payload(&p); !fits {
		return refused
	}
	if wrong := p.wrong(false); wrong != nil {
		return *wrong
	}
	switch {
	case m.Author != c.sim.BotID():
		return fail(http.StatusForbidden, codeCannotEditOther, "Cannot edit a message authored by another user")
	case ch.Thread != nil && ch.Thread.Archived:
		return fail(http.StatusBadRequest, codeArchivedThread, "Thread is archived")
	}
	c.sim.rewrite(ch, m, &p)
	return ok(m)
}

// rewrite changes a message as its author asks.
func (s *Sim) rewrite(ch *channel, m *Message, p *messageBody) {
	p.apply(m)
	m.EditedAt = s.Now()
	s.findMentions(ch, m, false)
	p.restrain(m)
	s.emitMessage("MESSAGE_UPDATE", ch, m)
}

func deleteMessage(c *call) answer {
	ch, m, refused := c.message(0)
	if refused != nil {
		return *refused
	}
	switch {
	case m.Author != c.sim.BotID() && (ch.guild == nil ||
		ch.guild.permissionsIn(ch, c.sim.BotID())&PermissionManageMessages == 0):
		return missingPermissions()
	case ch.Thread != nil && ch.Thread.Archived:
		return fail(http.StatusBadRequest, codeArchivedThread, "Thread is archived")
	}
	c.sim.deleteMessage(ch, m.ID, c.sim.BotID(), c.reason)
	return done()
}

// bulkDelete fails as a whole when one message is older than two weeks or named twice; unknown ones are passed over.
func bulkDelete(c *call) answer {
	ch, refused := c.channel(PermissionManageMessages)
	if refused != nil {
		return *refused
	}
	var p struct {
		Messages []snowflake.MessageID `json:"messages"`
	}
	if refused, fits := c.read(&p); !fits {
		return refused
	}
	slices.Sort(p.Messages)
	if n := len(p.Messages); n < 2 || n > mostBulk || len(slices.Compact(slices.Clone(p.Messages))) != n {
		return invalid("messages", "BASE_TYPE_BAD_LENGTH", "Must be between 2 and 100 different ids.")
	}
	if c.sim.age(p.Messages[0]) > oldestBulk {
		return fail(http.StatusBadRequest, codeBulkTooOld, "You can only bulk delete messages that are under 14 days old.")
	}
	var gone []snowflake.MessageID
	ch.messages = slices.DeleteFunc(ch.messages, func(m *Message) bool {
		_, named := slices.BinarySearch(p.Messages, m.ID)
		if named {
			gone = append(gone, m.ID)
		}
		return named
	})
	if len(gone) > 0 && ch.guild != nil {
		c.sim.emitBulkDelete(ch, gone)
		c.sim.note(ch.guild, AuditEntry{
			UserID: c.sim.BotID(), TargetID: ch.ID.String(), Action: AuditBulkDelete, Reason: c.reason,
			Options: map[string]string{"count": strconv.Itoa(len(gone))},
		})
	}
	return done()
}
