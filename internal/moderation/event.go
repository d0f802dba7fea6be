// Package moderation is the core of guildwatch: what can happen in a guild, and what follows from it. It knows no SQL,
// no HTTP, no Discord wire format and no HTML; the outside world reaches it through the events here and the ports in
// ports.go.
package moderation

import (
	"time"

	"guildwatch/internal/snowflake"
)

// Event is something that happened in Discord, translated once at the edge. The set is closed: the types below.
type Event interface{ Where() Origin }

// Origin is where and when an event happened.
type Origin struct {
	Guild snowflake.GuildID // 0 when it concerns no guild
	At    time.Time         // UTC; when Discord made it if it says so, else when it arrived
}

// Where makes every struct that embeds an Origin an Event.
func (o Origin) Where() Origin { return o }

// User is a Discord user as far as pages show one.
type User struct {
	ID     snowflake.UserID
	Name   string // the unique user name
	Global string // the display name; may be empty
	Avatar string // Discord's hash; may be empty
	Bot    bool
}

// Display is the name to show: the display name, else the user name.
func (u User) Display() string {
	if u.Global != "" {
		return u.Global
	}
	return u.Name
}

// Member is a user in a guild.
type Member struct {
	User
	Nick         string
	Roles        []snowflake.RoleID
	JoinedAt     time.Time
	TimeoutUntil time.Time // zero: not timed out
	Pending      bool      // has not passed membership screening
}

// Surface names a place where members can write.
type Surface string

// The surfaces that rules read.
const (
	SurfaceContent    Surface = "content"
	SurfaceForward    Surface = "forward"
	SurfaceEmbed      Surface = "embed"
	SurfacePoll       Surface = "poll"
	SurfaceAttachment Surface = "attachment"
	SurfaceSticker    Surface = "sticker"
	SurfaceComponent  Surface = "component"
	SurfaceThread     Surface = "thread"
	SurfaceName       Surface = "name" // what a member is called in the guild and on Discord
)

// Text is what stood on one surface of a message, as the member wrote it.
type Text struct {
	Surface Surface
	Value   string
}

// The events.
type (
	// MessagePosted is a new message, an edit of one, or what Discord has added to one.
	MessagePosted struct {
		Origin
		Message  snowflake.MessageID
		Channel  snowflake.ChannelID
		Author   Member
		Webhook  snowflake.WebhookID // not 0: posted by a webhook, Author is no member
		Edit     bool
		Unfurl   bool // Discord has looked up a link: Texts are the embeds alone. It is no message and no edit
		Late     bool // read back after a gap: counted as any other, but too late to punish for
		Texts    []Text
		Mentions int // users and roles mentioned
		Everyone bool
	}
	// ThreadTitled is a thread or forum post that was opened or renamed.
	ThreadTitled struct {
		Origin
		Thread snowflake.ChannelID
		Owner  snowflake.UserID // who opened it; who may rename it but moderators
		Title  string
	}
	// MessagesDeleted is one or more messages gone from a channel.
	MessagesDeleted struct {
		Origin
		Channel  snowflake.ChannelID
		Messages []snowflake.MessageID
	}
	// MemberJoined is a user who came to a guild.
	MemberJoined struct {
		Origin
		Member Member
	}
	// MemberLeft is a user who left a guild, was kicked or banned.
	MemberLeft struct {
		Origin
		User User
	}
	// MemberLost is a user who was kicked or banned, where Discord does not tell who leaves: no leave is counted, so that
	// the numbers do not show those alone who were thrown out.
	MemberLost struct {
		Origin
		User snowflake.UserID
	}
	// MemberChanged is a member whose name, roles or timeout changed.
	MemberChanged struct {
		Origin
		Member Member
	}
	// MembersListed is a part of a guild's members, as Discord sends them at the start.
	MembersListed struct {
		Origin
		Members []Member
	}
	// MembersComplete is a guild's whole list of members, after its parts: who is not on it is not in the guild.
	MembersComplete struct {
		Origin
		Members []snowflake.UserID // in ascending order
	}
	// GuildSeen is a guild that the bot is in, at the start, after an outage, or after a change. Joined is true when
	// the bot has just been added. Roles and Channels are all that the guild has; nil says nothing about them.
	GuildSeen struct {
		Origin
		Profile  Guild
		Joined   bool
		Roles    []DiscordRole
		Channels []Channel
	}
	// RoleSeen is a Discord role that was made or changed; Deleted, one that is gone, of which only the id is known.
	RoleSeen struct {
		Origin
		Role    DiscordRole
		Deleted bool
	}
	// ChannelSeen is a channel that was made or changed; Deleted, one that is gone.
	ChannelSeen struct {
		Origin
		Channel Channel
		Deleted bool
	}
	// GuildLost is a guild that removed the bot, or (Outage) one that Discord cannot reach now.
	GuildLost struct {
		Origin
		Outage bool
	}
	// AuditEntry is an action that a moderator or a bot took in Discord, as the guild's audit log has it. Own: that bot
	// is guildwatch's own, so what was planned here is told a second time.
	AuditEntry struct {
		Origin
		Entry snowflake.EntryID
		Own   bool
		Action
	}
	// AutoModExecution is one action of a native AutoMod rule; one hit arrives once for each action of the rule.
	AutoModExecution struct {
		Origin
		Rule     snowflake.RuleID
		Trigger  Trigger
		User     snowflake.UserID
		Channel  snowflake.ChannelID // 0 where Discord gives none
		Message  snowflake.MessageID // 0 when the message was blocked
		Keyword  string
		Content  string
		Did      ActionKind // ActionDelete for a block, ActionTimeout, ActionNote for an alert
		Duration time.Duration
	}
	// NativeRuleSeen is a native AutoMod rule that was made or changed; Deleted, one that is gone.
	NativeRuleSeen struct {
		Origin
		Rule    snowflake.RuleID
		Name    string
		Trigger Trigger
		Enabled bool
		Deleted bool
		Spec    *NativeSpec // nil: not told
		Live    bool        // told as it happened, not found by looking
	}
	// NativeRulesListed is a guild's whole list of native rules, as of the moment it was asked for: what is not on it and
	// was last heard of before is gone. Each that is on it is told by itself.
	NativeRulesListed struct {
		Origin
		Rules []snowflake.RuleID
	}
	// CommandRun is one use of a slash command, recorded after it was answered.
	CommandRun struct {
		Origin
		Interaction snowflake.InteractionID
		Command     string
		User        User
		Channel     snowflake.ChannelID
		OK          bool
		Took        time.Duration
	}
	// LatencyMeasured is one heartbeat answered by Discord's gateway.
	LatencyMeasured struct {
		Origin
		Latency time.Duration
	}
)

