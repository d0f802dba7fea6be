package discordsim

import (
	"encoding/json"
	"strconv"
	"time"

	"guildwatch/internal/snowflake"
)

// Text is a string that Discord writes as null when it is empty.
type Text string

// MarshalJSON writes null for the empty text.
func (t Text) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(t))
}

// User is an account. In AddUser, ID and Discriminator may be left out.
type User struct {
	ID            snowflake.UserID `json:"id"`
	Username      string           `json:"username"`
	Discriminator string           `json:"discriminator"`
	GlobalName    Text             `json:"global_name"`
	Avatar        Text             `json:"avatar"`
	Bot           bool             `json:"bot,omitempty"`
	PublicFlags   int              `json:"public_flags"`
	ClosedDMs     bool             `json:"-"` // direct messages from the bot are refused with 50007
}

// Member is a user's place in a guild.
type Member struct {
	User         *User              `json:"user,omitempty"`
	Nick         Text               `json:"nick"`
	Avatar       Text               `json:"avatar"`
	Roles        []snowflake.RoleID `json:"roles"`
	JoinedAt     time.Time          `json:"joined_at"`
	TimeoutUntil *time.Time         `json:"communication_disabled_until"`
	Deaf         bool               `json:"deaf"`
	Mute         bool               `json:"mute"`
	Pending      bool               `json:"pending"`
	Flags        int                `json:"flags"`

	authorJSON, memberJSON []byte // as messages carry them; nil after a change
}

// Role is a role of a guild. Position 0 is @everyone, whose id is the guild's.
type Role struct {
	ID          snowflake.RoleID `json:"id"`
	Name        string           `json:"name"`
	Color       int              `json:"color"`
	Hoist       bool             `json:"hoist"`
	Position    int              `json:"position"`
	Permissions Permissions      `json:"permissions"`
	Managed     bool             `json:"managed"`
	Mentionable bool             `json:"mentionable"`
	Flags       int              `json:"flags"`
	Tags        *RoleTags        `json:"tags,omitempty"`
}

// RoleTags say that a role belongs to a bot.
type RoleTags struct {
	BotID snowflake.UserID `json:"bot_id"`
}

// Overwrite changes what a role (Type 0) or a member (Type 1) may do in one channel.
type Overwrite struct {
	ID    int64       `json:"id,string"`
	Type  int         `json:"type"`
	Allow Permissions `json:"allow"`
	Deny  Permissions `json:"deny"`
}

// Kinds of channels.
const (
	ChannelText          = 0
	ChannelDM            = 1
	ChannelVoice         = 2
	ChannelCategory      = 4
	ChannelNews          = 5
	ChannelPublicThread  = 11
	ChannelPrivateThread = 12
	ChannelForum         = 15
)

// Channel is a channel, a thread or a direct conversation.
type Channel struct {
	ID               snowflake.ChannelID `json:"id"`
	Type             int                 `json:"type"`
	GuildID          snowflake.GuildID   `json:"guild_id,omitempty"`
	Name             string              `json:"name,omitempty"`
	Topic            Text                `json:"topic"`
	Position         int                 `json:"position"`
	ParentID         snowflake.ChannelID `json:"parent_id,omitempty"`
	NSFW             bool                `json:"nsfw"`
	RateLimitPerUser int                 `json:"rate_limit_per_user"`
	LastMessageID    snowflake.MessageID `json:"last_message_id,omitempty"`
	Overwrites       []Overwrite         `json:"permission_overwrites"`
	Flags            int                 `json:"flags"`
	OwnerID          snowflake.UserID    `json:"owner_id,omitempty"`
	Recipients       []*User             `json:"recipients,omitempty"`
	Thread           *ThreadState        `json:"thread_metadata,omitempty"`
	MessageCount     int                 `json:"message_count,omitempty"`
	AppliedTags      []string            `json:"applied_tags,omitempty"`
}

// ThreadState is what only threads have.
type ThreadState struct {
	Archived            bool      `json:"archived"`
	AutoArchiveDuration int       `json:"auto_archive_duration"`
	ArchiveTimestamp    time.Time `json:"archive_timestamp"`
	Locked              bool      `json:"locked"`
	Invitable           bool      `json:"invitable"`
}

// Incidents are the switches and findings of a raid, as Discord keeps them for a guild.
type Incidents struct {
	InvitesDisabledUntil *time.Time `json:"invites_disabled_until"`
	DMsDisabledUntil     *time.Time `json:"dms_disabled_until"`
	RaidDetectedAt       *time.Time `json:"raid_detected_at,omitempty"`
	DMSpamDetectedAt     *time.Time `json:"dm_spam_detected_at,omitempty"`
}

// Guild is what AddGuild makes a guild from. The role @everyone, the bot's own role above all others and the bot's
// membership come by themselves; ids that are zero are made up.
type Guild struct {
	ID                snowflake.GuildID
	Name              string
	Icon              string
	OwnerID           snowflake.UserID // the application's owner when zero
	Roles             []Role           // from the bottom up
	Channels          []Channel
	Members           []Member    // beside the bot and the owner
	Everyone          Permissions // of @everyone; PermissionsEveryone when zero
	BotPermissions    Permissions // of the bot's role; PermissionsModerator when zero
	BotBelow          int         // how many of Roles lie above the bot's role
	VerificationLevel int
	JoinedAt          time.Time // when the bot came; now when zero
	Locale            string    // "en-US" when empty
}

// Permissions are Discord's permission bits; in JSON a string of digits.
type Permissions uint64

// MarshalJSON writes the bits as a decimal string.
func (p Permissions) MarshalJSON() ([]byte, error) {
	return append(strconv.AppendUint([]byte{'"'}, uint64(p), 10), '"'), nil
}

// UnmarshalJSON reads a decimal string or number.
func (p *Permissions) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	text := string(data)
	if unquoted, err := strconv.Unquote(text); err == nil {
		text = unquoted
	}
	bits, err := strconv.ParseUint(text, 10, 64)
	*p = Permissions(bits)
	return err
}
