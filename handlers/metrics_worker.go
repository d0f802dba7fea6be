package handlers

import (
	"github.com/prometheus/client_golang/prometheus"

	"guildwatch/internal/moderation/desk"
)

// aboutWorker tells what becomes of the actions that rules and people have asked for.
func (s *site) aboutWorker() prometheus.Collector {
	return only(func() desk.Figures { return s.Vitals().Worker }).
		gauge("guildwatch_actions_under_way", "Actions that Discord is being asked for.",
			func(f desk.Figures) float64 { return float64(f.Flying) }).
		counter("guildwatch_actions_settled_total", "Answers recorded: done, failed for good, or to be asked for again.",
			func(f desk.Figures) float64 { return float64(f.Settled) }).
		counter("guildwatch_actions_failed_total", "Actions that Discord refused for good.",
			func(f desk.Figures) float64 { return float64(f.Failed) }).
		counter("guildwatch_actions_retried_total", "Actions put off because Discord did not answer or asked to wait.",
			func(f desk.Figures) float64 { return float64(f.Retried) }).
		counter("guildwatch_actions_panics_total", "Actions whose handling panicked: a fault.",
			func(f desk.Figures) float64 { return float64(f.Panics) })
}
