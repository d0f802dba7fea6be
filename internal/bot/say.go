package bot

import (
	"context"
	"errors"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

// sayRemedies are the refusals of a message, with the permission that is missing.
var sayRemedies = map[int]struct {
	kind   fault.Kind
	remedy string
}{
	discordgo.ErrCodeMissingPermissions: {fault.Forbidden, "guildwatch may not write in this channel. In Discord, open " +
		"Edit Channel, Permissions, and allow Send Messages for guildwatch."},
	discordgo.ErrCodeMissingAccess: {fault.Forbidden, "guildwatch cannot see this channel. In Discord, open Edit " +
		"Channel, Permissions, and allow View Channel and Send Messages for guildwatch."},
	discordgo.ErrCodeUnknownChannel: {fault.NotFound, "This channel is gone. Choose another one."},
	discordgo.ErrCodeCannotSendMessagesInVoiceChannel: {fault.Invalid,
		"Nobody can write in this kind of channel. Choose a text channel."},
}

// Say writes one message in a channel; more than 2000 characters are cut. It mentions nobody, whatever it says; text of
// users in it goes through Plain. Its error is a *fault.Error: Forbidden names the permission that is missing, NotFound
// is a channel that is gone, TooMany (with RetryAfter) and Unavailable are worth another try.
func (b *Bot) Say(ctx context.Context, channel snowflake.ChannelID, text string) error {
	s, with := b.rest.call(ctx)
	_, err := s.ChannelMessageSendComplex(channel.String(), &discordgo.MessageSend{
		Content: cut(text, replyLimit), AllowedMentions: nobody(),
	}, with)
	return unsaid(explain(err))
}

// unsaid explains why a message was, or would be, refused.
func unsaid(err error) error {
	if e, known := sayRemedies[codeOf(err)]; known {
		var refusal *Refusal
		errors.As(err, &refusal)
		return fault.Wrap(refusal, e.kind, "%s", e.remedy)
	}
	return err
}
