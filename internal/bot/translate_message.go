package bot

import (
	"time"

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
	// The first message of a thread or forum post has the thread's id, and answers for its title: who wrote it is a
	// member with roles, of whom the thread itself tells the id alone.
	title := ""
	if m.ID == m.ChannelID {
		title, _ = w.titles.get(int64(m.ID))
	}
	posted := m.posted(title)
	posted.Origin = moderation.Origin{Guild: snowflake.GuildID(m.GuildID), At: madeAt(m.ID, it.at)}
	w.emit(posted)
	return nil
}

// unfurlSpan is how long after a message or its edit Discord may still add what a link of it shows. What it refreshes
// later was there before.
const unfurlSpan = 10 * time.Minute

// messageUpdate passes on edits by the author, and embeds. Discord also sends an update when it has looked up a link;
// that changes no text, and its edited_timestamp is null or the one of an edit known already.
func (w *worker) messageUpdate(it item) error {
	var m wireMessage
	if err := decode(it.payload, &m); err != nil {
		return err
	}
	if m.GuildID == 0 || m.ID == 0 || !written(m.Type) {
		return nil
	}
	edited := m.EditedTimestamp.Time
	last, known := w.edits.get(int64(m.ID))
	if edited.IsZero() || known && last >= edited.UnixMicro() || !known && it.at.Sub(edited) > farAhead {
		w.unfurl(it, &m)
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

// unfurl passes on the embeds that Discord has added to a message.
func (w *worker) unfurl(it item, m *wireMessage) {
	changed := madeAt(m.ID, it.at)
	if edited := m.EditedTimestamp.Time; edited.After(changed) {
		changed = edited
	}
	if len(m.Embeds) == 0 || it.at.Sub(changed) > unfurlSpan {
		return
	}
	posted := m.posted("")
	var t texts
	for _, e := range m.Embeds {
		e.texts(&t)
	}
	posted.Origin, posted.Texts, posted.Unfurl = arrived(it, m.GuildID), t.list, true
	posted.Mentions, posted.Everyone = 0, false
	w.emit(posted)
}

func (m *wireMessage) posted(title string) moderation.MessagePosted {
	posted := moderation.MessagePosted{
		Message: snowflake.MessageID(m.ID), Channel: snowflake.ChannelID(m.ChannelID), Webhook: snowflake.WebhookID(m.WebhookID),
		Author: m.Member.member(m.Author), Texts: m.texts(title), Mentions: len(m.Mentions) + len(m.MentionRoles),
		Everyone: m.MentionEveryone,
	}
	// What a bot answers to a command carries its application as a webhook; a webhook's own messages are by itself.
	if posted.Author.Bot && snowflake.WebhookID(posted.Author.ID) != posted.Webhook {
		posted.Webhook = 0
	}
	// Discord's note that a thread was opened says its title: the subject is the thread, as when it is renamed.
	if m.Type == typeThreadCreated && m.Reference != nil && m.Reference.ChannelID != 0 {
		posted.Channel, posted.Message = snowflake.ChannelID(m.Reference.ChannelID), snowflake.MessageID(m.Reference.ChannelID)
	}
	return posted
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

// threadTitle passes on the title of a thread that was opened or renamed.
func (w *worker) threadTitle(it item) error {
	var thread struct {
		ID       id     `json:"id"`
		GuildID  id     `json:"guild_id"`
		OwnerID  id     `json:"owner_id"`
		Name     string `json:"name"`
		Fresh    bool   `json:"newly_created"`
		Metadata struct {
			Archived bool   `json:"archived"`
			Since    moment `json:"archive_timestamp"`
		} `json:"thread_metadata"`
	}
	if err := decode(it.payload, &thread); err != nil {
		return err
	}
	if thread.ID == 0 || thread.GuildID == 0 || thread.Name == "" || it.kind == kindThreadCreate && !thread.Fresh {
		return nil
	}
	last, known := w.titles.get(int64(thread.ID))
	w.titles.put(int64(thread.ID), thread.Name)
	// A thread that goes to the archive, or comes back, is an update too.
	moved := thread.Metadata.Archived || it.at.Sub(thread.Metadata.Since.Time).Abs() < archivePause
	if known && last == thread.Name || it.kind == kindThreadUpdate && !known && moved {
		return nil
	}
	w.emit(moderation.ThreadTitled{Origin: arrived(it, thread.GuildID), Thread: snowflake.ChannelID(thread.ID),
		Owner: snowflake.UserID(thread.OwnerID), Title: thread.Name})
	return nil
}

// archivePause is how long after its time the news of an archived thread may come.
const archivePause = 10 * time.Second
