// Package native is what guildwatch knows of Discord's own AutoMod: what Discord takes of a rule, what a rule would find
// in a text, what of a rule of guildwatch's own can be carried over, and how somebody changes one without undoing what
// somebody else did meanwhile.
package native

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"guildwatch/internal/moderation"
)

// Discord's limits of a rule, in characters and entries.
const (
	nameLength    = 100
	mostKeywords  = 1000
	keywordLength = 60
	mostPatterns  = 10
	patternLength = 260
	mostAllowed   = 100  // of keywords
	mostSpared    = 1000 // of Discord's word lists
	mostMentions  = 50
	messageLength = 150
	mostTimeout   = 28 * 24 * time.Hour
	mostRoles     = 20
	mostChannels  = 50
)

// Limit is how full something is.
type Limit struct {
	Name string // "keywords"
	Used int
	Most int
}

// Full says whether nothing more fits.
func (l Limit) Full() bool { return l.Used >= l.Most }

// Triggers lists the triggers that Discord has, in the order of pages.
func Triggers() []moderation.Trigger {
	return []moderation.Trigger{moderation.TriggerKeyword, moderation.TriggerSpam, moderation.TriggerKeywordPreset,
		moderation.TriggerMentionSpam, moderation.TriggerMemberProfile}
}

// Most is how many rules with a trigger a guild may have; 0 for a trigger that is not known.
func Most(trigger moderation.Trigger) int {
	switch {
	case trigger == moderation.TriggerKeyword:
		return 6
	case slices.Contains(Triggers(), trigger):
		return 1
	}
	return 0
}

// Room is how many of a guild's rules there are of each trigger, and how many there may be.
func Room(rules []moderation.Trigger) (room []Limit) {
	for _, trigger := range Triggers() {
		used := 0
		for _, r := range rules {
			if r == trigger {
				used++
			}
		}
		room = append(room, Limit{trigger.String(), used, Most(trigger)})
	}
	return room
}

// Limits is how full the lists of a rule are; those that its trigger does not read are left out.
func Limits(r *moderation.NativeRule) (limits []Limit) {
	s := &r.Spec
	if listsWords(r.Trigger) {
		limits = append(limits, Limit{"keywords", len(s.Keywords), mostKeywords},
			Limit{"expressions", len(s.Patterns), mostPatterns})
	}
	if most := allowedMost(r.Trigger); most > 0 {
		limits = append(limits, Limit{"allowed", len(s.Allow), most})
	}
	return append(limits, Limit{"exempt roles", len(s.ExemptRoles), mostRoles},
		Limit{"exempt channels", len(s.ExemptChannels), mostChannels})
}

func listsWords(trigger moderation.Trigger) bool {
	return trigger == moderation.TriggerKeyword || trigger == moderation.TriggerMemberProfile
}

func allowedMost(trigger moderation.Trigger) int {
	switch {
	case listsWords(trigger):
		return mostAllowed
	case trigger == moderation.TriggerKeywordPreset:
		return mostSpared
	}
	return 0
}

// Does lists what a rule with a trigger can do.
func Does(trigger moderation.Trigger) []moderation.NativeActionKind {
	switch trigger {
	case moderation.TriggerKeyword, moderation.TriggerMentionSpam:
		return []moderation.NativeActionKind{moderation.NativeBlock, moderation.NativeAlert, moderation.NativeTimeout}
	case moderation.TriggerMemberProfile:
		return []moderation.NativeActionKind{moderation.NativeMute, moderation.NativeAlert}
	}
	return []moderation.NativeActionKind{moderation.NativeBlock, moderation.NativeAlert}
}

// Field names a part of a rule that can be wrong.
type Field string

// The fields.
const (
	FieldName     Field = "name"
	FieldKeywords Field = "keywords"
	FieldPatterns Field = "patterns"
	FieldPresets  Field = "presets"
	FieldAllow    Field = "allow"
	FieldMentions Field = "mentions"
	FieldActions  Field = "actions"
	FieldMessage  Field = "message"
	FieldAlert    Field = "alert"
	FieldTimeout  Field = "timeout"
	FieldRoles    Field = "exempt_roles"
	FieldChannels Field = "exempt_channels"
)

// Flaw is one thing that is wrong with a rule.
type Flaw struct {
	Field Field
	Text  string // a sentence
}

type flaws []Flaw

func (f *flaws) say(field Field, format string, args ...any) {
	*f = append(*f, Flaw{field, fmt.Sprintf(format, args...)})
}

// Flaws lists what Discord would refuse about a rule, in the order of the editor. That a pattern is one in Rust's dialect
// only Discord can say.
func Flaws(r *moderation.NativeRule) []Flaw {
	var f flaws
	s := &r.Spec
	if n := utf8.RuneCountInString(r.Name); n == 0 || n > nameLength {
		f.say(FieldName, "Give the rule a name of 1 to %d characters.", nameLength)
	}
	switch {
	case listsWords(r.Trigger):
		if len(s.Keywords)+len(s.Patterns) == 0 {
			f.say(FieldKeywords, "List at least one keyword or one expression.")
		}
		f.list(FieldKeywords, s.Keywords, mostKeywords, keywordLength)
		f.list(FieldPatterns, s.Patterns, mostPatterns, patternLength)
	case r.Trigger == moderation.TriggerKeywordPreset:
		if len(s.Presets) == 0 {
			f.say(FieldPresets, "Choose at least one of Discord's word lists.")
		}
	case r.Trigger == moderation.TriggerMentionSpam:
		if s.Mentions < 1 || s.Mentions > mostMentions {
			f.say(FieldMentions, "Say how many mentions are still fine: 1 to %d.", mostMentions)
		}
	}
	if most := allowedMost(r.Trigger); most > 0 {
		f.list(FieldAllow, s.Allow, most, keywordLength)
	}
	f.actions(r)
	if len(s.ExemptRoles) > mostRoles {
		f.say(FieldRoles, "Discord takes at most %d exempt roles.", mostRoles)
	}
	if len(s.ExemptChannels) > mostChannels {
		f.say(FieldChannels, "Discord takes at most %d exempt channels.", mostChannels)
	}
	return f
}

func (f *flaws) list(field Field, list []string, most, length int) {
	if len(list) > most {
		f.say(field, "Discord takes at most %d of these; here are %d.", most, len(list))
	}
	for _, entry := range list {
		switch {
		case utf8.RuneCountInString(entry) > length:
			f.say(field, "%.40q… is longer than %d characters.", entry, length)
			return
		case strings.Trim(entry, "* ") == "":
			f.say(field, "%.40q is no more than a star.", entry)
			return
		}
	}
}

func (f *flaws) actions(r *moderation.NativeRule) {
	if len(r.Spec.Actions) == 0 {
		f.say(FieldActions, "Choose at least one thing that follows.")
	}
	for _, a := range r.Spec.Actions {
		switch {
		case a.Kind == moderation.NativeBlock && utf8.RuneCountInString(a.Message) > messageLength:
			f.say(FieldMessage, "The member is told at most %d characters.", messageLength)
		case a.Kind == moderation.NativeAlert && a.Channel == 0:
			f.say(FieldAlert, "Choose the channel that is told.")
		case a.Kind == moderation.NativeTimeout && (a.Timeout < time.Minute || a.Timeout > mostTimeout):
			f.say(FieldTimeout, "A timeout takes from one minute to 28 days.")
		}
		if a.Kind == moderation.NativeTimeout && !slices.Contains(Does(r.Trigger), a.Kind) {
			f.say(FieldTimeout, "Discord times out for keywords and for mention spam alone.")
		}
	}
}
