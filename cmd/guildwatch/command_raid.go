package main

import (
	"context"
	"fmt"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/bot"
	"guildwatch/internal/moderation/raid"
	"guildwatch/store"
)

// raidCommands are /guildwatch raid on, off and status.
func (p *parts) raidCommands() []bot.Command {
	return []bot.Command{
		{Name: "guildwatch raid on", Description: "Pause invites and raise the verification level until it is calm",
			Handle: p.raidSwitch(true)},
		{Name: "guildwatch raid off", Description: "End raid mode and put back what it changed",
			Handle: p.raidSwitch(false)},
		{Name: "guildwatch raid status", Description: "Whether raid mode is on, and what it changed",
			Handle: p.raidStatus},
	}
}

// raidSwitch is what /guildwatch raid on and off do.
func (p *parts) raidSwitch(on bool) func(context.Context, bot.Interaction) (bot.Reply, error) {
	return func(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
		grant, err := granted[access.SwitchRaidMode](ctx, p, use)
		if err != nil {
			return bot.Reply{}, err
		}
		r, err := p.desk.SwitchRaid(ctx, grant, on)
		if err != nil {
			return bot.Reply{}, err
		}
		if !on {
			return bot.Reply{Text: fmt.Sprintf("Raid mode is off. What raid %d changed is being put back.", r.Number)}, nil
		}
		return bot.Reply{Text: fmt.Sprintf("**Raid mode is on**, as raid %d. Invites are being paused and the verification level "+
			"raised. It ends %s unless there are more signs, or with `/guildwatch raid off`.", r.Number, ago(r.Until()))}, nil
	}
}

// raidStatus is what /guildwatch raid status says.
func (p *parts) raidStatus(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
	grant, err := granted[access.ViewDashboard](ctx, p, use)
	if err != nil {
		return bot.Reply{}, err
	}
	var r raid.Raid
	var known bool
	var chosen raid.Settings
	if err := p.store.Read(ctx, func(now *store.Snapshot) {
		r, known = now.NewestRaid(grant.Guild())
		chosen = now.RaidSettings(grant.Guild())
	}); err != nil {
		return bot.Reply{}, err
	}
	lines := []string{"Preset: " + string(chosen.Preset) + "."}
	if time.Now().Before(chosen.Expected) {
		lines = append(lines, "A wave of newcomers is expected: until "+ago(chosen.Expected)+" what looks like a raid is noted alone.")
	}
	head := "**There has been no raid**"
	if known {
		head = fmt.Sprintf("**Raid mode is off.** The last raid was %d, %s: %s.", r.Number, ago(r.Started), r.Cause())
		if r.On() {
			head = fmt.Sprintf("**Raid mode is on** since %s, as raid %d: %s.", ago(r.Started), r.Number, r.Cause())
			lines = append(lines, "It ends "+ago(r.Until())+" unless there are more signs.")
		}
		if r.EndedWhy != raid.EndedExpected {
			lines = append(lines, r.Doing()...)
		}
		if r.Problem != "" {
			lines = append(lines, "Not put back yet: "+r.Problem)
		}
	}
	return bot.Reply{Text: listing(head, lines)}, nil
}
