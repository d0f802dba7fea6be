package native

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
)

// Promotion is a rule of guildwatch's own as Discord could enforce it: before a message is posted, which no bot can.
type Promotion struct {
	Rule  moderation.NativeRule // to be made; without a Trigger when nothing of it can be carried over
	Moves []string              // what is carried over, a sentence each
	Stays []string              // what is not, each with the reason
}

// Possible says whether there is anything to carry over.
func (p *Promotion) Possible() bool { return p.Rule.Trigger != 0 }

func (p *Promotion) moves(format string, args ...any) {
	p.Moves = append(p.Moves, fmt.Sprintf(format, args...))
}

func (p *Promotion) stays(format string, args ...any) {
	p.Stays = append(p.Stays, fmt.Sprintf(format, args...))
}

// Promotable says whether rules of a kind can be carried over at all.
func Promotable(kind rule.Kind) bool {
	return slices.Contains([]rule.Kind{rule.Words, rule.Names, rule.Regex, rule.Links, rule.Invites, rule.Mentions}, kind)
}

// Promote says what of a rule Discord could do by itself.
func Promote(r *rule.Rule) (p Promotion) {
	s := &r.Spec
	switch r.Kind {
	case rule.Words:
		p.keywords(moderation.TriggerKeyword, s.Words, "word")
		p.disguises(r)
	case rule.Names:
		p.keywords(moderation.TriggerMemberProfile, s.Words, "word")
		p.disguises(r)
	case rule.Regex:
		p.pattern(r)
	case rule.Links:
		p.links(s)
	case rule.Invites:
		p.invites(s)
	case rule.Mentions:
		p.mentions(s)
	default:
		p.stays("AutoMod has nothing like it: it reads one text at a time, and only words, expressions and mentions.")
	}
	if !p.Possible() {
		return p
	}
	p.Rule.Name, p.Rule.Enabled = clip(r.Name, nameLength), true
	p.consequences(r)
	p.exemptions(r)
	return p
}

// keywords carries a list over as far as Discord takes it. A star at an end means the same to both.
func (p *Promotion) keywords(trigger moderation.Trigger, words []string, one string) {
	var kept []string
	long := 0
	for _, word := range words {
		if word = strings.TrimSpace(word); utf8.RuneCountInString(word) > keywordLength {
			long++
		} else if word != "" {
			kept = append(kept, word)
		}
	}
	if long > 0 {
		p.stays("%s longer than %d characters.", plural(long, one+" that is", one+"s that are"), keywordLength)
	}
	if more := len(kept) - mostKeywords; more > 0 {
		kept = kept[:mostKeywords]
		p.stays("The last %s: a rule of Discord's has at most %d.", plural(more, one, one+"s"), mostKeywords)
	}
	if len(kept) == 0 {
		return
	}
	p.Rule.Trigger, p.Rule.Spec.Keywords = trigger, kept
	p.moves("%s, in small and large letters, with the stars at their ends.", plural(len(kept), one, one+"s"))
}

func (p *Promotion) disguises(r *rule.Rule) {
	if p.Possible() && !r.Raw {
		p.stays("Disguises: Discord reads what is written. Accents, lookalikes, spacing and digits for letters are not undone.")
	}
}

func (p *Promotion) pattern(r *rule.Rule) {
	carried, err := Carry(r.Spec.Pattern, !r.Raw)
	if err != nil {
		p.stays("The expression: %s.", err)
		return
	}
	p.Rule.Trigger, p.Rule.Spec.Patterns = moderation.TriggerKeyword, []string{carried}
	p.moves("The expression, as %s.", carried)
	if wider(carried) {
		p.stays(`The narrow reading of \w, \d, \s and \b: to Discord they mean the letters and digits of all scripts.`)
	}
	p.disguises(r)
}

func (p *Promotion) links(s *rule.Spec) {
	deny := make([]string, 0, len(s.Deny))
	for _, domain := range s.Deny {
		deny = append(deny, "*"+strings.TrimPrefix(strings.TrimSpace(domain), "*.")+"*")
	}
	p.keywords(moderation.TriggerKeyword, deny, "denied domain")
	if len(s.Allow) > 0 {
		p.stays("The list of allowed domains: AutoMod cannot refuse all links but some.")
	}
	if s.Scams {
		p.stays("The list of known scam domains: it has more entries than all of a server's AutoMod rules together.")
	}
	if s.Masked {
		p.stays("Masked links: AutoMod does not compare a link's text with where it leads.")
	}
	if p.Possible() {
		p.stays("Domains that are written with [.] or spaces in them, which guildwatch undoes.")
	}
}

