package notify

import (
	"context"
	"log/slog"
	"time"

	"guildwatch/internal/snowflake"
)

// PostOptions is what a Post stands on.
type PostOptions struct {
	Way      *Way
	Mail     *MailOptions     // nil: the operator has set up no mail server
	Webhooks bool             // the operator allows webhooks of any service, not Discord's alone
	Clock    func() time.Time // time.Now when nil
	Logger   *slog.Logger
}

// Post has every channel there is. It is safe for concurrent use.
type Post struct {
	way      *Way
	log      *slog.Logger
	channels map[Kind]channel
}

// NewPost makes the channels that the operator has set up.
func NewPost(o PostOptions) *Post {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	p := &Post{way: o.Way, log: o.Logger, channels: map[Kind]channel{KindDiscord: discord{o.Way}}}
	if o.Webhooks {
		p.channels[KindWebhook] = webhook{o.Way, o.Clock}
	}
	if o.Mail != nil {
		p.channels[KindMail] = post{*o.Mail}
	}
	return p
}

// Offers says whether the operator has set up a kind of channel.
func (p *Post) Offers(kind Kind) bool { return p.channels[kind] != nil }

// Tell sends a message once. It takes 10 s at most; what went wrong is in the outcome, and logged without the address.
func (p *Post) Tell(ctx context.Context, kind Kind, sealed string, m *Message) Outcome {
	channel := p.channels[kind]
	if channel == nil {
		return Outcome{Detail: "Whoever runs guildwatch has switched this kind of channel off.", Final: true}
	}
	address, err := Unseal(sealed)
	if err != nil {
		return Outcome{Detail: "The address cannot be read. Enter it again.", Final: true}
	}
	outcome := channel.tell(ctx, address, m)
	if !outcome.Sent && ctx.Err() == nil {
		p.log.Info("a message was not delivered", "guild", snowflake.String(m.Guild), "kind", string(kind),
			"host", hostOf(address.URL), "reason", outcome.Detail)
	}
	return outcome
}
