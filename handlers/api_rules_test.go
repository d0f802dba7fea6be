package handlers

import (
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
)

func TestJSONOfTheRules(t *testing.T) {
	h := governed(t, nil)
	ctx := t.Context()
	owner := access.Person(keeper, false)
	update, err := access.Check[access.UpdateRules](ctx, h.Roster, owner, home)
	must(t, err)
	for _, id := range []string{"flooding", "new-accounts"} {
		template, _ := rule.TemplateOf(id)
		template.Rule.ExemptChannels, template.Rule.ExemptRoles = []snowflake.ChannelID{newsChannel}, []snowflake.RoleID{modsRole}
		_, err := h.Store.SaveRule(ctx, update, template.Rule, "")
		must(t, err)
	}
	_, err = h.Store.SwitchRuleOff(ctx, access.OfSystem[access.UpdateRules](home), 2, 1, "It took 41 ms for one message.")
	must(t, err)
	settings, err := access.Check[access.UpdateSettings](ctx, h.Roster, owner, home)
	must(t, err)
	must(t, h.Store.SaveLadder(ctx, settings,
		ladder.Ladder{{Kind: moderation.ActionWarn}, {Kind: moderation.ActionTimeout, Timeout: time.Hour}}))
	must(t, h.Store.SeeNativeRule(ctx, moderation.NativeRuleSeen{Origin: moderation.Origin{Guild: home, At: noon}, Rule: 8,
		Name: evilName, Enabled: true, Trigger: moderation.TriggerSpam}))
	words := houseNative(9, "Words")
	words.Spec.Actions = append(words.Spec.Actions, moderation.NativeAction{Kind: moderation.NativeTimeout, Timeout: time.Hour},
		moderation.NativeAction{Kind: moderation.NativeAlert, Channel: logsChannel})
	words.Spec.ExemptRoles = []snowflake.RoleID{modsRole}
	must(t, h.Store.SeeNativeRule(ctx, moderation.NativeRuleSeen{Origin: moderation.Origin{Guild: home, At: noon}, Rule: words.ID,
		Name: words.Name, Trigger: words.Trigger, Spec: &words.Spec}))
	golden(t, "rules", h.get(t, 200, apiPath(home, "rules")).body)
	h.get(t, 404, apiPath(other, "rules"))
	h.get(t, 400, apiPath(home, "rules")+"?page=1")
}

func TestJSONOfNoRules(t *testing.T) {
	h := open(t, nil)
	golden(t, "rules_empty", h.get(t, 200, apiPath(home, "rules")).body)
}

// Every rule is told of, those that found nothing too; what a moderator called wrong is a share of what counted.
func TestJSONOfHowEffectiveRulesAre(t *testing.T) {
	h := governed(t, nil)
	h.govern(t, home, keeper, "Silent rule")
	ctx, at := t.Context(), noon.Add(-time.Minute)
	manage, err := access.Check[access.ManageViolations](ctx, h.Roster, access.Person(keeper, false), home)
	must(t, err)
	for i := range 4 {
		opened, err := h.Store.Open(ctx, moderation.Case{Version: 1, Shadow: i == 3, Surface: moderation.SurfaceContent,
			Evidence: "x",
			Detected: at, Violation: moderation.Violation{Guild: home, At: at, Source: moderation.SourceRule,
				Severity: moderation.SeverityHigh, Rule: "rule:1", RuleName: "House rule", User: modID, Message: snowflake.MessageID(900 + i)}})
		must(t, err)
		if i == 0 {
			must(t, h.Store.MarkFalsePositive(ctx, manage, opened.Violation, true))
		}
	}
	must(t, h.Store.SeeNativeRule(ctx, moderation.NativeRuleSeen{Origin: moderation.Origin{Guild: home, At: noon}, Rule: 8,
		Name: evilName, Enabled: true, Trigger: moderation.TriggerSpam}))
	_, err = h.Store.RecordExecution(ctx, moderation.AutoModExecution{Origin: moderation.Origin{Guild: home,
		At: at}, Rule: 8,
		Trigger: moderation.TriggerSpam, User: modID, Channel: generalChannel, Message: 990, Did: moderation.ActionDelete})
	must(t, err)
	golden(t, "rule_effectiveness", h.get(t, 200, apiPath(home, "rule-effectiveness")+"?period=hour").body)
	for _, wrong := range []string{"period=year", "period=day&from=2026-11-01", "to=2026-11-01", "from=never",
		"from=2026-11-02&to=2026-11-01", "from=2020-01-01&to=2026-11-01", "from=1926-01-01", "from=2926-01-01"} {
		for _, path := range []string{"rule-effectiveness", "top-offenders", "temporal-analytics", "workload"} {
			h.get(t, 400, apiPath(home, path)+"?"+wrong)
		}
	}
	h.get(t, 404, apiPath(other, "rule-effectiveness"))
}
