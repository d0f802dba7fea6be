package bot

import (
	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// CommandKind is where Discord offers a command.
type CommandKind int

// The kinds of commands.
const (
	SlashCommand CommandKind = iota // it is typed
	MemberMenu                      // in the menu of a member
	MessageMenu                     // in the menu of a message
	LetterPress                     // on a button of guildwatch's own, in a guild or in a direct conversation
)

// TargetMessage is the message on which a menu was used.
type TargetMessage struct {
	ID      snowflake.MessageID
	Channel snowflake.ChannelID
	Text    string
}

// wireMenu is on what a menu was used.
type wireMenu struct {
	TargetID id `json:"target_id"`
	Resolved struct {
		Users    map[string]*wireUser   `json:"users"`
		Messages map[string]*wireTarget `json:"messages"`
	} `json:"resolved"`
}

type wireTarget struct {
	ID        id        `json:"id"`
	ChannelID id        `json:"channel_id"`
	Content   string    `json:"content"`
	Author    *wireUser `json:"author"`
}

// target is the member of a menu, the author of a menu's message, or whom a form was opened for.
func (u *wireInteraction) target() moderation.User {
	if u.Type == interactionForm {
		_, user := u.Data.opener()
		return moderation.User{ID: user}
	}
	at := digitsOf(u.Data.TargetID)
	if message := u.Data.Resolved.Messages[at]; message != nil {
		return message.Author.user()
	}
	return u.Data.Resolved.Users[at].user()
}

// message is that of a menu of messages.
func (u *wireInteraction) message() TargetMessage {
	m := u.Data.Resolved.Messages[digitsOf(u.Data.TargetID)]
	if m == nil {
		return TargetMessage{}
	}
	return TargetMessage{ID: snowflake.MessageID(m.ID), Channel: snowflake.ChannelID(m.ChannelID), Text: m.Content}
}

// menu is how a command in a menu is registered.
func (c Command) menu() *discordgo.ApplicationCommand {
	menu := &discordgo.ApplicationCommand{
		Type: discordgo.UserApplicationCommand, Name: c.Name,
		Contexts: &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild},
	}
	if c.Kind == MessageMenu {
		menu.Type = discordgo.MessageApplicationCommand
	}
	if c.Needs != 0 {
		needs := int64(c.Needs)
		menu.DefaultMemberPermissions = &needs
	}
	return menu
}