// Guild is a server as the bot sees it.
type Guild struct {
	ID          snowflake.GuildID
	Name        string
	Icon        string // Discord's hash; may be empty
	Owner       snowflake.UserID
	Members     int
	JoinedAt    time.Time   // when the bot came
	Permissions Permissions // the bot's own, in the guild
}

// DiscordRole is a role of a guild in Discord. It is not a role on the dashboard, but one may follow from it.
type DiscordRole struct {
	ID          snowflake.RoleID // that of @everyone is the guild's
	Name        string
	Color       int // 0xRRGGBB; 0: none
	Position    int // a higher one outranks
	Permissions Permissions
	Managed     bool // belongs to a bot or an integration: nobody can be given it
}

// ChannelKind is Discord's number for what a channel is.
type ChannelKind int

// The kinds that guildwatch tells apart.
const (
	ChannelText          ChannelKind = 0
	ChannelCategory      ChannelKind = 4
	ChannelAnnouncements ChannelKind = 5
)

// Channel is a place in a guild; threads are not kept.
type Channel struct {
	ID       snowflake.ChannelID
	Parent   snowflake.ChannelID // the category; 0: none
	Name     string
	Kind     ChannelKind
	Position int
}

// Permissions is Discord's bit set.
type Permissions int64

// The permissions that guildwatch asks for or speaks of.
const (
	PermKickMembers     Permissions = 1 << 1
	PermBanMembers      Permissions = 1 << 2
	PermAdministrator   Permissions = 1 << 3
	PermManageChannels  Permissions = 1 << 4
	PermManageGuild     Permissions = 1 << 5
	PermViewAuditLog    Permissions = 1 << 7
	PermViewChannel     Permissions = 1 << 10
	PermSendMessages    Permissions = 1 << 11
	PermManageMessages  Permissions = 1 << 13
	PermReadHistory     Permissions = 1 << 16
	PermManageRoles     Permissions = 1 << 28
	PermModerateMembers Permissions = 1 << 40
)

// Has says whether all of want is there; an administrator has everything.
func (p Permissions) Has(want Permissions) bool { return p&PermAdministrator != 0 || p&want == want }
