package notify

import (
	"context"
	"strings"
	"time"

	"guildwatch/internal/snowflake"
)

// Message is what is told, in parts, so that each channel dresses it its own way. Text of users in it is text: no
// channel reads it as markup, and nobody is mentioned by it.
type Message struct {
	ID    string // the same on every attempt, so that a receiver can tell a repetition
	Type  string // what it is about, for programs: "report.daily", "test"
	At    time.Time
	Guild snowflake.GuildID
	Name  string // of the guild
	Title string // one line
	Lines []string
	Facts []Fact
	Link  string // to the page with more; empty: there is none
	Data  any    // the same for programs, as JSON; nil: there is none
	Files []File
}

// Fact is a figure with its name.
type Fact struct{ Name, Value string }

// File goes along with a message.
type File struct {
	Name string // without a directory
	Type string // "text/csv; charset=utf-8"
	Body []byte
}

// Outcome is what became of one attempt to tell something.
type Outcome struct {
	Sent   bool
	Detail string        // a sentence for people, without the address; empty when all is well
	Again  time.Duration // ask again after so long; 0: asking again is pointless, or the courier decides
	Final  bool          // asking again is pointless
	Gone   bool          // there is nothing at the address any more: nothing further is sent there
}

// channel is one way to tell something: the address is as it was given.
type channel interface {
	tell(ctx context.Context, address Address, m *Message) Outcome
}

// fromAnswer reads what a webhook answered.
func fromAnswer(a answer, err error) Outcome {
	switch {
	case err != nil:
		return Outcome{Detail: sentence(err)}
	case a.status >= 200 && a.status < 300:
		return Outcome{Sent: true}
	case a.status == 404 || a.status == 410:
		return Outcome{Detail: "There is nothing at this address any more.", Final: true, Gone: true}
	case a.status == 429:
		return Outcome{Detail: "Too much was sent there at once.", Again: a.again}
	case a.status >= 300 && a.status < 400:
		return Outcome{Detail: "The address leads on to another one. Enter that one: redirects are not followed.", Final: true}
	case a.status == 401 || a.status == 403:
		return Outcome{Detail: "The other side does not let guildwatch in.", Final: true}
	case a.status >= 400 && a.status < 500 && a.status != 408 && a.status != 425:
		return Outcome{Detail: "The other side does not take the message: it answered " + status(a.status) + ".", Final: true}
	}
	return Outcome{Detail: "The other side answered " + status(a.status) + ".", Again: a.again}
}

// text is the message without its facts' columns: for programs that show it, and for mail.
func (m *Message) text() string {
	lines := append([]string(nil), m.Lines...)
	if len(m.Facts) > 0 && len(lines) > 0 {
		lines = append(lines, "")
	}
	for _, fact := range m.Facts {
		lines = append(lines, fact.Name+": "+fact.Value)
	}
	return strings.Join(lines, "\n")
}
