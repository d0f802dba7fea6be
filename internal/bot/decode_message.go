package bot

import (
	"strings"

	"guildwatch/internal/moderation"
)

// wireMessage is a message as far as rules read it. discordgo's own type fails on a component that it does not know and
// loses the content with it: a hole in detection.
type wireMessage struct {
	wireText
	ID              id          `json:"id"`
	ChannelID       id          `json:"channel_id"`
	GuildID         id          `json:"guild_id"`
	WebhookID       id          `json:"webhook_id"`
	Type            int         `json:"type"`
	Author          *wireUser   `json:"author"`
	Member          *wireMember `json:"member"`
	EditedTimestamp moment      `json:"edited_timestamp"`
	MentionEveryone bool        `json:"mention_everyone"`
	Mentions        []struct{}  `json:"mentions"`
	MentionRoles    []id        `json:"mention_roles"`
	Poll            *wirePoll   `json:"poll"`
	Thread          *struct {
		Name    string `json:"name"`
		OwnerID id     `json:"owner_id"`
	} `json:"thread"`
	Reference *struct {
		ChannelID id `json:"channel_id"`
	} `json:"message_reference"`
	Snapshots []struct {
		Message *wireText `json:"message"`
	} `json:"message_snapshots"`
}

// wireText is what a message and a forwarded one have in common.
type wireText struct {
	Content     string           `json:"content"`
	Embeds      []wireEmbed      `json:"embeds"`
	Attachments []wireAttachment `json:"attachments"`
	Stickers    []wireNamed      `json:"sticker_items"`
	Components  []wireComponent  `json:"components"`
}

type wireNamed struct {
	Name string `json:"name"`
}

type wireAttachment struct {
	Filename    string `json:"filename"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

type wireEmbed struct {
	Title       string    `json:"title"`
	Description string    `json:"description"`
	URL         string    `json:"url"`
	Author      *wireLink `json:"author"`
	Provider    *wireLink `json:"provider"`
	Footer      *struct {
		Text string `json:"text"`
	} `json:"footer"`
	Fields []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"fields"`
}

type wireLink struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type wirePoll struct {
	Question struct {
		Text string `json:"text"`
	} `json:"question"`
	Answers []struct {
		Media struct {
			Text string `json:"text"`
		} `json:"poll_media"`
	} `json:"answers"`
}

// wireComponent is any component, of whatever type: only places that can hold text or other components.
type wireComponent struct {
	Content     string          `json:"content"`
	Label       string          `json:"label"`
	Placeholder string          `json:"placeholder"`
	Description string          `json:"description"`
	URL         string          `json:"url"`
	Components  []wireComponent `json:"components"`
	Component   *wireComponent  `json:"component"`
	Accessory   *wireComponent  `json:"accessory"`
	Items       []struct {
		Description string `json:"description"`
	} `json:"items"`
	Options []struct {
		Label       string `json:"label"`
		Description string `json:"description"`
	} `json:"options"`
}

// Limits of what one message may say in all: far above what Discord lets a member write, so that only a hostile payload
// meets them.
const (
	textLimit  = 256 << 10 // bytes
	textPieces = 1000
	textDepth  = 10 // of components in components; Discord nests 3
)

// texts gathers what stands on each surface.
type texts struct {
	list []moderation.Text
	size int
}

func (t *texts) add(surface moderation.Surface, value string) {
	if value == "" || len(t.list) >= textPieces || t.size+len(value) > textLimit {
		return
	}
	t.size += len(value)
	t.list = append(t.list, moderation.Text{Surface: surface, Value: value})
}

// texts are all surfaces of the message on which a member can write.
func (m *wireMessage) texts(title string) []moderation.Text {
	var t texts
	content := moderation.SurfaceContent
	if m.Type == typeThreadCreated {
		content = moderation.SurfaceThread
	}
	t.add(content, m.Content)
	t.add(moderation.SurfaceThread, title)
	if m.Thread != nil && (m.Author == nil || m.Thread.OwnerID == 0 || m.Thread.OwnerID == m.Author.ID) {
		t.add(moderation.SurfaceThread, m.Thread.Name)
	}
	m.wireText.rest(&t)
	if m.Poll != nil {
		t.add(moderation.SurfacePoll, m.Poll.Question.Text)
		for _, answer := range m.Poll.Answers {
			t.add(moderation.SurfacePoll, answer.Media.Text)
		}
	}
	for _, snapshot := range m.Snapshots {
		if snapshot.Message != nil {
			t.add(moderation.SurfaceForward, snapshot.Message.Content)
			snapshot.Message.rest(&t)
		}
	}
	return t.list
}

// rest adds everything but the content.
func (w *wireText) rest(t *texts) {
	for _, e := range w.Embeds {
		e.texts(t)
	}
	for _, a := range w.Attachments {
		t.add(moderation.SurfaceAttachment, a.Filename)
		t.add(moderation.SurfaceAttachment, a.Title)
		t.add(moderation.SurfaceAttachment, a.Description)
	}
	for _, s := range w.Stickers {
		t.add(moderation.SurfaceSticker, s.Name)
	}
	for i := range w.Components {
		w.Components[i].texts(t, textDepth)
	}
}

func (e *wireEmbed) texts(t *texts) {
	parts := []string{e.Title, e.Description, e.URL}
	for _, link := range []*wireLink{e.Author, e.Provider} {
		if link != nil {
			parts = append(parts, link.Name, link.URL)
		}
	}
	for _, f := range e.Fields {
		parts = append(parts, f.Name, f.Value)
	}
	if e.Footer != nil {
		parts = append(parts, e.Footer.Text)
	}
	for _, part := range parts {
		t.add(moderation.SurfaceEmbed, strings.TrimSpace(part))
	}
}

func (c *wireComponent) texts(t *texts, depth int) {
	if c == nil || depth == 0 {
		return
	}
	for _, value := range []string{c.Content, c.Label, c.Placeholder, c.Description, c.URL} {
		t.add(moderation.SurfaceComponent, value)
	}
	for _, item := range c.Items {
		t.add(moderation.SurfaceComponent, item.Description)
	}
	for _, option := range c.Options {
		t.add(moderation.SurfaceComponent, option.Label)
		t.add(moderation.SurfaceComponent, option.Description)
	}
	c.Component.texts(t, depth-1)
	c.Accessory.texts(t, depth-1)
	for i := range c.Components {
		c.Components[i].texts(t, depth-1)
	}
}
