package bot

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/moderation"
)

// deleteMessage takes a message away. One that has its channel's own id opened that thread or forum post.
func (d *deed) deleteMessage(ctx context.Context) moderation.Result {
	if d.opened() {
		return d.deleteThread(ctx)
	}
	return d.result(d.ask(ctx, "DELETE", d.path(), nil))
}

// opened says whether the errand is about the message that opened a thread.
func (d *deed) opened() bool {
	return d.Kind == moderation.ActionDelete && int64(d.Message) == int64(d.Channel)
}

func (d *deed) path() string {
	return "channels/" + d.Channel.String() + "/messages/" + d.Message.String()
}

// deleteThread takes away what a member opened: the whole thread while nobody else has written in it, for its title would
// stay otherwise. A thread with answers stays: its first message goes, and where there is none to go, the title.
func (d *deed) deleteThread(ctx context.Context) moderation.Result {
	var thread struct {
		Written int `json:"total_message_sent"`
		Now     int `json:"message_count"` // does not count the message that opened it
	}
	channel := "channels/" + d.Channel.String()
	if err := d.rest.get(ctx, channel, &thread); err != nil {
		return d.result(err)
	}
	if max(thread.Written, thread.Now) <= 1 {
		return d.result(d.ask(ctx, "DELETE", channel, nil))
	}
	err := d.ask(ctx, "DELETE", d.path(), nil)
	if codeOf(err) == discordgo.ErrCodeUnknownMessage {
		err = d.ask(ctx, "PATCH", channel, map[string]string{"name": "Title removed"})
	}
	return d.result(err)
}

// tell sends the member a warning. It stands whether they read it or not, so a member who takes no messages, or is no
// longer there, is no failure. Discord sends a message with the same nonce once.
func (d *deed) tell(ctx context.Context) moderation.Result {
	answer, err := d.rest.changed(ctx, "POST", "users/@me/channels", map[string]string{"recipient_id": d.Target.String()}, "")
	var direct struct {
		ID id `json:"id"`
	}
	if err == nil {
		err = explain(json.Unmarshal(answer, &direct))
	}
	if err == nil {
		err = d.rest.change(ctx, "POST", "channels/"+digitsOf(direct.ID)+"/messages", directMessage{
			Content: cut(d.warning(), replyLimit), Allowed: nobody(),
			Nonce: "guildwatch-" + strconv.FormatInt(d.Action, 10), Enforce: true,
		}, "")
	}
	result := d.result(err)
	if result.Refused != "" {
		return moderation.Result{Done: true}
	}
	return result
}

// directMessage is what discordgo's MessageSend has no fields for.
type directMessage struct {
	Content string                            `json:"content"`
	Allowed *discordgo.MessageAllowedMentions `json:"allowed_mentions"`
	Nonce   string                            `json:"nonce"`
	Enforce bool                              `json:"enforce_nonce"`
}

// warning is what a member reads: where, and for what. Names of guilds and reasons are text of users.
func (d *deed) warning() string {
	where := "a server"
	if profile, known := d.guilds.profile(d.Guild); known && profile.Name != "" {
		where = "the server **" + Plain(profile.Name) + "**"
	}
	text := "You have been warned in " + where + "."
	if d.Reason != "" {
		text += "\nReason: " + Plain(d.Reason)
	}
	return text
}
