package rule

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

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

// Check says what is wrong with a rule, every problem a sentence of its own; nil when it can be saved.
func (r *Rule) Check() error {
	var wrong []error
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if n := utf8.RuneCountInString(strings.TrimSpace(r.Name)); n == 0 || n > nameLength {
		say("Give the rule a name of 1 to %d characters.", nameLength)
	}
	if !slices.Contains(moderation.Severities(), r.Severity) {
		say("Choose how severe a violation is: low, medium, high or critical.")
	}
	if r.Mode != Enforce && r.Mode != Shadow && r.Mode != Off {
		say("Choose whether the rule is enforced, in shadow mode, or off.")
	}
	if !slices.Contains(Responses(), r.Respond) {
		say("Choose what follows for the member.")
	}
	if r.Respond == RespondTimeout && (r.Timeout < time.Minute || r.Timeout > mostTimeout) {
		say("A timeout takes from one minute to 28 days.")
	}
	if err := r.Spec.check(r.Kind); err != nil {
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}

func (s *Spec) check(kind Kind) error {
	switch kind {
	case Words, Names:
		return checkWords(s.Words)
	case Regex:
		re, err := Pattern(s.Pattern)
		if err != nil {
			return fmt.Errorf("This regular expression cannot be used: %w.", err)
		}
		_ = re
		return nil
	case Links:
		if len(s.Deny) == 0 && len(s.Allow) == 0 && !s.Scams && !s.Masked {
			return errors.New("Say which links the rule looks for: denied domains, allowed ones, known scams, or masked links.")
		}
		return errors.Join(checkDomains(s.Deny), checkDomains(s.Allow))
	case Invites, NewAccount:
		if kind == NewAccount && (s.Age < time.Hour || s.Age > 366*24*time.Hour) {
			return errors.New("An account counts as new for one hour to one year.")
		}
		return nil
	case Mentions, Repeated:
		return s.checkCount(0)
	case Flood:
		return s.checkCount(time.Second)
	case Capitals:
		if s.Share < 1 || s.Share > 99 || s.Letters < 1 {
			return errors.New("Say from how many letters on, and above which share from 1 to 99 %, capitals are too many.")
		}
		return nil
	case Attachments:
		if len(s.Endings) == 0 {
			return errors.New("Name at least one file ending, for example exe.")
		}
		return nil
	}
	return errors.New("Choose what the rule looks for.")
}

func (s *Spec) checkCount(shortest time.Duration) error {
	if s.Most < 1 || s.Most > mostCount {
		return fmt.Errorf("Say how many are still fine: 1 to %d.", mostCount)
	}
	if s.Within < shortest || s.Within > mostWithin {
		return errors.New("Say within how long they are counted: at most one hour.")
	}
	return nil
}

func checkWords(words []string) error {
	if len(words) == 0 || len(words) > mostWords {
		return fmt.Errorf("List 1 to %d words or phrases, one to a line.", mostWords)
	}
	for _, word := range words {
		if utf8.RuneCountInString(word) > wordLength {
			return fmt.Errorf("The word %.40q… is longer than %d characters.", word, wordLength)
		}
		if !newLexicon().add(0, word) {
			return fmt.Errorf("In %.40q there is no letter or digit to look for.", word)
		}
	}
	return nil
}

func checkDomains(list []string) error {
	if len(list) > mostDomains {
		return fmt.Errorf("List at most %d domains.", mostDomains)
	}
	for _, name := range list {
		if !registered(domainOf(name)) {
			return fmt.Errorf("%.60q is no domain. Write one like example.org; all names below it are meant too.", name)
		}
	}
	return nil
}
