package rule

import (
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule/scam"
	"guildwatch/internal/snowflake"
)

// Set is a guild's rules, compiled. It does not change and is safe for concurrent use.
type Set struct {
	guild snowflake.GuildID
	rules []compiled
	scams scam.Domains

	words, plain, names *lexicon // undisguised words, words as written, words in names
	folded, raw         *expressions

	links, invites, masked   []int // rules by what they need, so that nothing is looked for in vain
	capitals, repeated       []int
	attachments, newAccounts []int
	mentions, floods, echoes []int
}

type compiled struct {
	Rule
	deny, allow scam.Domains
	endings     []string
	codes       map[string]struct{}
}

// Problem is a rule that could not be compiled. The others work.
type Problem struct {
	Rule *Rule
	Text string // a sentence
}

// Compile makes a guild's set. Rules that are off are left out; rules with a problem too, and it is told. scams is the
// list of known scam domains.
func Compile(guild snowflake.GuildID, rules []Rule, scams scam.Domains) (*Set, []Problem) {
	s := &Set{guild: guild, scams: scams, words: newLexicon(), plain: newLexicon(), names: newLexicon()}
	var folded, raw []expression
	var problems []Problem
	for i := range rules {
		r := &rules[i]
		if r.Mode == Off {
			continue
		}
		if err := r.Check(); err != nil {
			problems = append(problems, Problem{r, err.Error()})
			continue
		}
		at := len(s.rules)
		s.rules = append(s.rules, compiled{Rule: *r})
		c := &s.rules[at]
		switch r.Kind {
		case Words:
			lexicon := s.words
			if r.Raw {
				lexicon = s.plain
			}
			for _, word := range r.Spec.Words {
				lexicon.add(at, word)
			}
		case Names:
			for _, word := range r.Spec.Words {
				s.names.add(at, word)
			}
		case Regex:
			re, err := Pattern(r.Spec.Pattern)
			if err != nil {
				problems = append(problems, Problem{r, err.Error()})
				s.rules = s.rules[:at]
				continue
			}
			if r.Raw {
				raw = append(raw, expression{at, re, &cost{}})
			} else {
				folded = append(folded, expression{at, re, &cost{}})
			}
		case Links:
			c.deny, c.allow = newDomains(r.Spec.Deny), newDomains(r.Spec.Allow)
			if r.Spec.Masked {
				s.masked = append(s.masked, at)
			}
			s.links = append(s.links, at)
		case Invites:
			c.codes = map[string]struct{}{}
			for _, code := range r.Spec.Allow {
				c.codes[code[strings.LastIndexByte(code, '/')+1:]] = struct{}{}
			}
			s.invites = append(s.invites, at)
		case Capitals:
			s.capitals = append(s.capitals, at)
		case Repeated:
			if r.Spec.Within > 0 {
				s.echoes = append(s.echoes, at)
			} else {
				s.repeated = append(s.repeated, at)
			}
		case Mentions:
			s.mentions = append(s.mentions, at)
		case Flood:
			s.floods = append(s.floods, at)
		case Attachments:
			for _, ending := range r.Spec.Endings {
				c.endings = append(c.endings, strings.ToLower(strings.Trim(ending, ". *")))
			}
			s.attachments = append(s.attachments, at)
		case NewAccount:
			s.newAccounts = append(s.newAccounts, at)
		}
	}
	s.folded, s.raw = newExpressions(folded, s.rules), newExpressions(raw, s.rules)
	return s, problems
}

// Empty says whether no rule is on: then nothing needs to be read.
func (s *Set) Empty() bool { return len(s.rules) == 0 }

// trial is one reading of one message.
type trial struct {
	*Set
	m    *Message
	hits []Hit
	text reading
	bare reading // as written
}

var trials = sync.Pool{New: func() any { return new(trial) }}

// Judge reads a message and gives the rules that it breaks, each at most once, the gravest first. memory keeps what
// rules about several messages need; nil leaves those rules out, for a trial that must not count.
func (s *Set) Judge(m *Message, memory *Memory) []Hit {
	if len(s.rules) == 0 {
		return nil
	}
	t := trials.Get().(*trial)
	t.Set, t.m, t.hits = s, m, nil
	for i := range m.Texts {
		t.read(&m.Texts[i])
	}
	t.count(memory)
	hits := t.hits
	t.Set, t.m, t.hits = nil, nil, nil
	trials.Put(t)
	slices.SortStableFunc(hits, func(a, b Hit) int { return rank(b.Rule.Severity) - rank(a.Rule.Severity) })
	return hits
}

