package main

import (
	"context"
	"fmt"
	"strconv"

	"guildwatch/handlers"
	"guildwatch/internal/access"
	"guildwatch/internal/bot"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// health is how each part is doing: database, Discord, moderation, live streams, audit log.
func (p *parts) health(ctx context.Context) []handlers.Part {
	return []handlers.Part{p.databaseHealth(ctx), p.discordHealth(), p.deskHealth(), p.streamHealth(), p.audit.health(),
		p.mailHealth(), p.scams.health()}
}

func (p *parts) databaseHealth(ctx context.Context) handlers.Part {
	part := handlers.Part{Name: "database", State: handlers.Well}
	if err := p.store.Problem(); err != nil {
		part.State, part.Reason = handlers.Down, err.Error()
	} else if err := p.store.Read(ctx, func(*store.Snapshot) {}); err != nil {
		part.State, part.Reason = handlers.Down, "The database cannot be read."
	}
	return part
}

func (p *parts) discordHealth() handlers.Part {
	part := handlers.Part{Name: "discord", State: handlers.Well}
	status := p.bot.Status()
	part.Reason = status.Problem
	switch {
	case status.State == bot.StateStopped:
		part.State = handlers.Down
	case status.State != bot.StateConnected:
		part.State = handlers.Degraded
		if part.Reason == "" {
			part.Reason = "Connecting to Discord."
		}
	case len(status.Missing) > 0:
		part.State = handlers.Degraded
		for _, missing := range status.Missing {
			part.Reason += missing.Effect + " " + missing.Remedy + " "
		}
	}
	return part
}

// backedUp is how many actions Discord takes in ten seconds: with more, what a rule does comes late.
const backedUp = 400

// deskHealth says what waits: broken rules for the database, actions for Discord.
func (p *parts) deskHealth() handlers.Part {
	part := handlers.Part{Name: "moderation", State: handlers.Well}
	cases, actions := p.desk.Clerk().Waiting().Cases, p.store.Errands()
	if cases >= backedUp || actions >= backedUp {
		part.State = handlers.Degraded
		part.Reason = fmt.Sprintf("%d broken rules wait to be recorded, and %d actions wait for Discord, which takes some 40 "+
			"a second. The gravest go first.", cases, actions)
	}
	return part
}

func (p *parts) streamHealth() handlers.Part {
	part := handlers.Part{Name: "live streams", State: handlers.Well}
	if open := p.hub.Stats().Open; open >= p.config.StreamsTotal {
		part.State = handlers.Degraded
		part.Reason = "All " + strconv.Itoa(open) + " streams are taken. Raise --streams-total if the machine can bear it."
	}
	return part
}

// vitals are the figures of Discord's side and of the feed for /metrics.
func (p *parts) vitals() handlers.Vitals {
	return handlers.Vitals{Discord: p.bot.Status(), Announced: p.feed.Announced(), Panics: p.feed.Panics(),
		Worker: p.desk.Worker().Figures(), Clerk: p.desk.Clerk().Waiting()}
}

// gateway is the state of the connection as pages show it.
func (p *parts) gateway() stats.Gateway {
	status := p.bot.Status()
	gateway := stats.Gateway{Since: status.Since, Problem: status.Problem}
	switch status.State {
	case bot.StateConnected:
		gateway.State = "connected"
	case bot.StateResuming:
		gateway.State = "resuming"
	case bot.StateStopped:
		gateway.State = "stopped"
	default:
		gateway.State = "connecting"
	}
	for _, missing := range status.Missing {
		gateway.Missing = append(gateway.Missing, missing.Effect)
	}
	return gateway
}

// statsReply is what /guildwatch stats says: the dashboard's figures of the last 24 hours, to those who may see them there.
func (p *parts) statsReply(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
	grant, err := granted[access.ViewDashboard](ctx, p, use)
	if err != nil {
		return bot.Reply{}, err
	}
	day, err := p.stats.Guild(ctx, grant.Guild(), stats.Last(stats.PeriodDay))
	if err != nil {
		return bot.Reply{}, err
	}
	field := func(name string, f stats.Figure) bot.Field {
		return bot.Field{Name: name, Value: fmt.Sprintf("%.0f", f.Value), Inline: true}
	}
	return bot.Reply{Title: "The last 24 hours", Fields: []bot.Field{field("Messages", day.Messages), field("Violations", day.Violations),
		field("Actions", day.Actions), field("Joins", day.Joins), field("Leaves", day.Leaves), field("Commands", day.Commands)}}, nil
}
