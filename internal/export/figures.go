package export

import (
	"context"
	"strconv"
	"strings"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// computed is a table that was computed at once: a few rows of figures.
type computed struct {
	cols  []Column
	write func(*sheet)
}

// gone is over with the one page that there is: until then nobody knows how many rows it has.
func (c *computed) gone(rows int64) (gone, total int64) { return rows, rows }

func (c *computed) columns() []Column { return c.cols }

func (c *computed) next(*store.Snapshot) func(*sheet) {
	write := c.write
	c.write = nil
	return write
}

// figures are the tables that stats computes, the same as pages show.
func (x *Exporter) figures(ctx context.Context, e store.Export) (source, error) {
	if What(e.What) == Health {
		board, err := x.o.Stats.Guild(ctx, e.Guild, stats.Last(stats.PeriodDay))
		if err != nil {
			return nil, err
		}
		return &computed{healthColumns, func(s *sheet) { writeHealth(s, board.HealthAnswer()) }}, nil
	}
	window, err := windowOf(x.o.Clock(), &e.Filter)
	if err != nil {
		return nil, err
	}
	a, err := x.o.Stats.Analytics(ctx, e.Guild, window)
	if err != nil {
		return nil, err
	}
	switch What(e.What) {
	case Offenders:
		return &computed{offenderColumns, func(s *sheet) { writeOffenders(s, a) }}, nil
	case Effectiveness:
		return &computed{effectColumns, func(s *sheet) { writeEffects(s, a) }}, nil
	}
	return &computed{temporalColumns, func(s *sheet) { writeTemporal(s, a) }}, nil
}

// Check says why the time of an order makes no sense, in a fault of kind Invalid.
func Check(now time.Time, order *store.ExportOrder) error {
	f := &order.Filter
	switch What(order.What) {
	case Offenders, Effectiveness, Temporal:
		_, err := windowOf(now, f)
		return err
	}
	if !f.From.IsZero() && !f.To.IsZero() && !f.From.Before(f.To) {
		return fault.New(fault.Invalid, "The time must begin before it ends.")
	}
	return nil
}

// windowOf is the time that figures are of: a period that ends now, or any other time.
func windowOf(now time.Time, f *store.ExportFilter) (stats.Window, error) {
	now = now.UTC()
	switch {
	case f.Period != "" && !(f.From.IsZero() && f.To.IsZero()):
		return stats.Window{}, fault.New(fault.Invalid, "Give either a period, or from and to.")
	case f.From.IsZero() && !f.To.IsZero():
		return stats.Window{}, fault.New(fault.Invalid, "Say also when the time begins.")
	case f.From.IsZero() && f.Period == "":
		return stats.WindowOf(now, stats.PeriodDay)
	case f.From.IsZero():
		return stats.WindowOf(now, stats.Period(f.Period))
	case f.To.IsZero():
		return stats.CustomWindow(now, f.From, now)
	}
	return stats.CustomWindow(now, f.From, f.To)
}

var healthColumns = []Column{
	{"measure", Word}, {"at", Moment}, {"at_local", Local}, {"value", Decimal}, {"points", Decimal},
	{"most_points", Decimal}, {"free_up_to", Decimal}, {"most_from", Decimal}, {"previous", Decimal}, {"level", Word},
	{"limited_data", Word},
}

// writeHealth writes the score and what each cause takes from it.
func writeHealth(s *sheet, h stats.HealthAnswer) {
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
	s.whether(h.Limited)
	s.end()
	for _, p := range h.Penalties {
		s.word(string(p.Cause))
		times(s, h.At)
		s.perhaps(p.Input)
		s.decimal(p.Points)
		s.decimal(p.Most)
		s.decimal(p.From)
		s.decimal(p.To)
		for range 3 {
			s.none()
		}
		s.end()
	}
}

var offenderColumns = []Column{
	{"place", Number}, {"user_id", ID}, {"user_name", Text}, {"violations", Number}, {"last_at", Moment},
	{"last_at_local", Local}, {"period_from", Moment}, {"period_to", Moment},
}

func writeOffenders(s *sheet, a *stats.Analytics) {
	for i, one := range a.Members.Offenders {
		s.number(int64(i + 1))
		s.id(idOf(one.ID))
		s.text(one.Name)
		s.number(one.Violations)
		times(s, one.Last)
		span(s, a.Window.Span)
		s.end()
	}
}

var effectColumns = []Column{
	{"rule", Text}, {"source", Word}, {"name", Text}, {"version", Number}, {"mode", Word}, {"severity", Word},
	{"deleted", Word}, {"counted", Number}, {"low", Number}, {"medium", Number}, {"high", Number}, {"critical", Number},
	{"shadow", Number}, {"false_positives", Number}, {"false_positive_share", Decimal},
	{"false_positive_share_low", Decimal}, {"false_positive_share_high", Decimal}, {"changed", Number},
	{"period_from", Moment}, {"period_to", Moment}, {"counted_before", Number}, {"change_percent", Decimal}, {"kind", Word},
	{"versions", Text},
}

// writeEffects writes every rule with what it found, those that found nothing included.
func writeEffects(s *sheet, a *stats.Analytics) {
	for i := range a.Rules {
		r := &a.Rules[i]
		s.text(r.Rule)
		s.word(string(r.Source))
		s.text(r.Name)
		s.counted(r.Version)
		s.word(string(r.Mode))
		s.word(string(r.Severity))
		s.whether(r.Deleted)
		s.number(r.Found.Counted())
		for severity := range moderation.Severities() {
			s.number(r.Found.BySeverity[severity])
		}
		s.number(r.Found.Shadow)
		s.number(r.Found.FalsePositives)
		if r.Wrong.Known {
			s.decimal(r.Wrong.Share)
			s.decimal(r.Wrong.Low)
			s.decimal(r.Wrong.High)
		} else {
			for range 3 {
				s.none()
			}
		}
		s.number(int64(len(r.Marks)))
		span(s, a.Window.Span)
		earlier(s, r.Change)
		s.word(stats.KindOf(&r.RuleLabel))
		s.text(versions(r.Marks))
		s.end()
	}
}

// versions lists new versions in a line: "3 at 2026-11-20T18:32:00Z (fewer words); 4 at 2026-11-20T19:00:00Z".
func versions(marks []stats.MarkPoint) string {
	var line strings.Builder
	for i, mark := range marks {
		if i > 0 {
			line.WriteString("; ")
		}
		line.WriteString(strconv.FormatInt(mark.Version, 10) + " at " + mark.At.UTC().Format(time.RFC3339))
		if mark.Note != "" {
			line.WriteString(" (" + mark.Note + ")")
		}
	}
	return line.String()
}

var temporalColumns = []Column{
	{"part", Word}, {"weekday", Word}, {"hour", Number}, {"from", Moment}, {"from_local", Local}, {"to", Moment},
	{"violations", Number}, {"hours", Number}, {"hours_with_moderator", Number}, {"gap", Word}, {"usual_low", Decimal},
	{"usual_median", Decimal}, {"usual_high", Decimal}, {"period_from", Moment}, {"period_to", Moment},
	{"usual_weeks", Number}, {"period_violations", Number}, {"period_violations_before", Number},
	{"period_change_percent", Decimal},
}

// writeTemporal writes the 168 hours of the week, then the series. The violations of each part add up to the same, which
// every row says beside those of the time before.
func writeTemporal(s *sheet, a *stats.Analytics) {
	t, total := a.TemporalAnswer(), &a.Temporal.Violations
	period := store.Span{From: t.Since, Until: t.Until}
	for _, slot := range t.Heatmap {
		s.word("hour_of_week")
		s.word(slot.Weekday)
		s.number(int64(slot.Hour))
		for range 3 {
			s.none()
		}
		s.number(slot.Violations)
		s.number(int64(slot.Hours))
		s.number(int64(slot.Attended))
		s.whether(slot.Missed)
		for range 3 {
			s.none()
		}
		span(s, period)
		s.none()
		whole(s, total)
		s.end()
	}
	for _, point := range t.Series {
		s.word("interval")
		s.none()
		s.none()
		times(s, point.From)
		s.moment(point.Until)
		s.number(point.Violations)
		s.none()
		s.none()
		s.whether(point.Missed)
		weeks := 0
		if usual := point.Usual; usual != nil {
			s.decimal(usual.Low)
			s.decimal(usual.Median)
			s.decimal(usual.High)
			weeks = usual.Weeks
		} else {
			for range 3 {
				s.none()
			}
		}
		span(s, period)
		s.counted(int64(weeks))
		whole(s, total)
		s.end()
	}
}

// span are the two cells of the time that figures are of.
func span(s *sheet, of store.Span) {
	s.moment(of.From)
	s.moment(of.Until)
}

// whole are the cells of how many there were in all, and in the time before.
func whole(s *sheet, total *stats.Figure) {
	if total.Known {
		s.number(int64(total.Value))
	} else {
		s.none()
	}
	earlier(s, total.Change)
}

// earlier are the two cells of what a count was in the time before, and of its change in percent. A time that was not
// watched has neither, and what was nothing has no percentage.
func earlier(s *sheet, c stats.Change) {
	if !c.Known {
		s.none()
		s.none()
		return
	}
	s.number(int64(c.Previous))
	if c.New {
		s.none()
		return
	}
	s.decimal(c.Percent)
}

// perhaps is a cell with a number that may not be known.
func (s *sheet) perhaps(n *float64) {
	if n == nil {
		s.none()
		return
	}
	s.decimal(*n)
}

// whether is a cell that says yes or no.
func (s *sheet) whether(is bool) {
	if is {
		s.word("yes")
		return
	}
	s.word("no")
}
