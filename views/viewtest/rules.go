package viewtest

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/moderation/rule/scam"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/rules"
	"guildwatch/views/ui"
)

// RulesPlace is where the busy server's rules stand, for somebody who may do this with them.
func RulesPlace(may rules.May) rules.Place {
	return rules.Place{Guild: HarborID, At: Now, Seq: 4711, TimeZone: "Europe/Lisbon", May: may}
}

// AllRights is what an owner may do with rules.
var AllRights = rules.May{Update: true, Delete: true, Ladder: true}

// WordRule is a rule with names of users in it, exempt where something is gone.
func WordRule() rule.Rule {
	return rule.Rule{
		Number: 2, Version: 4, Name: "Slurs \u202e\"><script>alert(1)</script>", Kind: rule.Words, Mode: rule.Enforce,
		Severity: moderation.SeverityHigh, Respond: rule.RespondTimeout, Timeout: 90 * time.Minute, Delete: true,
		ExemptChannels: []snowflake.ChannelID{11, 99_123_456}, ExemptRoles: []snowflake.RoleID{9},
		Spec: rule.Spec{Words: []string{"blorp", "grumble*", "<b>zonk</b>"}},
	}
}

// RuleNames are what the ids in rules are called.
func RuleNames() rules.Names {
	return rules.Names{Channels: map[snowflake.ChannelID]string{11: "#general"},
		Roles: map[snowflake.RoleID]string{9: Forged.Name}}
}

// Rules is the page of rules with every mode in it.
func Rules(may rules.May) rules.View {
	place := RulesPlace(may)
	made := func(number int64, id string, mode rule.Mode, week rules.Hits) rules.Row {
		t, _ := rule.TemplateOf(id)
		t.Rule.Number, t.Rule.Version, t.Rule.Mode = number, 1, mode
		return rules.Row{Rule: t.Rule, Week: week}
	}
	broken := made(5, "programs", rule.Off, rules.Hits{})
	broken.Problem = "the expression took 41 ms for one message."
	rows := []rules.Row{
		made(1, "scam-links", rule.Enforce, rules.Hits{Counted: 1, False: 1}),
		{Rule: WordRule(), Week: rules.Hits{Counted: 1240, Shadow: 3, False: 17}},
		made(3, "shouting", rule.Shadow, rules.Hits{Shadow: 12}),
		made(4, "flooding", rule.Shadow, rules.Hits{}), broken,
	}
	v := rules.View{
		Page: GuildPart("Pixel Harbor", "/rules"), List: rules.List{Place: place, Rows: rows},
		Natives: Natives(place), Ladder: rules.Ladder{Steps: ladder.Default()}, Try: RulesTry(),
	}
	if may.Update {
		v.Templates = rule.Templates()
	}
	return v
}

// RulesTry is the box for trying, before anything was tried.
func RulesTry() rules.Try {
	return rules.Try{Guild: HarborID, Surface: string(moderation.SurfaceContent),
		Ladder:   rules.Ladder{Steps: ladder.Default()},
		Channels: []ui.Option{{Value: "11", Label: "#general"}, {Value: "12", Label: "#mod-log", Group: "Staff"}}}
}

// Verdict is what some rules say of a text.
func Verdict(text string, list ...rule.Rule) *rule.Verdict {
	set, _ := rule.Compile(HarborID, list, scam.Known())
	v := set.Try(rule.Sample{Text: text, Surface: moderation.SurfaceContent, Age: 1000 * time.Hour}, Now)
	return &v
}

// RuleEditor is the page of the word rule.
func RuleEditor(may rules.May) rules.Editor {
	e := rules.Editor{Page: GuildPart("Pixel Harbor", "/rules/2"), Place: RulesPlace(may), Names: RuleNames(),
		Row: rules.Row{Rule: WordRule(), Week: rules.Hits{Counted: 12}}, Ladder: rules.Ladder{Steps: ladder.Default()}}
	if may.Update {
		e.Form = RuleForm(WordRule())
	}
	return e
}

// RuleForm is the form for a rule with what the busy server has to choose from.
func RuleForm(r rule.Rule) *rules.Form {
	f := rules.Fill(r)
	f.Channels = []ui.Option{{Value: "11", Label: "#general"}, {Value: "12", Label: "#mod-log", Group: "Staff"}}
	f.Roles = []ui.Option{{Value: "9", Label: Forged.Name}}
	return &f
}

// RuleVersions is what the word rule was.
func RuleVersions(may rules.May) rules.Versions {
	now := WordRule()
	before := now
	before.Version, before.Mode, before.Respond, before.Delete = 3, rule.Shadow, rule.RespondLadder, false
	before.Spec.Words, before.ExemptRoles = []string{"blorp", "old"}, nil
	return rules.Versions{
		Page: GuildPart("Pixel Harbor", "/rules/2/versions"), Place: RulesPlace(may), Rule: now,
		Rows: []rules.Version{
			{Number: 4, At: Now.Add(-time.Hour), By: Person(31, "Mara Voss"), Note: "too <b>mild</b>",
				Changes: rules.Differences(&before, &now, RuleNames())},
			{Number: 3, At: Now.AddDate(0, 0, -3), By: Person(33, "evil\u202ename\u200b"), Note: "rolled back to version 1"},
			{Number: 1, At: Now.AddDate(0, -1, 0)},
		},
	}
}

// RuleShadow is what a rule in shadow mode would have done.
func RuleShadow(may rules.May) rules.Shadow {
	r := WordRule()
	r.Mode = rule.Shadow
	return rules.Shadow{
		Page: GuildPart("Pixel Harbor", "/rules/2/shadow"), Place: RulesPlace(may),
		Row: rules.Row{Rule: r, Week: rules.Hits{Shadow: 2}}, Pages: ui.Pages{Older: "/g/81384788765712384/rules/2/shadow?before=398"},
		Hits: []rules.ShadowHit{
			{Number: 412, At: Now.Add(-time.Minute), Person: Person(32, "xX_spam_lord_with_a_rather_long_name_Xx"),
				Channel: "general\u202e", Text: "b l o r p <script>alert(1)</script>", Follows: rules.Follows(&r)},
			{Number: 398, At: Now.AddDate(0, 0, -2),
				Person:  stats.Person{ID: 34, Name: "Deleted User #482913", Gone: true, Known: true},
				Follows: "message deleted"},
		},
	}
}
