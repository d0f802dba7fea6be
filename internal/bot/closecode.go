package bot

import (
	"fmt"

	"guildwatch/internal/fault"
)

// Stopped is why guildwatch no longer tries to reach Discord: a reason that trying again cannot cure. It comes wrapped
// in a *fault.Error of kind Unavailable whose public sentence is the exact remedy.
type Stopped struct {
	Code   int // Discord's gateway close code; 401 when its REST API refused the token
	Reason string
}

// Error is the text for the log.
func (s *Stopped) Error() string { return fmt.Sprintf("bot: %s (%d)", s.Reason, s.Code) }

const portal = "https://discord.com/developers/applications"

const tokenRemedy = "Discord refused the bot token. Open " + portal + ", choose your application, Bot, Reset Token, " +
	"put the new token in DISCORD_TOKEN and start guildwatch again."

// remedies are the close codes that stop guildwatch.
var remedies = map[int]struct{ reason, remedy string }{
	401:  {"unauthorized", tokenRemedy},
	4004: {"authentication failed", tokenRemedy},
	4010: {"invalid shard", "Discord refused the shard that guildwatch asked for. This is a mistake in guildwatch: " +
		"please report it."},
	4011: {"sharding required", "The bot is in more than 2,500 servers, the most that one connection to Discord may " +
		"carry. guildwatch serves one connection: remove the bot from servers that do not need it."},
	4012: {"invalid API version", "Discord no longer speaks version " + gatewayVersion + " of its gateway. " +
		"Install a newer guildwatch."},
	4013: {"invalid intents", "Discord does not know an intent that guildwatch asked for. Install a newer guildwatch."},
	4014: {"disallowed intents", "Discord refused the connection although no privileged intent was asked for. " +
		"Open " + portal + ", choose your application, Bot, Privileged Gateway Intents, and switch on Server Members " +
		"Intent and Message Content Intent."},
}

// stopped makes the error for a fatal code; nil for one after which connecting again is right.
func stopped(code int) error {
	r, fatal := remedies[code]
	if !fatal {
		return nil
	}
	return fault.Wrap(&Stopped{Code: code, Reason: r.reason}, fault.Unavailable, "%s", r.remedy)
}

// sessionLost says whether a session cannot be resumed after Discord closed with code.
func sessionLost(code int) bool { return code == 4007 || code == 4009 }