func rank(severity moderation.Severity) int { return slices.Index(moderation.Severities(), severity) }

// hit notes a broken rule, unless the channel or the member is exempt from it, or it was noted already.
func (t *trial) hit(rule int, surface moderation.Surface, matched, read string) {
	t.note(rule, Hit{Surface: surface, Matched: clip(matched), Read: clip(read), Key: read})
}

// tell notes a rule that is broken by how much or how often.
func (t *trial) tell(rule int, surface moderation.Surface, matched, measure string) {
	t.note(rule, Hit{Surface: surface, Matched: clip(matched), Read: measure})
}

func (t *trial) note(rule int, hit Hit) {
	r := &t.rules[rule]
	if t.exempt(r) || t.noted(&r.Rule) {
		return
	}
	if hit.Read == hit.Matched {
		hit.Read = ""
	}
	hit.Rule = &r.Rule
	t.hits = append(t.hits, hit)
}

func (t *trial) exempt(r *compiled) bool {
	if slices.Contains(r.ExemptChannels, t.m.Channel) {
		return true
	}
	for _, role := range t.m.Roles {
		if slices.Contains(r.ExemptRoles, role) {
			return true
		}
	}
	return false
}

func (t *trial) noted(r *Rule) bool {
	for i := range t.hits {
		if t.hits[i].Rule == r {
			return true
		}
	}
	return false
}

// read looks at one text of the message.
func (t *trial) read(text *moderation.Text) {
	if text.Value == "" {
		return
	}
	surface := text.Surface
	r := &t.text
	r.read(text.Value)
	if surface == moderation.SurfaceName {
		t.names.search(r, func(rule, first, last int, read string) {
			t.hit(rule, surface, text.Value[r.tokens[first].from:r.tokens[last].to], read)
		})
		return
	}
	t.words.search(r, func(rule, first, last int, read string) {
		t.hit(rule, surface, text.Value[r.tokens[first].from:r.tokens[last].to], read)
	})
	if len(t.folded.all) > 0 {
		t.folded.run(string(r.folded), r.folded, func(rule, from, to int) {
			t.hit(rule, surface, r.written(from, max(to, from+1)), string(r.folded[from:to]))
		})
	}
	if len(t.links) > 0 || len(t.invites) > 0 {
		t.addresses(surface)
	}
	if !t.plain.empty() || len(t.raw.all) > 0 {
		t.asWritten(text)
	}
	if len(t.capitals) > 0 {
		share, letters := capitals(text.Value)
		for _, rule := range t.capitals {
			if spec := &t.rules[rule].Spec; letters >= spec.Letters && share > spec.Share {
				t.tell(rule, surface, text.Value, strconv.Itoa(share)+" % capitals")
			}
		}
	}
	if len(t.repeated) > 0 {
		n := repetitions(r)
		for _, rule := range t.repeated {
			if n > t.rules[rule].Spec.Most {
				t.tell(rule, surface, text.Value, strconv.Itoa(n)+" times in a row")
			}
		}
	}
	if surface == moderation.SurfaceAttachment {
		for _, rule := range t.attachments {
			if ending, ok := endings(text.Value, t.rules[rule].endings); ok {
				t.hit(rule, surface, text.Value, "."+ending)
			}
		}
	}
}

// asWritten looks for words and expressions of rules that want the text without anything undone but large letters.
func (t *trial) asWritten(text *moderation.Text) {
	small := strings.ToLower(text.Value)
	if len(t.raw.all) > 0 {
		t.raw.run(text.Value, []byte(small), func(rule, from, to int) {
			t.hit(rule, text.Surface, text.Value[from:to], text.Value[from:to])
		})
	}
	if t.plain.empty() {
		return
	}
	r := &t.bare
	r.readPlain(text.Value)
	for i := range r.tokens {
		t.plain.try(r, i, i, r.tokens[i].text, func(rule, first, last int, read string) {
			t.hit(rule, text.Surface, text.Value[r.tokens[first].from:r.tokens[last].to], read)
		})
	}
}

