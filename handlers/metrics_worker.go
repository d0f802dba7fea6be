package handlers

import (
	"github.com/prometheus/client_golang/prometheus"

	"guildwatch/internal/moderation/desk"
)

// aboutClerk tells what becomes of broken rules until they are recorded.
func (s *site) aboutClerk() prometheus.Collector {
	return only(func() desk.Waiting { return s.Vitals().Clerk }).
		gauge("guildwatch_cases_waiting", "Broken rules that wait to be recorded.",
			func(w desk.Waiting) float64 { return float64(w.Cases) }).
		gauge("guildwatch_cases_waiting_guilds", "Servers whose broken rules wait.",
			func(w desk.Waiting) float64 { return float64(w.Guilds) }).
		counter("guildwatch_cases_recorded_total", "Broken rules recorded, those that were known already included.",
			func(w desk.Waiting) float64 { return float64(w.Opened) }).
		counter("guildwatch_cases_shed_total", "Broken rules given up because too many came; they are in the gaps.",
			func(w desk.Waiting) float64 { return float64(w.Shed) }).
		counter("guildwatch_cases_lost_total", "Broken rules that could not be recorded: a fault.",
			func(w desk.Waiting) float64 { return float64(w.Lost) })
}

// aboutOutbox tells how much Discord has still to be asked for.
func (s *site) aboutOutbox() prometheus.Collector {
	return only(s.Store.Errands).gauge("guildwatch_actions_waiting", "Actions that wait for Discord, or are on their way to it.",
		func(n int64) float64 { return float64(n) })
}

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
