package rule

import (
	"time"

	"guildwatch/internal/moderation"
)

// Template is a ready-made rule to begin with.
type Template struct {
	ID    string // in addresses: "scam-links"
	About string // one sentence: what it is good for
	Rule  Rule   // without a number
}

// Templates lists the ready-made rules, what most servers need first. Those that an honest message may meet begin in
// shadow mode, so that a server sees what they would do before they do it.
func Templates() []Template {
	return []Template{
		{"scam-links", "Links to sites known for stealing accounts, and links whose text shows another site.", Rule{
			Name: "Scam links", Kind: Links, Mode: Enforce, Severity: moderation.SeverityCritical, Respond: RespondLadder,
			Delete: true, Spec: Spec{Scams: true, Masked: true}}},
		{"invites", "Invitations to other servers, written out or disguised.", Rule{
			Name: "Invitations", Kind: Invites, Mode: Enforce, Severity: moderation.SeverityMedium, Respond: RespondLadder,
			Delete: true}},
		{"mention-spam", "More than six people or roles mentioned within ten seconds.", Rule{
			Name: "Mention spam", Kind: Mentions, Mode: Enforce, Severity: moderation.SeverityHigh, Respond: RespondLadder,
			Delete: true, Spec: Spec{Most: 6, Within: 10 * time.Second}}},
		{"flooding", "More than seven messages of one member within ten seconds.", Rule{
			Name: "Flooding", Kind: Flood, Mode: Shadow, Severity: moderation.SeverityMedium, Respond: RespondTimeout,
			Timeout: 10 * time.Minute, Spec: Spec{Most: 7, Within: 10 * time.Second}}},
		{"repeating", "The same message more than three times within a minute.", Rule{
			Name: "Repeating", Kind: Repeated, Mode: Shadow, Severity: moderation.SeverityLow, Respond: RespondLadder,
			Delete: true, Spec: Spec{Most: 3, Within: time.Minute}}},
		{"shouting", "Messages of 15 letters and more, most of them capitals.", Rule{
			Name: "Shouting", Kind: Capitals, Mode: Shadow, Severity: moderation.SeverityLow, Respond: RespondWarn,
			Spec: Spec{Share: 70, Letters: 15}}},
		{"programs", "Attached programs and scripts.", Rule{
			Name: "Attached programs", Kind: Attachments, Mode: Enforce, Severity: moderation.SeverityHigh,
			Respond: RespondLadder, Delete: true,
			Spec: Spec{Endings: []string{"exe", "scr", "bat", "cmd", "com", "msi", "js", "vbs", "jar", "ps1", "apk"}}}},
		{"new-accounts", "Messages from accounts that are less than a day old.", Rule{
			Name: "New accounts", Kind: NewAccount, Mode: Shadow, Severity: moderation.SeverityMedium,
			Respond: RespondNothing, Delete: true, Spec: Spec{Age: 24 * time.Hour}}},
		{"new-accounts-with-links", "Links and invitations from accounts that are less than a week old.", Rule{
			Name: "New accounts with links", Kind: NewAccount, Mode: Shadow, Severity: moderation.SeverityHigh,
			Respond: RespondNothing, Delete: true, Spec: Spec{Age: 7 * 24 * time.Hour, Linked: true}}},
		{"scam-phrases", "What those write who are after accounts and money.", Rule{
			Name: "Scam phrases", Kind: Words, Mode: Shadow, Severity: moderation.SeverityHigh, Respond: RespondLadder,
			Delete: true, Spec: Spec{Words: []string{"free nitro", "nitro for free", "claim your nitro", "free steam gift*",
				"steam gift card", "crypto giveaway", "double your crypto", "double your money", "airdrop is live", "investment opportunity",
				"message me to earn", "dm me to earn"}}}},
		{"wallets", "Addresses of Bitcoin and Ethereum wallets.", Rule{
			Name: "Wallet addresses", Kind: Regex, Mode: Shadow, Severity: moderation.SeverityMedium, Respond: RespondLadder,
			Delete: true, Raw: true, Spec: Spec{Pattern: `(?i)\b(?:0x[0-9a-f]{40}|bc1[0-9a-z]{25,59})\b`}}},
		{"false-staff", "Names that pretend to be Discord's staff or yours.", Rule{
			Name: "False staff", Kind: Names, Mode: Shadow, Severity: moderation.SeverityHigh, Respond: RespondNothing,
			Spec: Spec{Words: []string{"discord staff", "discord support", "discord team", "official support", "server support",
				"support team", "system message", "trust and safety"}}}},
	}
}

// TemplateOf finds a ready-made rule.
func TemplateOf(id string) (Template, bool) {
	for _, t := range Templates() {
		if t.ID == id {
			return t, true
		}
	}
	return Template{}, false
}

// Blank is a rule of a kind as an editor begins with it: sensible, and in shadow mode until somebody has seen what it
// does.
func Blank(kind Kind) Rule {
	r := Rule{Kind: kind, Mode: Shadow, Severity: moderation.SeverityMedium, Respond: RespondLadder, Delete: true}
	if own := kind == Words || kind == Regex || kind == Names; !own { // what they look for is the server's own
		r.Spec = firstOf(kind).Spec
	}
	if kind == Names {
		r.Delete = false
	}
	return r
}

// firstOf is the first ready-made rule of a kind; the zero value when there is none.
func firstOf(kind Kind) Rule {
	for _, t := range Templates() {
		if t.Rule.Kind == kind {
			return t.Rule
		}
	}
	return Rule{}
}
