package moderation

import (
	"time"

	"guildwatch/internal/snowflake"
)

// NoticeKind is what is to be said in Discord.
type NoticeKind string

// The kinds of notices.
const (
	NoticeAction NoticeKind = "action" // to a member: what was done about them, with a button to appeal
	NoticeAnswer NoticeKind = "answer" // to a member: how their appeal was decided
	NoticeThread NoticeKind = "thread" // to moderators: an appeal, in a thread of its own
)

// NoticeState is what became of a notice.
type NoticeState string

// The states of a notice.
const (
	NoticeDue     NoticeState = "due"
	NoticeSaid    NoticeState = "said"
	NoticeRefused NoticeState = "refused" // Discord would refuse again: the member takes no messages
	NoticeLate    NoticeState = "late"    // it was not said in time, and is no news any more
)

// Notice is what is, or was, to be said about an action or an appeal: at most one message for each.
type Notice struct {
	Guild    snowflake.GuildID
	Kind     NoticeKind
	Ref      int64 // the action's id, or the appeal's number
	User     snowflake.UserID
	State    NoticeState
	At       time.Time // when it was planned; once it is settled, when that was
	Attempts int
	Place    Place  // where it was said
	Problem  string // why not, in words
}

// Place is where a message stands in Discord.
type Place struct {
	Channel snowflake.ChannelID
	Message snowflake.MessageID
}

// Letter is a message of guildwatch's in Discord. It mentions nobody, whatever it says.
type Letter struct {
	Text    string // at most 2000 characters; text of users in it must be inert
	Buttons []LetterButton
	Nonce   string // Discord writes two letters with the same one within minutes once; at most 25 characters
}

// LetterButton is a button below a letter: one that opens an address, or that guildwatch is told of.
type LetterButton struct {
	Label string // at most 80 characters
	URL   string // http or https; empty: guildwatch is told
	ID    string // what it is told: at most 100 characters
	Tone  ButtonTone
}

// ButtonTone is how a button looks, by Discord's number.
type ButtonTone int

// The tones of buttons that are no links.
const (
	ButtonPlain ButtonTone = 2
	ButtonGood  ButtonTone = 3
	ButtonBad   ButtonTone = 4
)
