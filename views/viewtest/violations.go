package viewtest

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/ui"
	"guildwatch/views/violations"
)

// ViolationsPlace is where the busy server's violations stand, for a moderator or for somebody who only looks.
func ViolationsPlace(may bool) violations.Place {
	return violations.Place{Guild: HarborID, At: Now, Seq: 4711, TimeZone: "Europe/Lisbon", May: violations.May{Act: may, Manage: may}}
}

// Violations are rows in which every state, source and outcome occurs, with what people try on those who read them.
func Violations() []violations.Row {
	mara, otto := Person(31, "Mara Voss"), Person(41, "Otto Lind")
	evil := Person(33, "evil\u202ename\u200b<script>")
	at := func(number int64, severity moderation.Severity, who stats.Person, ago time.Duration) violations.Row {
		return violations.Row{Who: who, State: moderation.StateCounted, Response: -1, Channel: "#general",
			Violation: moderation.Violation{Guild: HarborID, Number: number, At: Now.Add(-ago), Source: moderation.SourceRule,
				Severity: severity, Rule: "rule:12", RuleName: "House words", User: who.ID, Channel: 5, Message: 6}}
	}
	scam, shadow, wrong, blocked, hook := at(412, moderation.SeverityCritical, evil, 8*time.Second),
		at(411, moderation.SeverityLow, mara, time.Minute), at(410, moderation.SeverityMedium, mara, time.Hour),
		at(409, moderation.SeverityHigh, mara, 26*time.Hour), at(408, moderation.SeverityLow, stats.Person{}, 50*time.Hour)
	scam.Version, scam.Surface, scam.Response = 3, moderation.SurfaceContent, 84*time.Millisecond
	scam.Content, scam.Keyword = "free n\u200bitro </blockquote><script>alert(1)</script> \u202egnp.exe", "free nitro"
	scam.Claim = violations.Claim{By: otto, Until: Now.Add(4 * time.Minute)}
	scam.Actions = Deeds(otto)
	shadow.State, shadow.Version = moderation.StateShadow, 1
	wrong.State, wrong.MarkedBy, wrong.Response = moderation.StateFalsePositive, otto, 3200*time.Millisecond
	wrong.Claim = violations.Claim{By: mara, Until: Now.Add(time.Minute), Mine: true}
	blocked.Source, blocked.Rule, blocked.RuleName, blocked.Channel = moderation.SourceAutoMod, "automod:81", "Links <b>", ""
	blocked.Response = 4 * time.Minute
	hook.User, hook.Message = 0, 0
	return []violations.Row{scam, shadow, wrong, blocked, hook}
}

// Deeds are actions of every outcome, some by a person.
func Deeds(by stats.Person) []violations.Action {
	kinds := []struct {
		kind    moderation.ActionKind
		outcome moderation.Outcome
	}{{moderation.ActionDelete, moderation.OutcomeDone}, {moderation.ActionTimeout, moderation.OutcomeSent},
		{moderation.ActionBan, moderation.OutcomeFailed}, {moderation.ActionWarn, moderation.OutcomeUndone},
		{moderation.ActionKick, moderation.OutcomePlanned}}
	actions := make([]violations.Action, len(kinds))
	for i, k := range kinds {
		actions[i] = violations.Action{ID: int64(70 + i), At: Now.Add(-time.Duration(i) * time.Minute), Violation: 412,
			Action: moderation.Action{Kind: k.kind, Outcome: k.outcome, Source: moderation.SourceRule, Reason: "House words"}}
	}
	actions[1].Until, actions[1].CanUndo = Now.Add(time.Hour), true
	actions[2].Problem = "The bot may not ban here: give its role the permission Ban Members <b>."
	actions[3].By, actions[3].Source, actions[3].Reason = by, moderation.SourceDashboard, "please \u202e stop"
	actions[0].Undone = true
	actions[4].By, actions[4].Source = by, moderation.SourceCommand
	return actions
}

// ViolationFilter is the form of the list with everything filled in.
func ViolationFilter() violations.Filter {
	return violations.Filter{Guild: HarborID, Severity: "high", Source: "rule", Rule: "rule:99", State: "shadow", Member: "mara",
		Who: Person(31, "Mara Voss"), Channel: "5", From: "2026-03-01", To: "2026-03-14", Text: "nitro",
		Rules:    []ui.Option{{Value: "rule:12", Label: "House words", Group: "guildwatch"}},
		Channels: []ui.Option{{Value: snowflake.String(snowflake.ChannelID(5)), Label: "#general"}}}
}

// ViolationDetail is the page of a violation as a moderator sees it.
func ViolationDetail(row violations.Row) violations.Detail {
	return violations.Detail{
		Page: GuildPart("Pixel Harbor", "/violations/412"),
		Case: violations.Case{Place: ViolationsPlace(true), Row: row, Notes: []violations.Note{
			{At: Now.Add(-time.Minute), By: Person(41, "Otto Lind"), Text: "spoke to her </p><b>friendly</b>\u202e"}}},
		Act:  &violations.ActForm{To: violations.PageURL(HarborID, 412) + "/act", Message: true, TimedOut: true},
		Past: violations.Past{Rows: Violations()[1:3], Counted: 3, Level: 2, Next: "a timeout of 1 h"},
	}
}
