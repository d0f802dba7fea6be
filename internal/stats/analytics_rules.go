package stats

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/store"
)

// RuleEffect is what one rule found in a window. Rules that found nothing are listed too; a deleted one only where it
// found something.
type RuleEffect struct {
	store.RuleLabel
	Found  store.RuleFound
	Change Change      // of what counts
	Wrong  Part        // false positives, see store.RuleFound.Judged
	Marks  []MarkPoint // new versions in the window, oldest first
}

// MarkPoint is when a rule got a new version.
type MarkPoint struct {
	Version int64
	At      time.Time
	By      Person // zero: guildwatch
	Note    string
}

// Part is a share of a count with the interval in which the true share lies with 95 % confidence. With few of them the
// interval is wide: 1 of 2 is not the same as 500 of 1000.
type Part struct {
	Known     bool // false: there is nothing to take a share of
	Share     float64
	Low, High float64
	Of        int64
}

// partOf is a share with Wilson's interval, which stays between 0 and 1 and is right also for 0 of n.
func partOf(n, of int64) Part {
	if of <= 0 {
		return Part{}
	}
	const z = 1.959963984540054 // 97.5 % of a normal distribution lie below
	whole, share := float64(of), float64(n)/float64(of)
	scale := 1 + z*z/whole
	middle := (share + z*z/(2*whole)) / scale
	reach := z / scale * math.Sqrt(share*(1-share)/whole+z*z/(4*whole*whole))
	return Part{Known: true, Share: share, Low: max(0, middle-reach), High: min(1, middle+reach), Of: of}
}

// effects lists every rule with what it found, guildwatch's own by number, then Discord's, and what counts by its kind.
func (a *analysis) effects(labels []store.RuleLabel) (list []RuleEffect, kinds []Share) {
	found, before := a.RulesFound(a.guild, a.window.Span), a.RulesFound(a.guild, a.window.Previous)
	marks := a.versionMarks()
	kinds = byKind(found, labels)
	known := map[string]bool{}
	for i := range labels {
		known[labels[i].Rule] = true
	}
	labels = slices.Clip(labels)
	for name := range found { // a rule that nothing else is known of
		if !known[name] {
			labels = append(labels, unknownRule(name))
		}
	}
	for _, label := range labels {
		one := RuleEffect{RuleLabel: label, Found: found[label.Rule]}
		if label.Deleted && one.Found == (store.RuleFound{}) {
			continue
		}
		earlier := before[label.Rule]
		one.Change = a.watched.compare(float64(one.Found.Counted()), float64(earlier.Counted()), a.window.Previous,
			a.window.needs())
		one.Wrong = partOf(one.Found.FalsePositives, one.Found.Judged())
		for _, mark := range marks[label.Number] {
			one.Marks = append(one.Marks, MarkPoint{Version: mark.Version, At: mark.At, By: Person{ID: mark.By}, Note: mark.Note})
		}
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(x, y RuleEffect) int {
		return cmp.Or(cmp.Compare(bitOf(x.Number == 0), bitOf(y.Number == 0)), cmp.Compare(x.Number, y.Number),
			cmp.Compare(x.Name, y.Name), cmp.Compare(x.Rule, y.Rule))
	})
	return list, kinds
}

func unknownRule(name string) store.RuleLabel {
	source, id, _ := strings.Cut(name, ":")
	label := store.RuleLabel{Rule: name, Source: moderation.Source(source), Name: "Rule " + id, Deleted: true}
	if label.Source == moderation.SourceAutoMod {
		label.Name = "AutoMod rule " + id
	}
	return label
}

func bitOf(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// versionMarks gives the new versions of the window by the rule's number. A rule's first version is no change.
func (a *analysis) versionMarks() map[int64][]store.VersionMark {
	marks := map[int64][]store.VersionMark{}
	for _, mark := range a.VersionMarks(a.guild, a.window.Span) {
		if mark.Version > 1 {
			marks[mark.Number] = append(marks[mark.Number], mark)
		}
	}
	return marks
}

// Kinds of violations: those of guildwatch's own rules by the rule's kind, those of Discord's by what triggers them.
const (
	kindDeleted = "other" // of rules that nothing is known of any more
)

// KindOf is the kind of violations that a rule finds: "words", "automod_spam".
func KindOf(label *store.RuleLabel) string {
	switch {
	case label.Kind != "":
		return string(label.Kind)
	case label.Trigger == moderation.TriggerKeyword:
		return "automod_keyword"
	case label.Trigger == moderation.TriggerSpam:
		return "automod_spam"
	case label.Trigger == moderation.TriggerKeywordPreset:
		return "automod_preset"
	case label.Trigger == moderation.TriggerMentionSpam:
		return "automod_mentions"
	case label.Trigger == moderation.TriggerMemberProfile:
		return "automod_profile"
	}
	return kindDeleted
}

// FoundKinds lists every kind of violations: those of guildwatch's own rules, Discord's, and "other".
func FoundKinds() []string {
	var kinds []string
	for _, kind := range rule.Kinds() {
		kinds = append(kinds, string(kind))
	}
	return append(kinds, "automod_keyword", "automod_spam", "automod_preset", "automod_mentions", "automod_profile",
		kindDeleted)
}

// byKind adds up what counts by its kind.
func byKind(found map[string]store.RuleFound, labels []store.RuleLabel) []Share {
	kinds := make(map[string]string, len(labels))
	for i := range labels {
		kinds[labels[i].Rule] = KindOf(&labels[i])
	}
	counts := map[string]int64{}
	for name, one := range found {
		kind := kinds[name]
		if kind == "" {
			kind = kindDeleted
		}
		counts[kind] += one.Counted()
	}
	return shares(FoundKinds(), counts)
}