// invitations are the ways to a server, as they are written out.
var invitations = []string{"*discord.gg/*", "*discord.com/invite/*", "*discordapp.com/invite/*", "*dsc.gg/*", "*invite.gg/*",
	"*discord.me/*", "*discord.io/*"}

func (p *Promotion) invites(s *rule.Spec) {
	p.Rule.Trigger, p.Rule.Spec.Keywords = moderation.TriggerKeyword, slices.Clone(invitations)
	p.moves("Invitations that are written out: %s.", strings.ReplaceAll(strings.Join(invitations[:4], ", "), "*", ""))
	p.stays("Disguised invitations, and friends' invitations.")
	var fine []string
	for _, code := range s.Allow {
		code = strings.TrimSpace(code[strings.LastIndexByte(code, '/')+1:])
		if entry := "*discord.gg/" + code + "*"; code != "" && utf8.RuneCountInString(entry) <= keywordLength {
			fine = append(fine, entry)
		}
	}
	if more := len(s.Allow) - min(len(fine), mostAllowed); more > 0 {
		p.stays("%s: Discord takes %d.", plural(more, "allowed invitation", "allowed invitations"), mostAllowed)
	}
	p.Rule.Spec.Allow = fine[:min(len(fine), mostAllowed)]
	if n := len(p.Rule.Spec.Allow); n > 0 {
		p.moves("%s, written as discord.gg and the code.", plural(n, "allowed invitation", "allowed invitations"))
	}
}

func (p *Promotion) mentions(s *rule.Spec) {
	p.Rule.Trigger, p.Rule.Spec.Mentions = moderation.TriggerMentionSpam, min(max(s.Most, 1), mostMentions)
	p.moves("More than %s in one message.", plural(p.Rule.Spec.Mentions, "mention", "mentions"))
	if s.Most > mostMentions {
		p.stays("A limit of more than %d mentions.", mostMentions)
	}
	if s.Within > 0 {
		p.stays("Mentions in several messages: Discord counts each message by itself.")
	}
}

// consequences is what follows as Discord can do it.
func (p *Promotion) consequences(r *rule.Rule) {
	spec := &p.Rule.Spec
	add := func(a moderation.NativeAction) { spec.Actions = append(spec.Actions, a) }
	if p.Rule.Trigger == moderation.TriggerMemberProfile {
		add(moderation.NativeAction{Kind: moderation.NativeMute})
		p.moves("The member can neither write nor speak until the profile is changed.")
	} else {
		add(moderation.NativeAction{Kind: moderation.NativeBlock})
		p.moves("The message is blocked before anybody reads it.")
	}
	times := slices.Contains(Does(p.Rule.Trigger), moderation.NativeTimeout)
	switch {
	case r.Respond == rule.RespondTimeout && times:
		add(moderation.NativeAction{Kind: moderation.NativeTimeout, Timeout: r.Timeout})
		p.moves("The timeout.")
	case r.Respond != rule.RespondNothing:
		p.stays("What follows for the member: AutoMod neither warns nor kicks nor bans, and knows no ladder.")
	}
	p.stays("The severity: it follows from the table for AutoMod.")
}

func (p *Promotion) exemptions(r *rule.Rule) {
	roles, channels := slices.Clone(r.ExemptRoles), slices.Clone(r.ExemptChannels)
	if more := len(roles) - mostRoles; more > 0 {
		roles = roles[:mostRoles]
		p.stays("%s: Discord takes %d.", plural(more, "exempt role", "exempt roles"), mostRoles)
	}
	if more := len(channels) - mostChannels; more > 0 {
		channels = channels[:mostChannels]
		p.stays("%s: Discord takes %d.", plural(more, "exempt channel", "exempt channels"), mostChannels)
	}
	slices.Sort(roles)
	slices.Sort(channels)
	p.Rule.Spec.ExemptRoles, p.Rule.Spec.ExemptChannels = roles, channels
	if len(roles) > 0 {
		p.moves("%s.", plural(len(roles), "exempt role", "exempt roles"))
	}
	if len(channels) > 0 {
		p.moves("%s.", plural(len(channels), "exempt channel", "exempt channels"))
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func clip(text string, most int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), most)])
}
