package rules

import (
	"slices"
	"strconv"
	"strings"

	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/views/ui"
)

// Names are what ids in rules are called: a channel's with its #. What is gone is not in it.
type Names struct {
	Channels map[snowflake.ChannelID]string
	Roles    map[snowflake.RoleID]string
}

// fact is one part of a rule, readable. Lists have one value for each entry.
type fact struct {
	label  string
	values []string
	list   bool
}

// facts are all parts of a rule: what viewers read, and what versions are compared by.
func facts(r *rule.Rule, names Names) []fact {
	var all []fact
	say := func(label string, value string) {
		if value != "" {
			all = append(all, fact{label, []string{value}, false})
		}
	}
	each := func(label string, values []string) {
		if len(values) > 0 {
			all = append(all, fact{label, values, true})
		}
	}
	say("Name", r.Name)
	say("Kind", KindName(r.Kind))
	say("Mode", ModeName(r.Mode))
	say("Severity", ui.SeverityName(r.Severity))
	say("What follows", Follows(r))
	s := &r.Spec
	each("Words", s.Words)
	say("Pattern", s.Pattern)
	each("Denied", s.Deny)
	each("Allowed", s.Allow)
	say("Known scams", yes(s.Scams))
	say("Masked links", yes(s.Masked))
	if s.Most > 0 {
		say("Still fine", strconv.Itoa(s.Most))
	}
	if s.Within > 0 {
		say("Within", ui.Span(s.Within))
	}
	if s.Share > 0 {
		say("Capitals", "more than "+strconv.Itoa(s.Share)+" %, from "+strconv.Itoa(s.Letters)+" letters on")
	}
	each("File endings", s.Endings)
	if s.Age > 0 {
		say("Accounts younger than", ui.Span(s.Age))
		say("Only with a link", yes(s.Linked))
	}
	if r.Kind == rule.Words || r.Kind == rule.Regex {
		say("Reads", map[bool]string{true: "texts as written", false: "texts with disguises undone"}[r.Raw])
	}
	var exempt []string
	for _, id := range r.ExemptChannels {
		exempt = append(exempt, named(names.Channels[id], "deleted channel #"+snowflake.Tail(id)))
	}
	for _, id := range r.ExemptRoles {
		exempt = append(exempt, named(names.Roles[id], "deleted role #"+snowflake.Tail(id)))
	}
	each("Exempt", exempt)
	return all
}

func yes(on bool) string {
	if on {
		return "yes"
	}
	return ""
}

func named(name, gone string) string {
	if name == "" {
		return gone
	}
	return name
}

// Change is one part of a rule that differs between two versions: what was there alone, and what is there alone.
type Change struct{ Label, Before, After string }

// longest is how much of one value a page shows.
const longest = 300

// Differences are the parts of a rule in which two versions differ, in the order of the editor.
func Differences(before, after *rule.Rule, names Names) []Change {
	return differences(facts(before, names), facts(after, names))
}

func differences(old, now []fact) (changes []Change) {
	for _, b := range old {
		at := slices.IndexFunc(now, func(f fact) bool { return f.label == b.label })
		a := fact{label: b.label, list: b.list}
		if at >= 0 {
			a = now[at]
		}
		if !slices.Equal(a.values, b.values) {
			changes = append(changes, compare(b, a))
		}
	}
	for _, a := range now {
		if !slices.ContainsFunc(old, func(f fact) bool { return f.label == a.label }) {
			changes = append(changes, compare(fact{list: a.list}, a))
		}
	}
	return changes
}

func compare(b, a fact) Change {
	if !a.list {
		return Change{a.label, ui.Clip(strings.Join(b.values, ""), longest), ui.Clip(strings.Join(a.values, ""), longest)}
	}
	gone, added := without(b.values, a.values), without(a.values, b.values)
	if len(gone)+len(added) == 0 {
		return Change{a.label, "", "the same in another order"}
	}
	return Change{a.label, ui.Clip(strings.Join(gone, ", "), longest), ui.Clip(strings.Join(added, ", "), longest)}
}

// without are the entries of one list that are not in another.
func without(list, other []string) (rest []string) {
	in := make(map[string]bool, len(other))
	for _, entry := range other {
		in[entry] = true
	}
	for _, entry := range list {
		if !in[entry] {
			rest = append(rest, entry)
		}
	}
	return rest
}

// valuesShown is how many entries of a list a page shows: a rule has up to 5 000 words.
const valuesShown = 100

func (f fact) shown() []string { return f.values[:min(valuesShown, len(f.values))] }

func (f fact) more() int { return len(f.values) - len(f.shown()) }
