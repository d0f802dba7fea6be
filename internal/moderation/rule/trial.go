package rule

import (
	"regexp"
	"strings"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// Sample is a message that nobody has sent, to see what the rules say of it.
type Sample struct {
	Text    string
	Surface moderation.Surface
	Channel snowflake.ChannelID // 0: one that no rule exempts
	Age     time.Duration       // of the writer's account
}

// Verdict is what the rules say of a sample. Nothing was counted and nothing was done.
type Verdict struct {
	Read     string // the text with its disguises undone: what rules read unless they want it as written
	Hits     []Hit  // the gravest first
	Decides  *Rule  // the one whose response follows: the gravest that is enforced; nil: none is
	Delete   bool   // the message would be taken away
	Untested []Rule // those that count several messages, of which one alone says nothing
}

// mention is how a client writes a member or a role, or a name as it is pasted from one.
var mention = regexp.MustCompile(`<@[!&]?\d+>|(?:^|[\s(])@[\pL\d_]`)

// Try reads a sample at a moment.
func (s *Set) Try(sample Sample, now time.Time) Verdict {
	everyone := strings.Contains(sample.Text, "@everyone") || strings.Contains(sample.Text, "@here")
	m := &Message{Channel: sample.Channel, Author: snowflake.At[snowflake.UserID](now.Add(-sample.Age), 0), At: now,
		Texts:    []moderation.Text{{Surface: sample.Surface, Value: sample.Text}},
		Mentions: len(mention.FindAllString(sample.Text, -1)), Everyone: everyone}
	var r reading
	r.read(sample.Text)
	v := Verdict{Read: string(r.folded), Hits: s.Judge(m, nil)}
	for i := range v.Hits {
		if rule := v.Hits[i].Rule; rule.Mode == Enforce {
			v.Delete = v.Delete || rule.Delete && v.Hits[i].Surface != moderation.SurfaceName
			if v.Decides == nil {
				v.Decides = rule
			}
		}
	}
	for _, list := range [][]int{s.floods, s.echoes} {
		for _, i := range list {
			v.Untested = append(v.Untested, s.rules[i].Rule)
		}
	}
	return v
}
