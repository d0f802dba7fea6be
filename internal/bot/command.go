package bot

import (
	"context"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// Command is one slash command, or one line in the menu of a member or a message.
type Command struct {
	Kind        CommandKind
	Name        string // of a slash command its words, one to three: "guildwatch stats"; Discord registers the first
	Description string // at most 100 characters; a menu has none
	Options     []CommandOption
	Needs       moderation.Permissions // whom Discord shows it to, 0 for everyone; by first word, with the union of all

	// Handle does the work. It has 30 s; after 2 s Discord shows that guildwatch is thinking. A *fault.Error is shown
	// to the member with its public sentence, any other error as a mistake of ours.
	//
	// A LetterPress may come without a guild. What it says in Args was written by guildwatch long ago: look it up.
	Handle func(ctx context.Context, use Interaction) (Reply, error)
	// Complete lists what fits the option that a member is typing, best first; at most 25 are shown. It must answer from
	// what is at hand, within 2 s. It is nil where no option has Completes.
	Complete func(ctx context.Context, use Interaction) ([]Choice, error)
	// Submit takes the form that Handle answered with: its text is the option FormText, its Target the one that the form
	// was opened for. Whoever sends it is checked anew. It is nil where Handle opens none.
	Submit func(ctx context.Context, use Interaction) (Reply, error)
}

// CommandOption is a value that a member gives to a command.
type CommandOption struct {
	Name        string
	Description string
	Kind        OptionKind
	Required    bool
	Choices     []string // for text; any when empty
	Completes   bool     // of text and numbers: Discord asks Complete while it is typed; without Choices
}

// OptionKind is what an option holds, by Discord's number.
type OptionKind int

// The kinds of options. Their values reach Handle as text: a number in decimal, true or false, an id.
const (
	OptionText    OptionKind = 3
	OptionNumber  OptionKind = 4
	OptionBool    OptionKind = 5
	OptionUser    OptionKind = 6
	OptionChannel OptionKind = 7 // one in which people write: text or announcements
	OptionRole    OptionKind = 8
)

// Interaction is one use of a command.
type Interaction struct {
	ID          snowflake.InteractionID
	Guild       snowflake.GuildID // 0 in a direct conversation
	Channel     snowflake.ChannelID
	User        moderation.User        // whoever uses it
	Member      moderation.Member      // zero in a direct conversation
	Permissions moderation.Permissions // the member's own, in the channel
	Locale      string                 // the member's language, such as "en-US"
	Options     map[string]string
	Target      moderation.User // of a menu: the member, or who wrote the message
	Message     TargetMessage   // of a menu of messages
	Typed       string          // of Complete: the option that is being typed, whose text is among Options
	Args        []string        // of a LetterPress: what its button's id has after the name
}

// Reply is an answer. It mentions nobody, whatever it says; text of users in it goes through Plain.
type Reply struct {
	Text   string // at most 2000 characters; more is cut
	Title  string // with Fields, a card below the text
	Fields []Field
	Button Button
	Public bool // for everyone in the channel; else for the member alone
	Form   Form // in place of all others
}

// Button is a link below an answer, or one that guildwatch is told of. The zero value is none.
type Button struct {
	Label string // at most 80 characters
	URL   string // http or https, at most 512 characters
	ID    string // of a LetterPress, by PressID; without a URL
}

// Field is one line of a card.
type Field struct {
	Name   string
	Value  string
	Inline bool
}

// StatsCommand is /guildwatch stats, with what content says about the guild to whoever uses it.
func StatsCommand(content func(context.Context, Interaction) (Reply, error)) Command {
	return Command{Name: "guildwatch stats", Description: "What guildwatch has seen in this server", Handle: content}
}

// DashboardCommand is /guildwatch dashboard: it answers the one who asked, and nobody else, with what link gives them
// for the guild in which they asked. The member is as Discord describes them with the command.
func DashboardCommand(link func(context.Context, snowflake.GuildID, moderation.Member) (Reply, error)) Command {
	return Command{
		Name: "guildwatch dashboard", Description: "Get a link that signs you in to the dashboard of this server",
		Handle: func(ctx context.Context, use Interaction) (Reply, error) {
			reply, err := link(ctx, use.Guild, use.Member)
			reply.Public = false
			return reply, err
		},
	}
}
