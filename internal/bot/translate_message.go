package bot

import (
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// The types of message that somebody wrote. All others are Discord's own words: a boost, a pin, a new member.
const (
	typeDefault        = 0
	typeThreadCreated  = 18 // its content is the thread's title
	typeReply          = 19
	typeCommandAnswer  = 20
	typeContextCommand = 23
)

func written(messageType int) bool {
	switch messageType {
	case typeDefault, typeThreadCreated, typeReply, typeCommandAnswer, typeContextCommand:
		return true
	}
	return false
}

func (w *worker) messageCreate(it item) error {
	var m wireMessage
	if err := decode(it.payload, &m); err != nil {
		return err
	}
	if m.GuildID == 0 || m.ID == 0 || !written(m.Type) {
		return nil
	}
	// The first message of a thread or forum post has the thread's id, and answers for its title.
	title := ""
	if m.ID == m.ChannelID {
		title, _ = w.titles.get(int64(m.ID))
		w.titles.drop(int64(m.ID))
	}
	posted := m.posted(title)
	posted.Origin = moderation.Origin{Guild: snowflake.GuildID(m.GuildID), At: madeAt(m.ID, it.at)}
	w.emit(posted)
	return nil
}

// messageUpdate passes on edits by the author. Discord also sends an update when it has looked up a link; that changes
// no text, and its edited_timestamp is null or the one of an edit known already.
func (w *worker) messageUpdate(it item) error {
	var m wireMessage
	if err := decode(it.payload, &m); err != nil {
		return err
	}
	edited := m.EditedTimestamp.Time
	if m.GuildID == 0 || m.ID == 0 || !written(m.Type) || edited.IsZero() {
		return nil
	}
	last, known := w.edits.get(int64(m.ID))
	if known && last >= edited.UnixMicro() || !known && it.at.Sub(edited) > farAhead {
		return nil
	}
	w.edits.put(int64(m.ID), edited.UnixMicro())
	if edited.After(it.at.Add(farAhead)) {
		edited = it.at
	}
	posted := m.posted("")
	posted.Origin = moderation.Origin{Guild: snowflake.GuildID(m.GuildID), At: edited.UTC()}
	posted.Edit = true
	w.emit(posted)
	return nil
}

func (m *wireMessage) posted(title string) moderation.MessagePosted {
	return moderation.MessagePosted{
		Message: snowflake.MessageID(m.ID), Channel: snowflake.ChannelID(m.ChannelID), Webhook: snowflake.WebhookID(m.WebhookID),
		Author: m.Member.member(m.Author), Texts: m.texts(title), Mentions: len(m.Mentions) + len(m.MentionRoles),
		Everyone: m.MentionEveryone,
	}
}

func (w *worker) messageDelete(it item) error {
	var gone struct {
		ID        id   `json:"id"`
		IDs       []id `json:"ids"`
		ChannelID id   `json:"channel_id"`
		GuildID   id   `json:"guild_id"`
	}
	if err := decode(it.payload, &gone); err != nil || gone.GuildID == 0 {
		return err
	}
	event := moderation.MessagesDeleted{Origin: arrived(it, gone.GuildID), Channel: snowflake.ChannelID(gone.ChannelID)}
	for _, n := range append(gone.IDs, gone.ID) {
		if n != 0 {
			event.Messages = append(event.Messages, snowflake.MessageID(n))
			w.edits.drop(int64(n))
		}
	}
	if len(event.Messages) > 0 {
		w.emit(event)
	}
	return nil
}

// threadCreate remembers the title of a new thread until its first message comes, in the same lane.
func (w *worker) threadCreate(it item) error {
	var thread struct {
		ID    id     `json:"id"`
		Name  string `json:"name"`
		Fresh bool   `json:"newly_created"`
	}
	if err := decode(it.payload, &thread); err != nil {
		return err
	}
	if thread.Fresh && thread.ID != 0 && thread.Name != "" {
		w.titles.put(int64(thread.ID), thread.Name)
	}
	return nil
}
