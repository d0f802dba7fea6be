package discordsim

import (
	"time"

	"guildwatch/internal/snowflake"
)

// guildWire is a guild as REST and GUILD_UPDATE show it.
type guildWire struct {
	ID                snowflake.GuildID   `json:"id"`
	Name              string              `json:"name"`
	Icon              Text                `json:"icon"`
	Description       Text                `json:"description"`
	OwnerID           snowflake.UserID    `json:"owner_id"`
	Roles             []*Role             `json:"roles"`
	Emojis            []struct{}          `json:"emojis"`
	Stickers          []struct{}          `json:"stickers"`
	Features          []string            `json:"features"`
	VerificationLevel int                 `json:"verification_level"`
	Notifications     int                 `json:"default_message_notifications"`
	ContentFilter     int                 `json:"explicit_content_filter"`
	MFALevel          int                 `json:"mfa_level"`
	PremiumTier       int                 `json:"premium_tier"`
	NSFWLevel         int                 `json:"nsfw_level"`
	AFKTimeout        int                 `json:"afk_timeout"`
	SystemFlags       int                 `json:"system_channel_flags"`
	Locale            string              `json:"preferred_locale"`
	AlertsTo          snowflake.ChannelID `json:"safety_alerts_channel_id,omitempty"`
	Incidents         *Incidents          `json:"incidents_data"`
	MemberCount       int                 `json:"approximate_member_count,omitempty"`
	PresenceCount     int                 `json:"approximate_presence_count,omitempty"`
}

// guildCreateWire is what GUILD_CREATE adds.
type guildCreateWire struct {
	guildWire
	JoinedAt    time.Time  `json:"joined_at"`
	Large       bool       `json:"large"`
	Unavailable bool       `json:"unavailable"`
	MemberCount int        `json:"member_count"`
	Members     []*Member  `json:"members"`
	Channels    []*Channel `json:"channels"`
	Threads     []*Channel `json:"threads"`
	VoiceStates []struct{} `json:"voice_states"`
	Presences   []struct{} `json:"presences"`
	Stages      []struct{} `json:"stage_instances"`
	Events      []struct{} `json:"guild_scheduled_events"`
	Sounds      []struct{} `json:"soundboard_sounds"`
}

func (s *Sim) guildJSON(g *guild) guildWire {
	wire := guildWire{
		ID: g.ID, Name: g.Name, Icon: g.Icon, OwnerID: g.OwnerID, VerificationLevel: g.Level, Locale: g.Locale,
		Roles: byID(g.roles), Emojis: []struct{}{}, Stickers: []struct{}{}, Features: []string{"COMMUNITY"},
		AlertsTo: g.AlertsTo, AFKTimeout: 300,
	}
	if g.Incidents != (Incidents{}) {
		incidents := g.Incidents
		wire.Incidents = &incidents
	}
	return wire
}

// guildCreateJSON is the guild as a session with these intents sees it: without presences no member but the bot, as
// Discord documents, and above the threshold only some.
func (s *Sim) guildCreateJSON(g *guild, intents Intents, threshold int) guildCreateWire {
	wire := guildCreateWire{
		guildWire: s.guildJSON(g), JoinedAt: g.joinedAt, Large: len(g.members) > threshold, MemberCount: len(g.members),
		Members: []*Member{}, Channels: []*Channel{}, Threads: []*Channel{}, VoiceStates: []struct{}{},
		Presences: []struct{}{}, Stages: []struct{}{}, Events: []struct{}{}, Sounds: []struct{}{},
	}
	if intents&IntentGuildPresences == 0 {
		wire.Members = append(wire.Members, g.members[s.BotID()])
	} else {
		members := byID(g.members)
		for _, m := range members {
			if len(wire.Members) < threshold || m.User.ID == s.BotID() {
				wire.Members = append(wire.Members, m)
			}
		}
	}
	for _, c := range byID(g.channels) {
		if c.Thread == nil {
			wire.Channels = append(wire.Channels, &c.Channel)
		} else if !c.Thread.Archived {
			wire.Threads = append(wire.Threads, &c.Channel)
		}
	}
	return wire
}
