package handlers

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/views/rules"
)

// posted is a form of a rule as it was sent.
type posted struct{ url.Values }

func (p posted) text(field rule.Field) string { return strings.TrimSpace(p.Get(string(field))) }

func (p posted) on(name string) bool { return p.Get(name) == "yes" }

// list is a text with an entry on each line, without blank ones and those that are there already.
func (p posted) list(field rule.Field, split func(string) []string) (found []string) {
	seen := map[string]bool{}
	for _, entry := range split(p.Get(string(field))) {
		if entry = strings.TrimSpace(entry); entry != "" && !seen[entry] {
			seen[entry] = true
			found = append(found, entry)
		}
	}
	return found
}

func lines(text string) []string { return strings.Split(text, "\n") }

func entries(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,;\n\r\t", r) })
}

func (p posted) span(field rule.Field) rules.Span {
	return rules.Span{Count: p.text(field), Unit: rules.Unit(p.Get(string(field) + "_unit"))}
}

// length is a length of time that was filled in; -1 for what is none, so that the rule's own check refuses it.
func length(s rules.Span) time.Duration {
	n, err := strconv.ParseUint(s.Count, 10, 31)
	if err != nil || s.Unit.Length() == 0 {
		return -1
	}
	return min(time.Duration(n), 400*24*3600) * s.Unit.Length() // no product of these overflows
}

// whole is a number that was filled in; -1 for what is none.
func whole(text string) int {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return -1
	}
	return int(n)
}

// filled is a form as it was sent: what comes back to its author.
func (p posted) filled(kind rule.Kind) rules.Form {
	return rules.Form{
		Kind: kind, Name: p.text(rule.FieldName), Severity: p.text(rule.FieldSeverity), Mode: p.text(rule.FieldMode),
		Respond: p.text(rule.FieldRespond), Timeout: p.span(rule.FieldTimeout), Delete: p.on("delete"), Raw: p.on("raw"),
		Words: p.text(rule.FieldWords), Pattern: p.Get(string(rule.FieldPattern)), Deny: p.text(rule.FieldDeny),
		Allow: p.text(rule.FieldAllow), Endings: p.text(rule.FieldEndings), Scams: p.on("scams"), Masked: p.on("masked"), Linked: p.on("linked"),
		Most: p.text(rule.FieldMost), Share: p.text(rule.FieldShare), Letters: p.text("letters"),
		Within: p.span(rule.FieldWithin), Age: p.span(rule.FieldAge),
		ExemptChannels: p.Values["exempt_channels"], ExemptRoles: p.Values["exempt_roles"],
		Note: p.text("note"), Sample: p.text("sample"), Problems: map[rule.Field]string{},
	}
}

// rule is the rule that a form describes, whole or not. Of what a kind does not read nothing is kept.
func (p posted) rule(f *rules.Form) rule.Rule {
	r := rule.Rule{Number: f.Number, Version: f.Version, Name: f.Name, Kind: f.Kind, Mode: rule.Mode(f.Mode),
		Severity: moderation.Severity(f.Severity), Respond: rule.Response(f.Respond)}
	if r.Respond == rule.RespondTimeout {
		r.Timeout = length(f.Timeout)
	}
	r.Delete = f.Delete && f.Kind != rule.Names
	s := &r.Spec
	switch f.Kind {
	case rule.Words:
		r.Raw, s.Words = f.Raw, p.list(rule.FieldWords, lines)
	case rule.Names:
		s.Words = p.list(rule.FieldWords, lines)
	case rule.Regex:
		r.Raw, s.Pattern = f.Raw, f.Pattern
	case rule.Links:
		s.Scams, s.Masked = f.Scams, f.Masked
		s.Deny, s.Allow = p.list(rule.FieldDeny, entries), p.list(rule.FieldAllow, entries)
	case rule.Invites:
		s.Allow = p.list(rule.FieldAllow, entries)
	case rule.Mentions, rule.Repeated, rule.Flood:
		s.Most, s.Within = whole(f.Most), length(f.Within)
	case rule.Capitals:
		s.Share, s.Letters = whole(f.Share), whole(f.Letters)
	case rule.Attachments:
		s.Endings = p.list(rule.FieldEndings, entries)
	case rule.NewAccount:
		s.Age, s.Linked = length(f.Age), f.Linked
	}
	return r
}

// exempt puts the exempt channels and roles of a form into a rule. ok is false when one is none of the guild's; those
// that are gone may stay where they were.
func (r *rulesRead) exempt(to *rule.Rule, f *rules.Form, was *rule.Rule) (ok bool) {
	for _, text := range f.ExemptChannels {
		id, err := snowflake.Parse[snowflake.ChannelID](text)
		if err != nil || !r.hasChannel(id) && !slices.Contains(was.ExemptChannels, id) {
			return false
		}
		to.ExemptChannels = append(to.ExemptChannels, id)
	}
	for _, text := range f.ExemptRoles {
		id, err := snowflake.Parse[snowflake.RoleID](text)
		known := slices.ContainsFunc(r.roles, func(role moderation.DiscordRole) bool { return role.ID == id })
		if err != nil || !known && !slices.Contains(was.ExemptRoles, id) {
			return false
		}
		to.ExemptRoles = append(to.ExemptRoles, id)
	}
	return true
}
