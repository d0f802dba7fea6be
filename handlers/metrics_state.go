package handlers

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"guildwatch/internal/bot"
)

// aboutParts tells what /health tells, as numbers.
func (s *site) aboutParts() prometheus.Collector {
	read := func() (all []is[State]) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		for _, part := range s.Health(ctx) {
			all = append(all, each(part.Name, part.State, Well, Degraded, Down)...)
		}
		return all
	}
	return by(read, func(p is[State]) []string { return []string{p.what, string(p.state)} }, "part", "status").
		gauge("guildwatch_part_status", "1 for the state that a part is in: ok, degraded or down.", is[State].float)
}

// aboutGatewayState tells how the connection to Discord stands.
func (s *site) aboutGatewayState() prometheus.Collector {
	read := func() []is[bot.State] { return each("gateway", s.Vitals().Discord.State, bot.States()...) }
	return by(read, func(g is[bot.State]) []string { return []string{string(g.state)} }, "state").
		gauge("guildwatch_gateway_state", "1 for the state that the connection to Discord is in.", is[bot.State].float)
}

// is says whether something is in one of its states.
type is[S ~string] struct {
	what  string
	state S
	now   bool
}

// each asks of every state whether it is the one that what is in: alerts need the zeros too.
func each[S ~string](what string, now S, states ...S) (all []is[S]) {
	for _, state := range states {
		all = append(all, is[S]{what, state, state == now})
	}
	return all
}

func (i is[S]) float() float64 {
	if i.now {
		return 1
	}
	return 0
}
