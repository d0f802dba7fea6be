package viewtest

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/stats"
)

// Lines are one of each kind of line, newest first, with what people try on those who read them.
func Lines() []stats.Line {
	mara, otto := Person(31, "Mara Voss"), Person(41, "Otto Lind")
	spam := Person(32, "xX_spam_lord_with_a_rather_long_name_Xx")
	helper := stats.Person{ID: 77, Name: "Harbor Helper", Bot: true, Known: true}
	lines := []stats.Line{
		{Change: violation(moderation.SeverityCritical, "Mention spam", "@everyone free nitro"), Target: spam},
		{Change: action(moderation.ActionTimeout, moderation.SourceAutoMod, "Mention spam"), Target: spam},
		{Change: action(moderation.ActionBan, moderation.SourceAudit,
			"Scam links in three channels, after two warnings"), Target: spam, By: otto},
		{Change: moderation.Change{Kind: moderation.ChangeCommand, Label: "guildwatch stats", User: 1,
			Outcome: moderation.OutcomeDone}, Target: otto},
		{Change: moderation.Change{Kind: moderation.ChangeJoin, User: 1}, Target: mara},
		{Change: moderation.Change{Kind: moderation.ChangeLeave, User: 1},
			Target: stats.Person{ID: 34, Name: "Deleted User #482913", Gone: true, Known: true}},
		{Change: violation(moderation.SeverityMedium, "Keyword",
			"line one\ndata: forged\r\nevent: end </script><b>bold</b> \u202egnp.exe"),
			Target: Person(33, "evil\u202ename\u200b")},
		{Change: action(moderation.ActionDelete, moderation.SourceCommand, ""), Target: mara, By: otto},
		{Change: action(moderation.ActionKick, moderation.SourceRule, "new account"),
			Target: stats.Person{ID: 35, Name: "User #120044"}},
		{Change: action(moderation.ActionUnban, moderation.SourceDashboard, "appeal granted"), Target: mara, By: otto},
		{Change: action(moderation.ActionUntimeout, moderation.SourceAudit, ""), Target: mara, By: helper},
		{Change: action(moderation.ActionNote, moderation.SourceDashboard, "spoke to her, friendly"), Target: mara,
			By: otto},
		{Change: action(moderation.ActionWarn, moderation.SourceCommand, "please keep it in #off-topic"),
			Target: mara, By: otto},
		{Change: moderation.Change{Kind: moderation.ChangeGap, Detail: "Discord ended the session"}},
		{Change: moderation.Change{Kind: moderation.ChangeConfig, Label: "time_zone", Actor: 1}, By: otto},
		{Change: moderation.Change{Kind: moderation.ChangeGuild, Label: "outage"}},
		{Change: moderation.Change{Kind: moderation.ChangeGuild, Label: "joined"}},
	}
	lines[2].Outcome = moderation.OutcomeFailed
	ages := []time.Duration{8 * time.Second, 52 * time.Second, 4 * time.Minute, 9 * time.Minute, 26 * time.Minute,
		time.Hour, 3 * time.Hour}
	for i := range lines {
		lines[i].Seq, lines[i].Guild, lines[i].GuildName = int64(4711-i), HarborID, "Pixel Harbor"
		lines[i].At = Now.Add(-ages[min(i, len(ages)-1)] - time.Duration(max(0, i-6))*5*time.Hour)
	}
	return lines
}

func violation(severity moderation.Severity, rule, detail string) moderation.Change {
	return moderation.Change{Kind: moderation.ChangeViolation, Source: moderation.SourceAutoMod, Severity: severity,
		Label: rule, Detail: detail, User: 1}
}

// action has an actor unless it is automatic.
func action(kind moderation.ActionKind, source moderation.Source, reason string) moderation.Change {
	c := moderation.Change{Kind: moderation.ChangeAction, Source: source, Action: kind,
		Outcome: moderation.OutcomeDone, Detail: reason, User: 1, Actor: 2}
	if source == moderation.SourceAutoMod || source == moderation.SourceRule {
		c.Actor = 0
	}
	return c
}
