// Package rule finds what members may not write, send or be called. A guild's rules are compiled once into a Set, which
// reads each message once and says which rules it breaks, and by what. Nothing here knows who is punished, or how: it
// is pure but for Memory, in which a Set remembers what it needs to see floods.
package rule

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// Kind is what a rule looks for.
type Kind string

// The kinds of rule.
const (
	Words       Kind = "words"       // words and phrases
	Regex       Kind = "regex"       // one regular expression
	Links       Kind = "links"       // domains: denied, allowed, known scams, masked links
	Invites     Kind = "invites"     // invitations to other servers
	Mentions    Kind = "mentions"    // too many people mentioned, in one message or in a while
	Capitals    Kind = "capitals"    // shouting
	Repeated    Kind = "repeated"    // the same over and over, within one message or across several
	Flood       Kind = "flood"       // too many messages in a while
	Attachments Kind = "attachments" // files by their ending
	NewAccount  Kind = "new_account" // accounts made a short while ago
	Names       Kind = "names"       // words in nicknames and names
)

// Kinds lists every kind in the order of the editor.
func Kinds() []Kind {
	return []Kind{Words, Regex, Links, Invites, Mentions, Capitals, Repeated, Flood, Attachments, NewAccount, Names}
}

// Mode says whether a rule acts.
type Mode string

// The modes.
const (
	Enforce Mode = "enforce"
	Shadow  Mode = "shadow" // records what it would have done, and does nothing
	Off     Mode = "off"
)

// Response is what follows for the member.
type Response string

// The responses.
const (
	RespondLadder  Response = "ladder" // the guild's next step for this member
	RespondNothing Response = "nothing"
	RespondWarn    Response = "warn"
	RespondTimeout Response = "timeout"
	RespondKick    Response = "kick"
	RespondBan     Response = "ban"
)

// Responses lists every response, mildest first, the ladder before them.
func Responses() []Response {
	return []Response{RespondLadder, RespondNothing, RespondWarn, RespondTimeout, RespondKick, RespondBan}
}

// Rule is one rule of a guild, as it is saved.
type Rule struct {
	Number   int64 // within the guild, from 1; never given twice
	Version  int64 // from 1; each saved change makes the next
	Name     string
	Kind     Kind
	Mode     Mode
	Severity moderation.Severity
	Respond  Response
	Timeout  time.Duration // of RespondTimeout, at most 28 days
	Delete   bool          // take the message away as well
	Raw      bool          // read the text as written, without undoing disguises

	ExemptChannels []snowflake.ChannelID
	ExemptRoles    []snowflake.RoleID // of Discord

	Spec Spec
}

// Spec is what a rule looks for: each kind reads its own fields and ignores the others.
type Spec struct {
	Words []string `json:"words,omitempty"` // Words, Names: words and phrases; a star at an end stands for any letters

	Pattern string `json:"pattern,omitempty"` // Regex: RE2, at most 256 characters

	Deny   []string `json:"deny,omitempty"`   // Links: domains, with all below them
	Allow  []string `json:"allow,omitempty"`  // Links: the only domains allowed, if there are any; Invites: codes allowed
	Scams  bool     `json:"scams,omitempty"`  // Links: the list of known scam domains
	Masked bool     `json:"masked,omitempty"` // Links: a link whose text shows another domain than it leads to

	Most   int           `json:"most,omitempty"`   // Mentions, Flood, Repeated: how many are still fine
	Within time.Duration `json:"within,omitempty"` // Mentions, Flood, Repeated: in how long; 0: within one message

	Share   int `json:"share,omitempty"`   // Capitals: percent of the letters that are still fine
	Letters int `json:"letters,omitempty"` // Capitals: shorter texts are fine

	Endings []string      `json:"endings,omitempty"` // Attachments: "exe", "scr"
	Age     time.Duration `json:"age,omitempty"`     // NewAccount: younger ones break the rule
	Linked  bool          `json:"linked,omitempty"`  // NewAccount: only with messages that have a link in them
}

// Message is what a Set reads.
type Message struct {
	ID       snowflake.MessageID
	Channel  snowflake.ChannelID
	Author   snowflake.UserID
	Roles    []snowflake.RoleID
	Texts    []moderation.Text
	Mentions int
	Everyone bool
	At       time.Time
	Edit     bool // it is not counted again
}

// Hit is one rule that was broken, and by what.
type Hit struct {
	Rule    *Rule
	Surface moderation.Surface
	Matched string // as the member wrote it, at most 100 characters
	Read    string // as the rule read it, where that differs; or what was counted: "7 messages in 10s"
	Key     string // what was matched, undisguised; the same again for the same match. Empty for what is counted
}
