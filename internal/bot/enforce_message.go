package bot

import (
	"context"

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
