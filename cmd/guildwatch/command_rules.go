package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"guildwatch/internal/access"
	"guildwatch/internal/bot"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/rules"
	"guildwatch/views/ui"
)

// ruleModes are what the option mode takes, and what they stand for.
var ruleModes = map[string]rule.Mode{"enforce": rule.Enforce, "shadow": rule.Shadow, "off": rule.Off}

// rulesCommand is /guildwatch rules: the list, one rule, or another mode for it.
func (p *parts) rulesCommand() bot.Command {
	return bot.Command{Name: "guildwatch rules", Description: "The rules and what they found, one of them, or another mode for it",
		Options: []bot.CommandOption{
			{Name: "rule", Description: "Which one", Kind: bot.OptionNumber, Completes: true},
			{Name: "mode", Description: "The mode that it gets", Kind: bot.OptionText, Choices: []string{"enforce", "shadow", "off"}}},
		Handle: p.rulesReply, Complete: p.completeRule}
}

// rulesReply is what /guildwatch rules says: each rule with its mode and what it found, or all of one.
func (p *parts) rulesReply(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
	grant, err := granted[access.ViewDashboard](ctx, p, use)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, asked := use.Options["rule"]; asked {
		return p.oneRule(ctx, use, grant.Guild())
	}
	if _, asked := use.Options["mode"]; asked {
		return bot.Reply{}, fault.New(fault.Invalid, "Choose the rule that is to get this mode.")
	}
	list, err := p.ruleList(ctx, grant.Guild())
	if err != nil {
		return bot.Reply{}, err
	}
	if len(list) == 0 {
		return bot.Reply{Text: "This server has no rules yet. Make the first on the dashboard's page Rules."}, nil
	}
	lines := make([]string, len(list))
	for i := range list {
		lines[i] = ruleLine(&list[i])
	}
	return bot.Reply{Text: listing("**Rules**, and how often each was broken in the last 7 and 30 days", lines)}, nil
}

func (p *parts) ruleList(ctx context.Context, guild snowflake.GuildID) (list []store.RuleRow, err error) {
	err = p.store.Read(ctx, func(now *store.Snapshot) { list = now.RuleList(guild) })
	return list, err
}

// oneRule says all of a rule, after it got the mode that was asked for.
func (p *parts) oneRule(ctx context.Context, use bot.Interaction, guild snowflake.GuildID) (bot.Reply, error) {
	number, err := strconv.ParseInt(use.Options["rule"], 10, 64)
	if err != nil {
		return bot.Reply{}, fault.New(fault.NotFound, "There is no such rule here.")
	}
	head := ""
	if text, asked := use.Options["mode"]; asked {
		grant, err := granted[access.UpdateRules](ctx, p, use)
		if err != nil {
			return bot.Reply{}, err
		}
		mode, known := ruleModes[text]
		if !known {
			return bot.Reply{}, fault.New(fault.Invalid, "Choose a mode: enforce, shadow or off.")
		}
		if _, err := p.store.SetRuleMode(ctx, grant, number, mode); err != nil {
			return bot.Reply{}, err
		}
		head = "The mode is saved.\n"
	}
	list, err := p.ruleList(ctx, guild)
	at := slices.IndexFunc(list, func(r store.RuleRow) bool { return r.Number == number })
	switch {
	case err != nil:
		return bot.Reply{}, err
	case at < 0:
		return bot.Reply{}, fault.New(fault.NotFound, "There is no such rule here.")
	}
	r := &list[at]
	lines := []string{ruleLine(r), fmt.Sprintf("%s, %s. Version %d.", rules.KindName(r.Kind), rules.Follows(&r.Rule), r.Version),
		"Severity: " + ui.SeverityName(r.Severity)}
	if n := len(r.ExemptChannels) + len(r.ExemptRoles); n > 0 {
		lines = append(lines, fmt.Sprintf("Exempt: %d channels, %d roles", len(r.ExemptChannels), len(r.ExemptRoles)))
	}
	return bot.Reply{Text: listing(head+"**Rule**, and how often it was broken in the last 7 and 30 days", lines)}, nil
}

// completeRule lists the rules whose name or number fits what is typed. Who may not see the rules is offered none.
func (p *parts) completeRule(ctx context.Context, use bot.Interaction) ([]bot.Choice, error) {
	grant, err := granted[access.ViewDashboard](ctx, p, use)
	if err != nil {
		return nil, err
	}
	list, err := p.ruleList(ctx, grant.Guild())
	if err != nil {
		return nil, err
	}
	typed := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(use.Options[use.Typed]), "#"))
	var choices []bot.Choice
	for i := range list {
		number := strconv.FormatInt(list[i].Number, 10)
		if strings.HasPrefix(number, typed) || strings.Contains(strings.ToLower(list[i].Name), typed) {
			choices = append(choices, bot.Choice{Name: ui.Visible(fmt.Sprintf("#%s %s (%s)", number, list[i].Name, list[i].Mode)),
				Value: list[i].Number})
		}
	}
	return choices, nil
}

func ruleLine(r *store.RuleRow) string {
	line := fmt.Sprintf("**#%d** %s (%s): ", r.Number, plain(r.Name, 60), r.Mode)
	if r.Problem != "" {
		return line + "switched off by guildwatch. " + plain(r.Problem, 120)
	}
	week, month := r.Week.Counted, r.Month.Counted
	if r.Mode == rule.Shadow {
		week, month = r.Week.Shadow, r.Month.Shadow
	}
	line += fmt.Sprintf("%d and %d", week, month)
	if wrong := r.Month.FalsePositives; wrong > 0 {
		line += fmt.Sprintf(", and %d false positives", wrong)
	}
	return line
}
