package main

import (
	"context"
	"fmt"

	"guildwatch/internal/access"
	"guildwatch/internal/bot"
	"guildwatch/internal/moderation/rule"
	"guildwatch/store"
)

// rulesReply is what /guildwatch rules says: each rule with its mode and what it found.
func (p *parts) rulesReply(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
	grant, err := granted[access.ViewDashboard](ctx, p, use)
	if err != nil {
		return bot.Reply{}, err
	}
	var list []store.RuleRow
	if err := p.store.Read(ctx, func(now *store.Snapshot) { list = now.RuleList(grant.Guild()) }); err != nil {
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
