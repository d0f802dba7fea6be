package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// commandsAtOnce bounds the goroutines of commands; beyond it a member is asked to try again.
const commandsAtOnce = 64

// commands answers interactions.
type commands struct {
	rest   *rest
	list   map[string]Command // by name
	pace   pace
	clock  func() time.Time
	log    *slog.Logger
	submit func(moderation.Event)

	places chan struct{}
	work   sync.WaitGroup
	ctx    context.Context // ends when the process stops
}

type wireInteraction struct {
	ID            id          `json:"id"`
	ApplicationID string      `json:"application_id"`
	Type          int         `json:"type"`
	Token         string      `json:"token"`
	GuildID       id          `json:"guild_id"`
	ChannelID     id          `json:"channel_id"`
	Member        *wireCaller `json:"member"` // in a guild
	User          *wireUser   `json:"user"`   // in a direct conversation
	Locale        string      `json:"locale"`
	Data          struct {
		Name    string       `json:"name"`
		Options []wireOption `json:"options"`
		wireMenu
		wireForm
	} `json:"data"`
}

type wireCaller struct {
	wireMember
	Permissions bits `json:"permissions"`
}

type wireOption struct {
	Name    string       `json:"name"`
	Type    int          `json:"type"`
	Value   any          `json:"value"`
	Focused bool         `json:"focused"` // it is being typed
	Options []wireOption `json:"options"`
}

// The types of an interaction that are answered.
const (
	interactionCommand = 2
	interactionPress   = 3
	interactionTyping  = 4
	interactionForm    = 5
)

// start answers an interaction on a goroutine of its own. It never waits.
func (c *commands) start(payload []byte, at time.Time) {
	var use wireInteraction
	if decode(payload, &use) != nil || !use.answered() || use.ID == 0 || use.Token == "" {
		return
	}
	select {
	case c.places <- struct{}{}:
	default:
		c.log.Warn("a command was not answered: too many at once")
		return
	}
	c.work.Go(func() {
		defer func() { <-c.places }()
		defer recovered(c.log, "answering a command", func() {})
		if use.Type == interactionTyping {
			c.complete(&use)
			return
		}
		c.answer(&use, at)
	})
}

// answer runs the command, replies in time, and records the run.
func (c *commands) answer(use *wireInteraction, at time.Time) {
	name, options := use.path()
	ctx, cancel := context.WithTimeout(c.ctx, c.pace.answer)
	defer cancel()
	done := make(chan result, 1)
	go func() { done <- c.run(ctx, name, use, options) }()
	var err error
	var got result
	select {
	case got = <-done:
		err = c.rest.reply(ctx, use, got.reply)
	case <-time.After(c.pace.deferAfter):
		if err = c.rest.later(ctx, use); err == nil {
			got = <-done
			err = c.rest.finish(ctx, use, got.reply)
		} else {
			got = <-done
		}
	}
	if err != nil {
		c.log.Warn("a command's answer did not reach Discord", "command", name, "err", err)
	}
	if use.GuildID == 0 || use.pressed() || got.ok && got.reply.Form != (Form{}) { // a form counts when it is sent
		return
	}
	c.submit(moderation.CommandRun{
		Origin:      moderation.Origin{Guild: snowflake.GuildID(use.GuildID), At: madeAt(use.ID, at)},
		Interaction: snowflake.InteractionID(use.ID), Command: name, User: use.member().User,
		Channel: snowflake.ChannelID(use.ChannelID), OK: got.ok && err == nil, Took: c.clock().Sub(at),
	})
}

const (
	ourMistake    = "Something went wrong here. It has been logged."
	noSuchCommand = "guildwatch does not know this command any more. Discord shows the new list within a few minutes."
)

type result struct {
	reply Reply
	ok    bool
}

// run calls the command. Whatever happens there, the member gets a sentence.
func (c *commands) run(ctx context.Context, name string, use *wireInteraction, options map[string]string) (got result) {
	defer recovered(c.log, "running "+name, func() {
		got = result{reply: Reply{Text: ourMistake}}
	})
	command, known := c.list[name]
	handle := command.Handle
	if use.Type == interactionForm {
		handle = command.Submit
	}
	switch {
	case !known || handle == nil || use.pressed() != (command.Kind == LetterPress):
		return result{reply: Reply{Text: noSuchCommand}}
	case use.GuildID == 0 && command.Kind != LetterPress:
		return result{reply: Reply{Text: "This command works in a server only."}}
	}
	reply, err := handle(ctx, Interaction{
		ID: snowflake.InteractionID(use.ID), Guild: snowflake.GuildID(use.GuildID), Channel: snowflake.ChannelID(use.ChannelID),
		Member: use.member(), Permissions: moderation.Permissions(use.permissions()), Locale: use.Locale, Options: options,
		Target: use.target(), Message: use.message(), User: use.user(), Args: use.args(),
	})
	if err == nil {
		reply.Form.keep(name, use)
		return result{reply: reply, ok: true}
	}
	var public *fault.Error
	if errors.As(err, &public) && public.Kind != fault.Internal {
		return result{reply: Reply{Text: Plain(public.Public)}}
	}
	c.log.Error("a command failed", "command", name, "err", err)
	return result{reply: Reply{Text: ourMistake}}
}

func (u *wireInteraction) member() moderation.Member {
	if u.Member == nil {
		return moderation.Member{}
	}
	return u.Member.member(u.Member.User)
}

func (u *wireInteraction) permissions() bits {
	if u.Member == nil {
		return 0
	}
	return u.Member.Permissions
}

// path is the command's words, through subcommand groups and subcommands, and the options below.
func (u *wireInteraction) path() (string, map[string]string) {
	if u.pressed() {
		name, _, _ := strings.Cut(u.Data.CustomID, pressMark)
		return name, u.Data.answers()
	}
	if u.Type == interactionForm {
		name, _ := u.Data.opener()
		return name, u.Data.answers()
	}
	words, level := []string{u.Data.Name}, u.Data.Options
	for len(words) < 3 && len(level) == 1 && (level[0].Type == 1 || level[0].Type == 2) {
		words, level = append(words, level[0].Name), level[0].Options
	}
	options := make(map[string]string, len(level))
	for _, o := range level {
		if o.Value != nil {
			options[o.Name] = optionText(o.Value)
		}
	}
	return strings.Join(words, " "), options
}

func optionText(value any) string {
	if n, ok := value.(float64); ok {
		return fmt.Sprintf("%.0f", n)
	}
	return fmt.Sprint(value)
}

// close waits for running commands, at most until ctx ends.
func (c *commands) close(ctx context.Context) {
	idle := make(chan struct{})
	go func() {
		c.work.Wait()
		close(idle)
	}()
	select {
	case <-idle:
	case <-ctx.Done():
	}
}
