// Package snowflake holds the typed identifiers that Discord gives to everything: a guild, a user, a message. Each kind
// is its own Go type, so that a channel can never be passed where a guild is meant.
package snowflake

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// epoch is 2015-01-01T00:00:00Z in Unix milliseconds: the zero of every Discord identifier's clock.
const epoch = 1420070400000

// The identifier types. Zero means "none". In JSON they are strings, because JavaScript cannot hold 64-bit integers.
type (
	// GuildID names a guild (a Discord server).
	GuildID int64
	// UserID names a user, whether member of a guild or not.
	UserID int64
	// ChannelID names a channel or a thread.
	ChannelID int64
	// MessageID names a message.
	MessageID int64
	// RoleID names a Discord role of a guild, never a role of the dashboard.
	RoleID int64
	// ApplicationID names a Discord application; a bot belongs to one.
	ApplicationID int64
	// InteractionID names one use of a command or a component.
	InteractionID int64
	// RuleID names a native AutoMod rule.
	RuleID int64
	// EntryID names an entry of a guild's audit log.
	EntryID int64
	// WebhookID names a webhook.
	WebhookID int64
	// CommandID names a registered application command.
	CommandID int64
)

// ID is any identifier type of this package.
type ID interface {
	GuildID | UserID | ChannelID | MessageID | RoleID | ApplicationID | InteractionID | RuleID | EntryID | WebhookID | CommandID
}

// Parse reads a decimal identifier as Discord writes it. Empty, signed, zero-padded, zero and overlong texts are
// errors.
func Parse[T ID](text string) (T, error) {
	if text == "" || text[0] < '1' || text[0] > '9' {
		return 0, fmt.Errorf("snowflake: %.30q is not an id: want 1 to 19 digits", text)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("snowflake: %.30q is not an id: want 1 to 19 digits", text)
	}
	return T(n), nil
}

// String writes id as Discord does, in decimal.
func String[T ID](id T) string { return strconv.FormatInt(int64(id), 10) }

// Time is the moment at which Discord made id, in UTC with millisecond precision.
func Time[T ID](id T) time.Time { return time.UnixMilli(int64(id)>>22 + epoch).UTC() }

// At is the smallest identifier that Discord could make at t, plus n (0 to 4194303) within that millisecond.
func At[T ID](t time.Time, n int64) T { return T((t.UnixMilli()-epoch)<<22 | n&(1<<22-1)) }

// Tail is the last six digits of id: how a member who no longer exists is told from others.
func Tail[T ID](id T) string { return fmt.Sprintf("%06d", int64(id)%1_000_000) }

func decode[T ID](id *T, data []byte) error {
	if string(data) == "null" {
		*id = 0
		return nil
	}
	var text string
	if len(data) > 0 && data[0] == '"' {
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
	} else {
		text = string(data)
	}
	if text == "" || text == "0" {
		*id = 0
		return nil
	}
	parsed, err := Parse[T](text)
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

func encode[T ID](id T) []byte { return append(strconv.AppendInt([]byte{'"'}, int64(id), 10), '"') }
