package rules

import (
	"strconv"
	"strings"

	"guildwatch/internal/frame"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/native"
	"guildwatch/internal/snowflake"
	"guildwatch/views/ui"
)

// NativeRegion is the name under which the page fetches Discord's own rules again, after each change of settings.
const NativeRegion frame.Name = "natives"

// NativeList is Discord's own AutoMod rules: what can be fetched again by itself.
type NativeList struct {
	Place
	Rows  []Native
	Room  []native.Limit // how many rules of each trigger there are, and may be
	Names Names
}

// Native is one of Discord's own AutoMod rules.
type Native struct {
	Rule  moderation.NativeRule
	Known bool // false: guildwatch has not read what it looks for
	Week  Hits
}

// NativeURL is the page of one of Discord's own rules; of 0, that of a new one.
func NativeURL(guild snowflake.GuildID, id snowflake.RuleID) string {
	if id == 0 {
		return URL(guild) + "/native/new"
	}
	return URL(guild) + "/native/" + snowflake.String(id)
}

// NewNativeURL is the page of a new rule with a trigger.
func NewNativeURL(guild snowflake.GuildID, trigger moderation.Trigger) string {
	return NativeURL(guild, 0) + "?trigger=" + strconv.Itoa(int(trigger))
}

// PromoteURL is the page that says what of a rule Discord could do.
func PromoteURL(guild snowflake.GuildID, number int64) string {
	return RuleURL(guild, number) + "/promote"
}

// SeveritiesURL is the page of how severe hits of Discord's rules are.
func SeveritiesURL(guild snowflake.GuildID) string { return URL(guild) + "/severities" }

func (l NativeList) panel() ui.Panel {
	return ui.Panel{Region: NativeRegion, Title: "Discord's own AutoMod", Icon: "bot", Note: "hits of the last 7 days",
		Seq: l.Seq, Moment: l.moment(l.At), RefetchOn: frame.ConfigUpdate}
}

// offers are the triggers of which the server may have another rule.
func (l NativeList) offers() (open []moderation.Trigger) {
	for i, trigger := range native.Triggers() {
		if i < len(l.Room) && !l.Room[i].Full() {
			open = append(open, trigger)
		}
	}
	return open
}

// room is how full each trigger is, in words: "3 of 6".
func room(l native.Limit) string { return strconv.Itoa(l.Used) + " of " + strconv.Itoa(l.Most) }

func nativeMark(on bool) ui.Badge {
	if on {
		return ui.Badge{Label: "On", Icon: "gavel", Tone: ui.Good}
	}
	return ui.Badge{Label: "Off", Icon: "circle", Tone: ui.Neutral}
}

// looks is what a native rule looks for, in a line.
func (n Native) looks() string {
	s := &n.Rule.Spec
	var parts []string
	some := func(n int, one, many string) {
		if n > 0 {
			parts = append(parts, count(int64(n), one, many))
		}
	}
	some(len(s.Keywords), "keyword", "keywords")
	some(len(s.Patterns), "expression", "expressions")
	for _, preset := range s.Presets {
		parts = append(parts, strings.ToLower(PresetName(preset)))
	}
	if n.Rule.Trigger == moderation.TriggerMentionSpam && s.Mentions > 0 {
		parts = append(parts, "more than "+count(int64(s.Mentions), "mention", "mentions"))
	}
	some(len(s.Allow), "exception", "exceptions")
	if len(parts) == 0 {
		return n.Rule.Trigger.String()
	}
	return n.Rule.Trigger.String() + ": " + strings.Join(parts, ", ")
}

// leaves says whom a native rule leaves alone, in a line; empty: nobody.
func (n Native) leaves() string {
	var parts []string
	if k := len(n.Rule.Spec.ExemptRoles); k > 0 {
		parts = append(parts, count(int64(k), "role", "roles"))
	}
	if k := len(n.Rule.Spec.ExemptChannels); k > 0 {
		parts = append(parts, count(int64(k), "channel", "channels"))
	}
	if len(parts) == 0 {
		return ""
	}
	return "Exempt: " + strings.Join(parts, ", ")
}

// PresetName is one of Discord's word lists in words.
func PresetName(p moderation.NativePreset) string {
	switch p {
	case moderation.PresetProfanity:
		return "Swearing"
	case moderation.PresetSexual:
		return "Sexual content"
	case moderation.PresetSlurs:
		return "Slurs and insults"
	}
	return "List " + strconv.Itoa(int(p))
}

// nativeFollows is what a native rule does, each a phrase.
func nativeFollows(s *moderation.NativeSpec, names Names) (does []string) {
	for _, a := range s.Actions {
		switch a.Kind {
		case moderation.NativeBlock:
			does = append(does, "message blocked")
		case moderation.NativeAlert:
			does = append(does, "alert in "+named(names.Channels[a.Channel], "deleted channel #"+snowflake.Tail(a.Channel)))
		case moderation.NativeTimeout:
			does = append(does, "timeout of "+ui.Span(a.Timeout))
		case moderation.NativeMute:
			does = append(does, "member muted until the profile is changed")
		default:
			does = append(does, "something that guildwatch does not know")
		}
	}
	return does
}

// nativeFacts are all parts of a native rule: what viewers read, and what two states are compared by.
func nativeFacts(r *moderation.NativeRule, names Names) (all []fact) {
	say := func(label, value string) {
		if value != "" {
			all = append(all, fact{label, []string{value}, false})
		}
	}
	each := func(label string, values []string) {
		if len(values) > 0 {
			all = append(all, fact{label, values, true})
		}
	}
	s := &r.Spec
	say("Name", r.Name)
	say("Trigger", r.Trigger.String())
	say("State", nativeMark(r.Enabled).Label)
	each("Keywords", s.Keywords)
	each("Expressions", s.Patterns)
	var lists []string
	for _, preset := range s.Presets {
		lists = append(lists, PresetName(preset))
	}
	each("Discord's lists", lists)
	if s.Mentions > 0 {
		say("Mentions that are fine", strconv.Itoa(s.Mentions))
	}
	say("Waves of mentions", yes(s.Raids))
	each("Exceptions", s.Allow)
	each("What follows", nativeFollows(s, names))
	if block, ok := s.Action(moderation.NativeBlock); ok {
		say("The member is told", block.Message)
	}
	var exempt []string
	for _, id := range s.ExemptChannels {
		exempt = append(exempt, named(names.Channels[id], "deleted channel #"+snowflake.Tail(id)))
	}
	for _, id := range s.ExemptRoles {
		exempt = append(exempt, named(names.Roles[id], "deleted role #"+snowflake.Tail(id)))
	}
	each("Exempt", exempt)
	return all
}

// NativeDifferences are the parts in which two states of a native rule differ.
func NativeDifferences(before, after *moderation.NativeRule, names Names) []Change {
	return differences(nativeFacts(before, names), nativeFacts(after, names))
}
