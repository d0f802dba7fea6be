package bot

import (
	"context"
	"strings"

	"github.com/bwmarrin/discordgo"
)

const (
	replyLimit = 2000 // characters of a message
	fieldLimit = 1024
	fieldsMost = 25
	labelLimit = 80
)

// nobody is what an answer may mention: names of members are in it, and some are called @everyone.
func nobody() *discordgo.MessageAllowedMentions {
	return &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}
}

// reply answers at once.
func (r *rest) reply(ctx context.Context, use *wireInteraction, reply Reply) error {
	if reply.Form != (Form{}) {
		return r.respond(ctx, use, reply.Form.response())
	}
	return withoutButton(reply, func(reply Reply) error {
		return r.respond(ctx, use, &discordgo.InteractionResponse{
			Type: discordgo.InteractionResponseChannelMessageWithSource,
			Data: &discordgo.InteractionResponseData{
				Content: cut(reply.Text, replyLimit), Embeds: reply.card(), Components: reply.row(), AllowedMentions: nobody(),
				Flags: reply.flags(),
			},
		})
	})
}

// later tells Discord that the answer takes more than 3 s. Nobody knows yet whether it is public, so it is not.
func (r *rest) later(ctx context.Context, use *wireInteraction) error {
	return r.respond(ctx, use, &discordgo.InteractionResponse{
		Type: discordgo.InteractionResponseDeferredChannelMessageWithSource,
		Data: &discordgo.InteractionResponseData{Flags: discordgo.MessageFlagsEphemeral},
	})
}

func (r *rest) respond(ctx context.Context, use *wireInteraction, response *discordgo.InteractionResponse) error {
	_, s := r.both()
	return explain(s.InteractionRespond(use.handle(), response, discordgo.WithContext(ctx)))
}

// finish fills in what later promised.
func (r *rest) finish(ctx context.Context, use *wireInteraction, reply Reply) error {
	if reply.Form != (Form{}) {
		reply = Reply{Text: formTooLate}
	}
	return withoutButton(reply, func(reply Reply) error {
		_, s := r.both()
		text, cards, row := cut(reply.Text, replyLimit), reply.card(), reply.row()
		_, err := s.InteractionResponseEdit(use.handle(), &discordgo.WebhookEdit{
			Content: &text, Embeds: &cards, Components: &row, AllowedMentions: nobody(),
		}, discordgo.WithContext(ctx))
		return explain(err)
	})
}

// withoutButton sends the reply again with its link as text when Discord does not take it as a button: it is particular
// about addresses, and those of a machine at home are not like others.
func withoutButton(reply Reply, send func(Reply) error) error {
	err := send(reply)
	if reply.Button.URL == "" || codeOf(err) != discordgo.ErrCodeInvalidFormBody {
		return err
	}
	reply.Text = strings.TrimLeft(reply.Text+"\n<"+reply.Button.URL+">", "\n")
	reply.Button = Button{}
	return send(reply)
}

// row holds the button.
func (r Reply) row() []discordgo.MessageComponent {
	if r.Button == (Button{}) {
		return []discordgo.MessageComponent{}
	}
	return []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
		r.Button.component(),
	}}}
}

func (b Button) component() discordgo.Button {
	if b.URL == "" {
		return discordgo.Button{Style: discordgo.SecondaryButton, Label: cut(b.Label, labelLimit), CustomID: b.ID}
	}
	return discordgo.Button{Style: discordgo.LinkButton, Label: cut(b.Label, labelLimit), URL: b.URL}
}

func (u *wireInteraction) handle() *discordgo.Interaction {
	return &discordgo.Interaction{ID: digitsOf(u.ID), AppID: u.ApplicationID, Token: u.Token}
}

func (r Reply) flags() discordgo.MessageFlags {
	if r.Public {
		return 0
	}
	return discordgo.MessageFlagsEphemeral
}

func (r Reply) card() []*discordgo.MessageEmbed {
	if r.Title == "" && len(r.Fields) == 0 {
		return []*discordgo.MessageEmbed{}
	}
	card := &discordgo.MessageEmbed{Title: cut(r.Title, 256)}
	for _, f := range r.Fields[:min(len(r.Fields), fieldsMost)] {
		card.Fields = append(card.Fields, &discordgo.MessageEmbedField{
			Name: cut(f.Name, 256), Value: cut(f.Value, fieldLimit), Inline: f.Inline,
		})
	}
	return []*discordgo.MessageEmbed{card}
}

// cut shortens text to n characters.
func cut(text string, n int) string {
	count := 0
	for i := range text {
		if count == n-1 && len([]rune(text[i:])) > 1 {
			return text[:i] + "…"
		}
		count++
	}
	return text
}
