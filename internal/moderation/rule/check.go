package rule

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
)

// The limits of a rule.
const (
	nameLength  = 80
	mostWords   = 5000
	wordLength  = 100
	mostDomains = 5000
	mostTimeout = 28 * 24 * time.Hour // Discord's own
	mostWithin  = time.Hour
	mostCount   = memoryMarks - 4 // more is not remembered
)

// Field names a part of a rule that can be wrong.
type Field string

// The fields.
const (
	FieldName     Field = "name"
	FieldKind     Field = "kind"
	FieldSeverity Field = "severity"
	FieldMode     Field = "mode"
	FieldRespond  Field = "respond"
	FieldTimeout  Field = "timeout"
	FieldWords    Field = "words"
	FieldPattern  Field = "pattern"
	FieldDeny     Field = "deny"
	FieldAllow    Field = "allow"
	FieldMost     Field = "most"
	FieldWithin   Field = "within"
	FieldShare    Field = "share"
	FieldEndings  Field = "endings"
	FieldAge      Field = "age"
)

// Flaw is one thing that is wrong with a rule.
type Flaw struct {
	Field Field
	Text  string // a sentence
}

// Check says what is wrong with a rule, every flaw a sentence of its own; nil when it can be saved.
func (r *Rule) Check() error {
	var wrong []error
	for _, flaw := range r.Flaws() {
		wrong = append(wrong, errors.New(flaw.Text))
	}
	return errors.Join(wrong...)
}

// Flaws lists what is wrong with a rule, by its fields in the order of the editor; none when it can be saved.
func (r *Rule) Flaws() []Flaw {
	var f flaws
	if n := utf8.RuneCountInString(strings.TrimSpace(r.Name)); n == 0 || n > nameLength {
		f.say(FieldName, "Give the rule a name of 1 to %d characters.", nameLength)
	}
	if !slices.Contains(moderation.Severities(), r.Severity) {
		f.say(FieldSeverity, "Choose how severe a violation is: low, medium, high or critical.")
	}
	if r.Mode != Enforce && r.Mode != Shadow && r.Mode != Off {
		f.say(FieldMode, "Choose whether the rule is enforced, in shadow mode, or off.")
	}
	if !slices.Contains(Responses(), r.Respond) {
		f.say(FieldRespond, "Choose what follows for the member.")
	}
	if r.Respond == RespondTimeout && (r.Timeout < time.Minute || r.Timeout > mostTimeout) {
		f.say(FieldTimeout, "A timeout takes from one minute to 28 days.")
	}
	f.spec(&r.Spec, r.Kind)
	return f
}

type flaws []Flaw

func (f *flaws) say(field Field, format string, args ...any) {
	*f = append(*f, Flaw{field, fmt.Sprintf(format, args...)})
}

func (f *flaws) add(field Field, err error) {
	if err != nil {
		f.say(field, "%s", err)
	}
}

func (f *flaws) spec(s *Spec, kind Kind) {
	switch kind {
	case Words, Names:
		f.add(FieldWords, checkWords(s.Words))
	case Regex:
		if _, err := Pattern(s.Pattern); err != nil {
			f.say(FieldPattern, "This regular expression cannot be used: %s.", err)
		}
	case Links:
		if len(s.Deny) == 0 && len(s.Allow) == 0 && !s.Scams && !s.Masked {
			f.say(FieldDeny, "Say which links the rule looks for: denied domains, allowed ones, known scams, or masked links.")
		}
		f.add(FieldDeny, checkDomains(s.Deny))
		f.add(FieldAllow, checkDomains(s.Allow))
	case Invites:
	case NewAccount:
		if s.Age < time.Hour || s.Age > 366*24*time.Hour {
			f.say(FieldAge, "An account counts as new for one hour to one year.")
		}
	case Mentions, Repeated:
		f.count(s, 0)
	case Flood:
		f.count(s, time.Second)
	case Capitals:
		if s.Share < 1 || s.Share > 99 || s.Letters < 1 {
			f.say(FieldShare, "Say from how many letters on, and above which share from 1 to 99 %%, capitals are too many.")
		}
	case Attachments:
		if len(s.Endings) == 0 {
			f.say(FieldEndings, "Name at least one file ending, for example exe.")
		}
	default:
		f.say(FieldKind, "Choose what the rule looks for.")
	}
}

func (f *flaws) count(s *Spec, shortest time.Duration) {
	if s.Most < 1 || s.Most > mostCount {
		f.say(FieldMost, "Say how many are still fine: 1 to %d.", mostCount)
	}
	if s.Within < shortest || s.Within > mostWithin {
		f.say(FieldWithin, "Say within how long they are counted: at most one hour.")
	}
}

func checkWords(words []string) error {
	if len(words) == 0 || len(words) > mostWords {
		return fault.New(fault.Invalid, "List 1 to %d words or phrases, one to a line.", mostWords)
	}
	for _, word := range words {
		if utf8.RuneCountInString(word) > wordLength {
			return fault.New(fault.Invalid, "The word %.40q… is longer than %d characters.", word, wordLength)
		}
		if !newLexicon().add(0, word) {
			return fault.New(fault.Invalid, "In %.40q there is no letter or digit to look for.", word)
		}
	}
	return nil
}

func checkDomains(list []string) error {
	if len(list) > mostDomains {
		return fault.New(fault.Invalid, "List at most %d domains.", mostDomains)
	}
	for _, name := range list {
		if !registered(domainOf(name)) {
			return fault.New(fault.Invalid, "%.60q is no domain. Write one like example.org; all names below it are meant too.", name)
		}
	}
	return nil
}