// addresses looks at the links of a text.
func (t *trial) addresses(surface moderation.Surface) {
	r := &t.text
	for _, l := range r.links() {
		code, invited := l.invite(r)
		known := t.scams.Has(l.host)
		for _, rule := range t.links {
			c := &t.rules[rule]
			if known && c.Spec.Scams || c.deny.Has(l.host) ||
				len(c.allow) > 0 && l.explicit && !invited && !c.allow.Has(l.host) {
				t.hit(rule, surface, r.written(l.from, l.to), l.host)
			}
		}
		if invited {
			t.invited(surface, l.from, l.to, code, l.host+l.path)
		}
	}
	if len(t.invites) > 0 {
		if from, to, ok := r.bareInvite(); ok {
			t.invited(surface, from, to, r.written(from+len(".gg/"), to), "discord"+string(r.folded[from:to]))
		}
	}
	if len(t.masked) > 0 {
		if from, to, ok := r.masked(); ok {
			for _, rule := range t.masked {
				t.hit(rule, surface, r.written(from, to), "the text shows another site than the link leads to")
			}
		}
	}
}

// invited notes an invitation with a code that is not allowed.
func (t *trial) invited(surface moderation.Surface, from, to int, code, read string) {
	for _, rule := range t.invites {
		if _, allowed := t.rules[rule].codes[code]; !allowed {
			t.hit(rule, surface, t.text.written(from, to), read)
		}
	}
}

// count looks at what is counted rather than read. Edits are no new messages.
func (t *trial) count(memory *Memory) {
	m := t.m
	for _, rule := range t.newAccounts {
		age := m.At.Sub(snowflake.Time(m.Author))
		spec := &t.rules[rule].Spec
		if age < spec.Age && m.Author != 0 && (!spec.Linked || t.linked()) {
			t.tell(rule, moderation.SurfaceContent, "", "the account is "+ageText(age)+" old")
		}
	}
	for _, rule := range t.mentions {
		spec := &t.rules[rule].Spec
		n := m.Mentions
		if m.Everyone {
			n = max(n, spec.Most+1)
		}
		if spec.Within > 0 && memory != nil && !m.Edit && n > 0 {
			n = memory.add(t.key(rule, 0), m.At, m.ID, n, spec.Most, spec.Within)
		}
		if n > spec.Most {
			t.tell(rule, moderation.SurfaceContent, "", strconv.Itoa(n)+" mentions")
		}
	}
	if memory == nil || m.Edit {
		return
	}
	for _, rule := range t.floods {
		c := &t.rules[rule]
		if t.exempt(c) {
			continue
		}
		if n := memory.add(t.key(rule, 0), m.At, m.ID, 1, c.Spec.Most, c.Spec.Within); n > c.Spec.Most {
			t.tell(rule, moderation.SurfaceContent, "", strconv.Itoa(n)+" messages in "+c.Spec.Within.String())
		}
	}
	for _, rule := range t.echoes {
		c := &t.rules[rule]
		content := t.content()
		if t.exempt(c) || content == "" {
			continue
		}
		if n := memory.add(t.key(rule, maphash.String(memory.seed, content)), m.At, m.ID, 1, c.Spec.Most, c.Spec.Within); n > c.Spec.Most {
			t.tell(rule, moderation.SurfaceContent, content, "sent "+strconv.Itoa(n)+" times in "+c.Spec.Within.String())
		}
	}
}

func (t *trial) key(rule int, text uint64) traceKey {
	return traceKey{guild: t.guild, rule: t.rules[rule].Number, user: t.m.Author, text: text}
}

// content is what the member wrote, folded, so that a changed letter makes no new message.
func (t *trial) content() string {
	for i := range t.m.Texts {
		if text := &t.m.Texts[i]; text.Surface == moderation.SurfaceContent {
			t.text.read(text.Value)
			return strings.TrimSpace(string(t.text.folded))
		}
	}
	return ""
}

func ageText(age time.Duration) string {
	switch {
	case age < time.Hour:
		return strconv.Itoa(int(age.Minutes())) + " minutes"
	case age < 48*time.Hour:
		return strconv.Itoa(int(age.Hours())) + " hours"
	}
	return strconv.Itoa(int(age.Hours()/24)) + " days"
}
