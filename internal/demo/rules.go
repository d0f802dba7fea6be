package demo

import (
	"slices"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
)

// The names of the demo's rules, by which what breaks them is found again.
const (
	bannedWords  = "Banned words"
	scamLinks    = "Scam links"
	invitations  = "Invitations"
	mentionSpam  = "Mention spam"
	flooding     = "Flooding"
	shouting     = "Shouting"
	repeating    = "Repeating"
	phoneNumbers = "Phone numbers"
	rudeNames    = "Rude names"
	programs     = "Attached programs"
)

// temper is what a guild puts up with.
type temper int

const (
	loud temper = iota
	busy
	quiet
)

// ruleAge is how long before the start the demo's rules were made: the charts show the days without them, too.
const ruleAge = 84 * 24 * time.Hour

// OwnRules are the guild's rules as its history knows them: numbered from 1, in their first version.
func (g *Guild) OwnRules() []rule.Rule {
	var list []rule.Rule
	switch g.temper {
	case loud:
		list = harbourRules(g)
	case busy:
		list = clubRules()
	case quiet:
		list = gardenRules()
	}
	for i := range list {
		list[i].Number, list[i].Version = int64(i+1), 1
	}
	return list
}

// Change is a rule that somebody saves, and why.
type Change struct {
	Rule rule.Rule // Number 0: a new one
	Note string
}

// Changes is what the owner does to the rules when the demo starts: one learns a new word, another is made.
func (g *Guild) Changes() []Change {
	rules := g.OwnRules()
	words := rules[0]
	words.Spec.Words = slices.Concat(words.Spec.Words, []string{lateWord})
	list := []Change{{words, "This one is going round now."}}
	for _, id := range g.plan.later {
		ready, _ := rule.TemplateOf(id)
		list = append(list, Change{ready.Rule, "Taken over as it is."})
	}
	return list
}

// Ladder is what follows from a member's first, second, third violation. The loudest guild's is short and steep, so
// that a visitor sees somebody climb it within a quarter of an hour.
func (g *Guild) Ladder() ladder.Ladder {
	if g.plan.ladder == nil {
		return ladder.Default()
	}
	return g.plan.ladder
}

// harbourRules are those of a loud guild: it has seen everything, and acts.
func harbourRules(g *Guild) []rule.Rule {
	scams := ready("scam-links")
	scams.Respond = rule.RespondKick // whoever sends them has lost their account to somebody
	invites := ready("invites")
	invites.ExemptChannels = []snowflake.ChannelID{g.channelNamed("looking-for-group")}
	floods := ready("flooding")
	floods.Mode, floods.Delete = rule.Enforce, true
	return []rule.Rule{words(moderation.SeverityHigh, rule.RespondLadder), scams, invites, ready("mention-spam"),
		floods, ready("shouting")}
}

// clubRules are those of a busy club that knows its people, and has a rule of its own making.
func clubRules() []rule.Rule {
	names := rule.Rule{Name: rudeNames, Kind: rule.Names, Mode: rule.Enforce, Severity: moderation.SeverityMedium,
		Respond: rule.RespondWarn, Spec: rule.Spec{Words: unkind}}
	numbers := rule.Rule{Name: phoneNumbers, Kind: rule.Regex, Mode: rule.Enforce, Severity: moderation.SeverityMedium,
		Respond: rule.RespondNothing, Delete: true, Spec: rule.Spec{Pattern: `\b\d{3}[ .-]\d{3}[ .-]\d{4}\b`}}
	return []rule.Rule{words(moderation.SeverityMedium, rule.RespondLadder), ready("scam-links"), numbers,
		ready("invites"), ready("repeating"), names}
}

// gardenRules are those of a small guild that has only begun, and watches most of what they would do.
func gardenRules() []rule.Rule {
	scams, invites := ready("scam-links"), ready("invites")
	scams.Mode, invites.Mode = rule.Shadow, rule.Shadow
	return []rule.Rule{words(moderation.SeverityLow, rule.RespondWarn), scams, invites}
}

func words(severity moderation.Severity, respond rule.Response) rule.Rule {
	return rule.Rule{Name: bannedWords, Kind: rule.Words, Mode: rule.Enforce, Severity: severity, Respond: respond,
		Delete: true, Spec: rule.Spec{Words: unkind}}
}

func ready(id string) rule.Rule {
	template, _ := rule.TemplateOf(id)
	return template.Rule
}

func (g *Guild) channelNamed(name string) snowflake.ChannelID {
	return g.Channels[slices.Index(g.channels, name)]
}
