package bot

import (
	"context"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// Choice is what fits an option that is being typed.
type Choice struct {
	Name  string // at most 100 characters; more is cut
	Value any    // text, or an int64 for a number
}

// The limits of what is shown while somebody types.
const (
	choicesMost  = 25
	choiceLength = 100
)

// complete answers what fits an option that somebody is typing. It is no use of a command, and leaves no trace: not even
// a refusal is told, since nobody has asked for anything yet.
func (c *commands) complete(use *wireInteraction) {
	ctx, cancel := context.WithTimeout(c.ctx, c.pace.deferAfter)
	defer cancel()
	name, options := use.path()
	command := c.list[name]
	if command.Complete == nil || use.GuildID == 0 {
		return
	}
	choices, err := command.Complete(ctx, Interaction{
		ID: snowflake.InteractionID(use.ID), Guild: snowflake.GuildID(use.GuildID), Channel: snowflake.ChannelID(use.ChannelID),
		User: use.member().User, Member: use.member(), Permissions: moderation.Permissions(use.permissions()),
		Locale: use.Locale, Options: options, Typed: use.typed(),
	})
	if err != nil {
		c.log.Debug("nothing was offered while somebody typed", "command", name, "err", err)
		choices = nil
	}
	if err := c.rest.choose(ctx, use, choices); err != nil {
		c.log.Debug("what fits came too late", "command", name, "err", err)
	}
}

// choose answers with what fits. discordgo leaves an empty list out, which Discord takes for a failure.
func (r *rest) choose(ctx context.Context, use *wireInteraction, choices []Choice) error {
	list := []map[string]any{}
	for _, choice := range choices[:min(len(choices), choicesMost)] {
		list = append(list, map[string]any{"name": cut(choice.Name, choiceLength), "value": choice.Value})
	}
	_, s := r.both()
	at := discordgo.EndpointInteractionResponse(digitsOf(use.ID), use.Token)
	_, err := s.RequestWithBucketID("POST", at, map[string]any{
		"type": discordgo.InteractionApplicationCommandAutocompleteResult, "data": map[string]any{"choices": list},
	}, at, discordgo.WithContext(ctx))
	return explain(err)
}

// typed is the option that is being typed.
func (u *wireInteraction) typed() string {
	level := u.Data.Options
	for len(level) == 1 && (level[0].Type == 1 || level[0].Type == 2) {
		level = level[0].Options
	}
	for _, o := range level {
		if o.Focused {
			return o.Name
		}
	}
	return ""
}
