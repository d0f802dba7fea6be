package discordsim

import (
	"encoding/json"
	"net/http"

	"guildwatch/internal/snowflake"
)

// The types of a first answer.
const (
	callbackMessage        = 4
	callbackDeferred       = 5
	callbackDeferredUpdate = 6
	callbackUpdate         = 7
	callbackChoices        = 8
	callbackModal          = 9
)

// postCallback is the first answer. It must come within 3 s, and only once.
func postCallback(c *call) answer {
	i := c.sim.world.interactions[c.PathValue("token")]
	var p struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	switch {
	case i == nil || i.ID != pathID[snowflake.InteractionID](c, "interaction"),
		i.Callback == 0 && c.sim.Now().Sub(i.At) > answerWithin:
		return unknown(codeUnknownInteraction, "interaction")
	case i.Callback != 0:
		return fail(http.StatusBadRequest, codeAcknowledged, "Interaction has already been acknowledged.")
	}
	var body messageBody
	if refused, fits := c.payload(&body); !fits { // a form with files leaves its JSON in c.body
		return refused
	}
	files := body.Attachments
	if refused, fits := c.read(&p); !fits {
		return refused
	}
	body = messageBody{Attachments: files}
	if len(p.Data) > 0 && json.Unmarshal(p.Data, &body) != nil {
		return fail(http.StatusBadRequest, codeFormNotJSON, "The request body contains invalid JSON.")
	}
	if refused := c.sim.callback(i, p.Type, &body); refused != nil {
		return *refused
	}
	i.Callback, i.CallbackAt, i.Data = p.Type, c.sim.Now(), p.Data
	if c.URL.Query().Get("with_response") == "true" {
		return ok(map[string]any{
			"interaction": map[string]any{"id": i.ID, "type": 2}, "resource": map[string]any{"type": p.Type},
		})
	}
	return done()
}

func (s *Sim) callback(i *Interaction, kind int, body *messageBody) *answer {
	i.Ephemeral = body.Flags&FlagEphemeral != 0
	switch kind {
	case callbackMessage:
		if wrong := body.wrong(true); wrong != nil {
			return wrong
		}
		i.Original = s.reply(i, body, body.Flags)
	case callbackDeferred:
		i.Original = s.reply(i, &messageBody{}, body.Flags|flagLoading)
	case callbackModal:
		if wrong := body.wrongForm(); wrong != nil {
			return wrong
		}
	case callbackChoices:
		return i.wrongChoices(body)
	case callbackDeferredUpdate, callbackUpdate:
	default:
		wrong := invalid("type", "BASE_TYPE_CHOICES", "Value must be one of (4, 5, 6, 7, 8, 9).")
		return &wrong
	}
	return nil
}

// reply writes into the channel; what is for the user alone is kept out of it.
func (s *Sim) reply(i *Interaction, body *messageBody, flags int) *Message {
	ch := s.world.channels[i.Channel]
	if ch == nil || flags&FlagEphemeral != 0 {
		m := &Message{
			ID: newID[snowflake.MessageID](s), Channel: i.Channel, Guild: i.Guild, Author: s.BotID(), Type: 20, Flags: flags,
			At: s.Now(), Ephemeral: i.User, author: encode(s.world.users[s.BotID()]),
		}
		body.apply(m)
		return m
	}
	return s.compose(ch, Post{Channel: ch.ID, Author: s.BotID(), Type: 20, Flags: flags}, body, nil)
}

// tokenOf finds the interaction of a webhook path, whose first answer must have come and whose token must still live.
func (c *call) tokenOf() (*Interaction, *answer) {
	i := c.sim.world.interactions[c.PathValue("token")]
	var refused answer
	switch {
	case i == nil || c.sim.Now().Sub(i.At) > tokenLives:
		refused = fail(http.StatusUnauthorized, codeInvalidToken, "Invalid Webhook Token")
	case i.Callback == 0:
		refused = unknown(codeUnknownWebhook, "Webhook")
	default:
		return i, nil
	}
	return nil, &refused
}

func postFollowup(c *call) answer {
	i, refused := c.tokenOf()
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
	// The first follow-up of a deferral takes the place of the loading message.
	if i.Original != nil && i.Original.Flags&flagLoading != 0 {
		c.sim.amend(i.Original, &p)
		return ok(i.Original)
	}
	m := c.sim.reply(i, &p, p.Flags)
	i.Followups = append(i.Followups, m)
	return ok(m)
}

// amend edits what the bot answered.
func (s *Sim) amend(m *Message, p *messageBody) {
	m.Flags &^= flagLoading
	if ch := s.world.channels[m.Channel]; ch != nil && m.Ephemeral == 0 {
		s.rewrite(ch, m, p)
		return
	}
	p.apply(m)
	m.EditedAt = s.Now()
}

// hookMessage answers GET, PATCH and DELETE on a message of a webhook, or of an interaction, whose first one is
// "@original".
func hookMessage(c *call) answer {
	if c.PathValue("webhook") != c.sim.opt.ApplicationID.String() {
		ch, m, refused := c.webhookMessage()
		if refused != nil {
			return *refused
		}
		return c.changeMessage(m, func() { c.sim.deleteMessage(ch, m.ID, m.Author, "") })
	}
	i, refused := c.tokenOf()
	if refused != nil {
		return *refused
	}
	m := i.find(c.PathValue("message"))
	if m == nil {
		return unknown(codeUnknownMessage, "Message")
	}
	return c.changeMessage(m, func() { c.sim.withdraw(i, m) })
}

func (i *Interaction) find(id string) *Message {
	if id == "@original" || i.Original != nil && i.Original.ID.String() == id {
		return i.Original
	}
	for _, m := range i.Followups {
		if m.ID.String() == id {
			return m
		}
	}
	return nil
}

func (c *call) changeMessage(m *Message, remove func()) answer {
	switch c.Method {
	case http.MethodPatch:
		var p messageBody
		if refused, fits := c.payload(&p); !fits {
			return refused
		}
		if wrong := p.wrong(false); wrong != nil {
			return *wrong
		}
		c.sim.amend(m, &p)
	case http.MethodDelete:
		remove()
		return done()
	}
	return ok(m)
}

// withdraw deletes an answer.
func (s *Sim) withdraw(i *Interaction, m *Message) {
	if ch := s.world.channels[m.Channel]; ch != nil && m.Ephemeral == 0 {
		s.deleteMessage(ch, m.ID, s.BotID(), "")
	}
	if i.Original == m {
		i.Original = nil
		return
	}
	for n, followup := range i.Followups {
		if followup == m {
			i.Followups = append(i.Followups[:n], i.Followups[n+1:]...)
			return
		}
	}
}
