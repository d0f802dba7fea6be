package discordsim

// Intents are the bits by which a client says which events it wants.
type Intents int64

// The intents that the stand-in knows by name.
const (
	IntentGuilds           Intents = 1 << 0
	IntentGuildMembers     Intents = 1 << 1 // privileged
	IntentGuildModeration  Intents = 1 << 2
	IntentGuildWebhooks    Intents = 1 << 5
	IntentGuildPresences   Intents = 1 << 8 // privileged
	IntentGuildMessages    Intents = 1 << 9
	IntentDirectMessages   Intents = 1 << 12
	IntentMessageContent   Intents = 1 << 15 // privileged
	IntentAutoModConfig    Intents = 1 << 20
	IntentAutoModExecution Intents = 1 << 21
	IntentsPrivileged              = IntentGuildMembers | IntentGuildPresences | IntentMessageContent
	intentsKnown           Intents = 1<<17 - 1 | IntentAutoModConfig | IntentAutoModExecution | 1<<24 | 1<<25
)

// wants maps an event to the intent without which it is not sent. Events not named here are always sent.
var wants = map[string]Intents{
	"GUILD_CREATE": IntentGuilds, "GUILD_UPDATE": IntentGuilds, "GUILD_DELETE": IntentGuilds,
	"GUILD_ROLE_CREATE": IntentGuilds, "GUILD_ROLE_UPDATE": IntentGuilds, "GUILD_ROLE_DELETE": IntentGuilds,
	"CHANNEL_CREATE": IntentGuilds, "CHANNEL_UPDATE": IntentGuilds, "CHANNEL_DELETE": IntentGuilds,
	"THREAD_CREATE": IntentGuilds, "THREAD_UPDATE": IntentGuilds, "THREAD_DELETE": IntentGuilds,
	"THREAD_MEMBERS_UPDATE": IntentGuilds,
	"GUILD_MEMBER_ADD":      IntentGuildMembers, "GUILD_MEMBER_UPDATE": IntentGuildMembers,
	"GUILD_MEMBER_REMOVE":          IntentGuildMembers,
	"GUILD_AUDIT_LOG_ENTRY_CREATE": IntentGuildModeration, "GUILD_BAN_ADD": IntentGuildModeration,
	"GUILD_BAN_REMOVE": IntentGuildModeration,
	"WEBHOOKS_UPDATE":  IntentGuildWebhooks,
	"MESSAGE_CREATE":   IntentGuildMessages, "MESSAGE_UPDATE": IntentGuildMessages,
	"MESSAGE_DELETE": IntentGuildMessages, "MESSAGE_DELETE_BULK": IntentGuildMessages,
	"AUTO_MODERATION_RULE_CREATE": IntentAutoModConfig, "AUTO_MODERATION_RULE_UPDATE": IntentAutoModConfig,
	"AUTO_MODERATION_RULE_DELETE":      IntentAutoModConfig,
	"AUTO_MODERATION_ACTION_EXECUTION": IntentAutoModExecution,
}

// intentOf is the intent that an event needs; messages outside guilds have their own.
func intentOf(name string, inGuild bool) Intents {
	need := wants[name]
	if need == IntentGuildMessages && !inGuild {
		return IntentDirectMessages
	}
	return need
}
