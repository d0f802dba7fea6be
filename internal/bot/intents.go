package bot

import "github.com/bwmarrin/discordgo"

const (
	intentMembers = discordgo.IntentGuildMembers
	intentContent = discordgo.IntentMessageContent

	// intentsWanted is exactly what the product reads.
	intentsWanted = discordgo.IntentGuilds | intentMembers | discordgo.IntentGuildModeration | discordgo.IntentGuildMessages |
		intentContent | discordgo.IntentAutoModerationConfiguration | discordgo.IntentAutoModerationExecution
)

// privileged lists the intents that Discord may refuse and guildwatch can do without.
var privileged = []struct {
	intent  discordgo.Intent
	flags   int // of the application: switched on, or switched on for bots in few servers
	missing Missing
}{
	{intentMembers, 1<<14 | 1<<15, Missing{
		Intent: "Server Members Intent",
		Effect: "Joins, leaves, name changes and member lists are not seen.",
		Remedy: "Open " + portal + ", choose your application, Bot, switch on Server Members Intent, and restart guildwatch.",
	}},
	{intentContent, 1<<18 | 1<<19, Missing{
		Intent: "Message Content Intent",
		Effect: "Messages are counted, but their text cannot be checked.",
		Remedy: "Open " + portal + ", choose your application, Bot, switch on Message Content Intent, and restart guildwatch.",
	}},
}

// refused works out which intents to leave out after a 4014: those that the application's flags do not allow, or all
// privileged ones when the flags are unknown or contradict the refusal.
func refused(flags int, known bool, asked discordgo.Intent) discordgo.Intent {
	var out, all discordgo.Intent
	for _, p := range privileged {
		all |= p.intent & asked
		if flags&p.flags == 0 {
			out |= p.intent & asked
		}
	}
	if !known || out == 0 {
		return all
	}
	return out
}

// missing describes the intents left out.
func missing(out discordgo.Intent) []Missing {
	var list []Missing
	for _, p := range privileged {
		if out&p.intent != 0 {
			list = append(list, p.missing)
		}
	}
	return list
}
