package bot

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/fault"
)

const menuDescription = "Moderation and statistics of this server"

// register makes Discord's list of the application's commands ours. It asks first and writes only what differs, because
// Discord allows 200 new commands a day and shows a changed one as new.
func (c *commands) register(ctx context.Context) error {
	me, err := c.rest.identity(ctx)
	if err != nil {
		return err
	}
	s, with := c.rest.call(ctx)
	application := me.Application.String()
	there, err := s.ApplicationCommands(application, "", with)
	if err != nil {
		return explain(err)
	}
	want := definitions(c.list)
	if bytes.Equal(canon(there), canon(want)) {
		return nil
	}
	_, err = s.ApplicationCommandBulkOverwrite(application, "", want, with)
	return explain(err)
}

// keepRegistering tries until it is done or Discord says no.
func (c *commands) keepRegistering(ctx context.Context, jitter func() float64) {
	defer recovered(c.log, "registering commands", func() {})
	for n := 0; ; n++ {
		err := c.register(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		c.log.Warn("the slash commands could not be registered", "err", err)
		if kind := fault.Of(err); kind != fault.Unavailable && kind != fault.TooMany || statusOf(err) != 0 {
			return
		}
		if !pause(ctx, doubled(c.pace.retryLeast, 10*time.Minute, n, jitter())) {
			return
		}
	}
}

// definitions groups commands by their words, in the order of their names.
func definitions(list map[string]Command) []*discordgo.ApplicationCommand {
	byWord := map[string]*discordgo.ApplicationCommand{}
	var out []*discordgo.ApplicationCommand
	names := make([]string, 0, len(list))
	for name := range list {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		command, words := list[name], strings.Fields(name)
		if command.Kind == LetterPress {
			continue // Discord knows these by their letters
		}
		if command.Kind != SlashCommand {
			out = append(out, command.menu())
			continue
		}
		top := byWord[words[0]]
		if top == nil {
			top = &discordgo.ApplicationCommand{
				Type: discordgo.ChatApplicationCommand, Name: words[0], Description: menuDescription,
				Contexts: &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild},
			}
			byWord[words[0]] = top
			out = append(out, top)
		}
		if command.Needs != 0 {
			needs := int64(command.Needs)
			if top.DefaultMemberPermissions != nil {
				needs |= *top.DefaultMemberPermissions
			}
			top.DefaultMemberPermissions = &needs
		}
		if len(words) == 1 {
			top.Description, top.Options = command.Description, command.options()
			continue
		}
		top.Options = nest(top.Options, words[1:], command)
	}
	return out
}

// nest places a command below its group, if it has one.
func nest(options []*discordgo.ApplicationCommandOption, words []string, command Command) []*discordgo.ApplicationCommandOption {
	if len(words) == 1 {
		return append(options, &discordgo.ApplicationCommandOption{
			Type: discordgo.ApplicationCommandOptionSubCommand, Name: words[0], Description: command.Description,
			Options: command.options(),
		})
	}
	for _, group := range options {
		if group.Name == words[0] {
			group.Options = nest(group.Options, words[1:], command)
			return options
		}
	}
	return append(options, &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionSubCommandGroup, Name: words[0], Description: menuDescription,
		Options: nest(nil, words[1:], command),
	})
}

func (c Command) options() []*discordgo.ApplicationCommandOption {
	var out []*discordgo.ApplicationCommandOption
	for _, o := range c.Options {
		option := &discordgo.ApplicationCommandOption{
			Type: discordgo.ApplicationCommandOptionType(o.Kind), Name: o.Name, Description: o.Description, Required: o.Required,
			Autocomplete: o.Completes,
		}
		if o.Kind == OptionChannel {
			option.ChannelTypes = []discordgo.ChannelType{discordgo.ChannelTypeGuildText, discordgo.ChannelTypeGuildNews}
		}
		for _, choice := range o.Choices {
			option.Choices = append(option.Choices, &discordgo.ApplicationCommandOptionChoice{Name: choice, Value: choice})
		}
		out = append(out, option)
	}
	return out
}

// canon writes what we decide about commands, and nothing that Discord adds.
func canon(list []*discordgo.ApplicationCommand) []byte {
	type entry struct {
		Type              int
		Name, Description string
		Needs             int64
		Options           []canonOption
	}
	var out []entry
	for _, c := range list {
		e := entry{Type: int(c.Type), Name: c.Name, Description: c.Description, Options: canonOptions(c.Options)}
		if c.DefaultMemberPermissions != nil {
			e.Needs = *c.DefaultMemberPermissions
		}
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b entry) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name)) })
	data, _ := json.Marshal(out)
	return data
}

type canonOption struct {
	Type              int
	Name, Description string
	Required, Typing  bool
	Choices           []string
	Channels          []discordgo.ChannelType
	Options           []canonOption
}

func canonOptions(list []*discordgo.ApplicationCommandOption) []canonOption {
	var out []canonOption
	for _, o := range list {
		e := canonOption{
			Type: int(o.Type), Name: o.Name, Description: o.Description, Required: o.Required, Typing: o.Autocomplete,
			Options: canonOptions(o.Options), Channels: o.ChannelTypes,
		}
		for _, choice := range o.Choices {
			e.Choices = append(e.Choices, choice.Name)
		}
		out = append(out, e)
	}
	return out
}
