package export

import (
	"context"
	"fmt"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// computed is a table that was computed at once: a few rows of figures.
type computed struct {
	cols  []Column
	write func(*sheet)
}

func (c *computed) columns() []Column { return c.cols }

func (c *computed) next(*store.Snapshot) func(*sheet) {
	write := c.write
	c.write = nil
	return write
}

// figures are the tables that stats computes, the same as pages show.
func (x *Exporter) figures(ctx context.Context, e store.Export) (source, error) {
	period := stats.PeriodDay
	if e.Filter.Period != "" {
		period = stats.Period(e.Filter.Period)
	}
	if What(e.What) == Effectiveness {
		return x.effectiveness(ctx, e, period)
	}
	board, err := x.o.Stats.Guild(ctx, e.Guild, period)
	if err != nil {
		return nil, err
	}
	if What(e.What) == Offenders {
		return &computed{offenderColumns, func(s *sheet) { writeOffenders(s, board) }}, nil
	}
	return &computed{healthColumns, func(s *sheet) { writeHealth(s, board.HealthAnswer()) }}, nil
}

var healthColumns = []Column{
	{"measure", Word}, {"at", Moment}, {"at_local", Local}, {"value", Decimal}, {"points", Decimal},
	{"most_points", Decimal}, {"free_up_to", Decimal}, {"most_from", Decimal}, {"previous", Decimal}, {"level", Word},
	{"limited_data", Word},
}

// writeHealth writes the score and what each cause takes from it.
func writeHealth(s *sheet, h stats.HealthAnswer) {
	limited := "no"
	if h.Limited {
		limited = "yes"
	}
	lost := 0.0
	for _, p := range h.Penalties {
		lost += p.Points
	}
	s.word("score")
	times(s, h.At)
	s.decimal(h.Score)
	s.decimal(lost)
	for range 3 {
		s.none()
	}
	s.perhaps(h.Previous)
	s.word(string(h.Level))
	s.word(limited)
	s.end()
	for _, p := range h.Penalties {
		s.word(string(p.Cause))
		times(s, h.At)
		s.perhaps(p.Input)
		s.decimal(p.Points)
		s.decimal(p.Most)
		s.decimal(p.From)
		s.decimal(p.To)
		s.none()
		s.none()
		s.none()
		s.end()
	}
}

var offenderColumns = []Column{
	{"place", Number}, {"user_id", ID}, {"user_name", Text}, {"violations", Number}, {"last_at", Moment},
	{"last_at_local", Local}, {"period_from", Moment}, {"period_to", Moment},
}

func writeOffenders(s *sheet, board *stats.Guild) {
	for i, one := range board.Offenders {
		s.number(int64(i + 1))
		s.id(idOf(one.ID))
		s.text(one.Name)
		s.number(one.Violations)
		times(s, one.Last)
		s.moment(board.Since)
		s.moment(board.At)
		s.end()
	}
}

var effectColumns = []Column{
	{"rule", Text}, {"source", Word}, {"name", Text}, {"mode", Word}, {"severity", Word}, {"counted", Number},
	{"shadow", Number}, {"false_positives", Number}, {"false_positive_share", Decimal}, {"period_from", Moment},
	{"period_to", Moment},
}

// effectiveness is every rule with what it found, those that found nothing included.
func (x *Exporter) effectiveness(ctx context.Context, e store.Export, period stats.Period) (source, error) {
	now := x.o.Clock()
	within := store.Span{From: now.Add(-period.Length()), Until: now.Add(moderation.Bucket)}
	type effect struct {
		rule, name, mode string
		source           moderation.Source
		severity         moderation.Severity
		store.RuleCounts
	}
	var rows []effect
	err := x.o.Store.Read(ctx, func(snapshot *store.Snapshot) {
		for _, r := range snapshot.RuleList(e.Guild) {
			rows = append(rows, effect{rule: fmt.Sprintf("rule:%d", r.Number), name: r.Name, mode: string(r.Mode),
				source: moderation.SourceRule, severity: r.Severity})
		}
		for _, r := range snapshot.NativeRules(e.Guild) {
			rows = append(rows, effect{rule: fmt.Sprintf("automod:%d", r.Rule), name: r.Name,
				source: moderation.SourceAutoMod, severity: r.Trigger.Severity()})
		}
		for i := range rows {
			rows[i].RuleCounts = snapshot.RuleCounts(e.Guild, rows[i].rule, within)
		}
	})
	return &computed{effectColumns, func(s *sheet) {
		for _, r := range rows {
			s.text(r.rule)
			s.word(string(r.source))
			s.text(r.name)
			s.word(r.mode)
			s.word(string(r.severity))
			s.number(r.Counted)
			s.number(r.Shadow)
			s.number(r.FalsePositives)
			if all := r.Counted + r.FalsePositives; all > 0 {
				s.decimal(float64(r.FalsePositives) / float64(all))
			} else {
				s.none()
			}
			s.moment(within.From)
			s.moment(now.Truncate(time.Millisecond))
			s.end()
		}
	}}, err
}

// perhaps is a cell with a number that may not be known.
func (s *sheet) perhaps(n *float64) {
	if n == nil {
		s.none()
		return
	}
	s.decimal(*n)
}
