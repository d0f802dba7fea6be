package event

import (
	"strings"

	"guildwatch/internal/moderation"
	"guildwatch/internal/stats"
	"guildwatch/views/ui"
	"guildwatch/views/violations"
)

// part is a piece of a sentence: words of ours, or a text of users and how it is set.
type part struct {
	text string
	as   manner
	url  string // where it leads; empty: nowhere
}

type manner int

const (
	asWords manner = iota
	asName
	asGone // a name that is no more, or not known yet
	asBot
	asLabel
	asCode
)

// Discord's names and rule names have at most 32 and 100 characters; a line has room for this many.
const longest = 64

func words(text string) part { return part{text: text} }

func label(text string) part { return part{text: ui.Clip(text, longest), as: asLabel} }

// name is a person, or whom to speak of where nobody is named.
func name(p stats.Person, nobody string) part {
	text := ui.Clip(p.Name, longest)
	switch {
	case p == stats.Person{}:
		return words(nobody)
	case p.Gone || !p.Known:
		return part{text: text, as: asGone}
	case p.Bot:
		return part{text: text, as: asBot}
	}
	return part{text: text, as: asName}
}

// member is a person of the line's guild, leading to their card.
func (i Item) member(p stats.Person, nobody string) part {
	named := name(p, nobody)
	if p.ID > 0 && i.Line.Guild != 0 {
		named.url = violations.MemberURL(i.Line.Guild, p.ID)
	}
	return named
}

// broken is the rule of a violation, leading to the violation; the operator's lines, which name nobody, lead nowhere.
func (i Item) broken() part {
	rule := label("“" + i.Line.Label + "”")
	if i.Line.Target.ID != 0 && i.Line.Ref != 0 {
		rule.url = violations.PageURL(i.Line.Guild, i.Line.Ref)
	}
	return rule
}

// sentence tells what happened. Lines for the operator name nobody: they say it of "a member".
func (i Item) sentence() []part {
	l := i.Line
	switch l.Kind {
	case moderation.ChangeViolation:
		return []part{i.member(l.Target, "A member"), words("broke the rule"), i.broken()}
	case moderation.ChangeAction:
		if l.User == 0 && l.Actor == 0 {
			return []part{words(befell(l.Action))}
		}
		return []part{name(l.By, by(l.Source)), words(done(l.Action)), i.member(l.Target, "a member")}
	case moderation.ChangeCommand:
		typed := ui.Clip("/"+strings.TrimPrefix(l.Label, "/"), longest)
		return []part{name(l.Target, "Somebody"), words("ran"), {text: typed, as: asCode}}
	case moderation.ChangeJoin:
		return []part{i.member(l.Target, "A member"), words("joined")}
	case moderation.ChangeLeave:
		return []part{i.member(l.Target, "A member"), words("left")}
	case moderation.ChangeGap:
		return []part{words("Events may have been missed")}
	case moderation.ChangeAppeal:
		return i.appealed()
	case moderation.ChangeRaid:
		return i.raided()
	case moderation.ChangeConfig:
		if l.Label == "log_problem" {
			return []part{words("guildwatch cannot write in the log channel")}
		}
		if l.Label == "rule_off" {
			return []part{words("guildwatch has switched off a rule that takes too long")}
		}
		return []part{name(l.By, "Somebody"), words("changed"), setting(l.Label)}
	}
	if text := happened(l.Label); text != "" {
		return []part{words(text)}
	}
	return []part{label(l.Label)}
}

// setting is what was changed on the dashboard, in words where this version has some.
func setting(field string) part {
	switch field {
	case "roles":
		return words("who has which role")
	case "time_zone":
		return words("the time zone")
	case "log_channel":
		return words("the log channel")
	case "raid_preset":
		return words("the preset of raid mode")
	case "tell_members":
		return words("whether members are told what was done about them")
	case "take_appeals":
		return words("whether members may appeal")
	case "automod":
		return words("Discord's AutoMod rules")
	case "reports":
		return words("the reports")
	}
	return label(field)
}

// says is the sentence as plain text: what screen readers are told when the line arrives.
func (i Item) says() string {
	var out []string
	for _, p := range i.sentence() {
		out = append(out, ui.Visible(p.text))
	}
	return strings.Join(out, " ")
}

// grave says whether the line is worth interrupting for.
func (i Item) grave() bool {
	return i.Line.Severity == moderation.SeverityCritical || i.Line.Kind == moderation.ChangeGuild &&
		i.Line.Label == moderation.GuildOutage || i.Line.Kind == moderation.ChangeRaid && i.Line.Label == moderation.RaidOn
}

// done is what an action did to its target: "banned".
func done(kind moderation.ActionKind) string {
	switch kind {
	case moderation.ActionDelete:
		return "deleted messages of"
	case moderation.ActionWarn:
		return "warned"
	case moderation.ActionTimeout:
		return "timed out"
	case moderation.ActionUntimeout:
		return "ended the timeout of"
	case moderation.ActionKick:
		return "kicked"
	case moderation.ActionBan:
		return "banned"
	case moderation.ActionUnban:
		return "unbanned"
	case moderation.ActionNote:
		return "noted something about"
	}
	return "acted on"
}

// befell is what was done where neither side is named: "A member was banned".
func befell(kind moderation.ActionKind) string {
	switch kind {
	case moderation.ActionDelete:
		return "Messages of a member were deleted"
	case moderation.ActionWarn:
		return "A member was warned"
	case moderation.ActionTimeout:
		return "A member was timed out"
	case moderation.ActionUntimeout:
		return "A member's timeout was ended"
	case moderation.ActionKick:
		return "A member was kicked"
	case moderation.ActionBan:
		return "A member was banned"
	case moderation.ActionUnban:
		return "A member was unbanned"
	case moderation.ActionNote:
		return "A note about a member was written"
	}
	return "Something was done about a member"
}

// by is who acted where no person did.
func by(source moderation.Source) string {
	switch source {
	case moderation.SourceAutoMod:
		return "Discord AutoMod"
	case moderation.SourceAudit:
		return "Discord"
	case moderation.SourceCommand, moderation.SourceDashboard:
		return "Somebody"
	}
	return "guildwatch"
}

// happened is what befell the guild or the whole instance; "" for a label that this version does not know.
func happened(label string) string {
	switch label {
	case moderation.GuildJoined:
		return "guildwatch was added to the server"
	case moderation.GuildLeft:
		return "guildwatch was removed from the server"
	case moderation.GuildOutage:
		return "Discord cannot reach the server"
	case moderation.GuildBack:
		return "The server is back"
	}
	return ""
}
