package bot

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// Direct writes a letter to a user. Its error is a *fault.Error: Forbidden is for good (the user takes no messages, or is
// in no guild with guildwatch), NotFound too; TooMany and Unavailable are worth another try.
func (b *Bot) Direct(ctx context.Context, user snowflake.UserID, letter moderation.Letter) (moderation.Place, error) {
	channel, err := b.directTo(ctx, user)
	if err != nil {
		return moderation.Place{}, err
	}
	return b.Write(ctx, channel, letter)
}

// Write writes a letter in a channel. Its error is as that of Say.
func (b *Bot) Write(
	ctx context.Context, channel snowflake.ChannelID, letter moderation.Letter,
) (moderation.Place, error) {
	body := wireLetter{Content: cut(letter.Text, replyLimit), Allowed: nobody(), Components: rowOf(letter.Buttons),
		Nonce: letter.Nonce, Enforce: letter.Nonce != ""}
	answer, err := b.rest.changed(ctx, "POST", "channels/"+channel.String()+"/messages", body, "")
	if err != nil {
		return moderation.Place{}, unsaid(err)
	}
	var sent struct {
		ID id `json:"id"`
	}
	if err := json.Unmarshal(answer, &sent); err != nil {
		return moderation.Place{}, explain(err)
	}
	return moderation.Place{Channel: channel, Message: snowflake.MessageID(sent.ID)}, nil
}

// Rewrite changes a letter of guildwatch's own, its buttons too.
func (b *Bot) Rewrite(ctx context.Context, at moderation.Place, letter moderation.Letter) error {
	return unsaid(b.rest.change(ctx, "PATCH", "channels/"+at.Channel.String()+"/messages/"+at.Message.String(), wireLetter{
		Content: cut(letter.Text, replyLimit), Allowed: nobody(), Components: rowOf(letter.Buttons)}, ""))
}

// WroteDirect looks whether guildwatch has written a letter to a user lately, and where: an earlier attempt may have
// arrived although its answer did not.
func (b *Bot) WroteDirect(ctx context.Context, user snowflake.UserID, letter moderation.Letter) (moderation.Place, bool, error) {
	channel, err := b.directTo(ctx, user)
	if err != nil {
		return moderation.Place{}, false, err
	}
	var list []struct {
		ID      id        `json:"id"`
		Content string    `json:"content"`
		Author  *wireUser `json:"author"`
	}
	if err := b.rest.get(ctx, "channels/"+channel.String()+"/messages?limit=20", &list); err != nil {
		return moderation.Place{}, false, err
	}
	for _, m := range list {
		if m.Content == cut(letter.Text, replyLimit) && m.Author.user().ID == b.Self() {
			return moderation.Place{Channel: channel, Message: snowflake.MessageID(m.ID)}, true, nil
		}
	}
	return moderation.Place{}, false, nil
}

// directTo is the direct conversation with a user, opened once: Discord counts who opens many.
func (b *Bot) directTo(ctx context.Context, user snowflake.UserID) (snowflake.ChannelID, error) {
	if channel, known := b.directs.get(user); known {
		return channel, nil
	}
	answer, err := b.rest.changed(ctx, "POST", "users/@me/channels", map[string]string{"recipient_id": user.String()}, "")
	if err != nil {
		return 0, unsaid(err)
	}
	var direct struct {
		ID id `json:"id"`
	}
	if err := json.Unmarshal(answer, &direct); err != nil || direct.ID == 0 {
		return 0, fault.Wrap(err, fault.Unavailable, "What answers in Discord's place opens no conversations.")
	}
	channel := snowflake.ChannelID(direct.ID)
	b.directs.put(user, channel)
	return channel, nil
}

// directsKept bounds what directs remembers, to about 500 kB; beyond it all is forgotten.
const directsKept = 10_000

// directs remembers the conversations that were opened.
type directs struct {
	mu sync.Mutex
	by map[snowflake.UserID]snowflake.ChannelID
}

func (d *directs) get(user snowflake.UserID) (snowflake.ChannelID, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	channel, known := d.by[user]
	return channel, known
}

func (d *directs) put(user snowflake.UserID, channel snowflake.ChannelID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.by == nil || len(d.by) >= directsKept {
		d.by = map[snowflake.UserID]snowflake.ChannelID{}
	}
	d.by[user] = channel
}

// wireLetter is what discordgo's MessageSend has no fields for.
type wireLetter struct {
	Content    string                            `json:"content"`
	Allowed    *discordgo.MessageAllowedMentions `json:"allowed_mentions"`
	Components []discordgo.MessageComponent      `json:"components"`
	Nonce      string                            `json:"nonce,omitempty"`
	Enforce    bool                              `json:"enforce_nonce,omitempty"`
}

// rowOf holds a letter's buttons; an empty list takes those away that stood there.
func rowOf(buttons []moderation.LetterButton) []discordgo.MessageComponent {
	if len(buttons) == 0 {
		return []discordgo.MessageComponent{}
	}
	var row discordgo.ActionsRow
	for _, b := range buttons {
		made := discordgo.Button{Label: cut(b.Label, labelLimit), Style: discordgo.LinkButton, URL: b.URL}
		if b.URL == "" {
			made.Style, made.CustomID = discordgo.ButtonStyle(max(b.Tone, moderation.ButtonPlain)), b.ID
		}
		row.Components = append(row.Components, made)
	}
	return []discordgo.MessageComponent{row}
}
