package discordsim

import (
	"encoding/json"
	"net/http"
	"slices"

	"guildwatch/internal/snowflake"
)

// messageBody is what a client sends to write or change a message.
type messageBody struct {
	Content     *string         `json:"content"`
	Embeds      json.RawMessage `json:"embeds"`
	Components  json.RawMessage `json:"components"`
	Poll        json.RawMessage `json:"poll"`
	Attachments json.RawMessage `json:"attachments"`
	Nonce       json.RawMessage `json:"nonce"`
	Enforce     bool            `json:"enforce_nonce"`
	Flags       int             `json:"flags"`
	Username    string          `json:"username"`  // of a webhook's message
	CustomID    string          `json:"custom_id"` // of a form
	Title       string          `json:"title"`     // of a form
	Choices     []struct {
		Name  string `json:"name"`
		Value any    `json:"value"`
	} `json:"choices"` // of what is being typed
	Allowed *struct {
		Parse []string           `json:"parse"`
		Users []snowflake.UserID `json:"users"`
	} `json:"allowed_mentions"`
	Reference *struct {
		MessageID snowflake.MessageID `json:"message_id"`
		Lenient   *bool               `json:"fail_if_not_exists"`
	} `json:"message_reference"`
}

// wrong checks lengths; a new message must not be empty.
func (p *messageBody) wrong(isNew bool) *answer {
	var refused answer
	text := ""
	if p.Content != nil {
		text = *p.Content
	}
	embeds := list(p.Embeds)
	switch {
	case len([]rune(text)) > longestContent:
		refused = tooLong("content", longestContent)
	case embeds < 0 || embeds > mostEmbeds:
		refused = invalid("embeds", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
	case isNew && text == "" && embeds == 0 && list(p.Components) == 0 && list(p.Attachments) == 0 && len(p.Poll) == 0:
		refused = fail(http.StatusBadRequest, codeEmptyMessage, "Cannot send an empty message")
	default:
		for _, b := range buttonsOf(p.Components) {
			if wrong := b.wrong(); wrong != nil {
				return wrong
			}
		}
		return nil
	}
	return &refused
}

// list is the length of a JSON list: 0 for null and nothing, -1 for what is no list.
func list(raw json.RawMessage) int {
	var items []json.RawMessage
	if len(raw) > 0 && json.Unmarshal(raw, &items) != nil {
		return -1
	}
	return len(items)
}

// apply takes over what was given.
func (p *messageBody) apply(m *Message) {
	set(&m.Text, p.Content)
	for field, raw := range map[*json.RawMessage]json.RawMessage{
		&m.Embeds: p.Embeds, &m.Components: p.Components, &m.Poll: p.Poll, &m.Attachments: p.Attachments,
	} {
		if len(raw) > 0 && string(raw) != "null" {
			*field = raw
		}
	}
}

// nonce is the text of a nonce, which may be a number.
func (p *messageBody) nonce() string {
	var text string
	if json.Unmarshal(p.Nonce, &text) == nil {
		return text
	}
	return string(p.Nonce)
}

// restrain drops the mentions that allowed_mentions does not name.
func (p *messageBody) restrain(m *Message) {
	if p.Allowed == nil {
		return
	}
	m.Everyone = m.Everyone && slices.Contains(p.Allowed.Parse, "everyone")
	if !slices.Contains(p.Allowed.Parse, "users") {
		m.mentions = slices.DeleteFunc(m.mentions, func(u *User) bool { return !slices.Contains(p.Allowed.Users, u.ID) })
	}
}
