package chart

import (
	"fmt"
	"math"
	"strings"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/stats"
	"guildwatch/views/ui"
)

// Series is how many violations there were, point by point, over a band of what is usual then.
type Series struct {
	ID     string // makes ids unique on the page
	Title  string
	Series stats.Series
	Zone   *time.Location
}

const seriesTall = 160

// curve is a Series at one size, in whole numbers.
type curve struct {
	Series
	size   string // "wide" or "narrow"
	points []stats.Point
	step   int // width of a point
}

func (s Series) wide() curve {
	return curve{s, "wide", s.Series.Points, max(4, 720/max(1, len(s.Series.Points)))}
}

func (s Series) narrow() curve {
	return curve{s, "narrow", s.Series.Few, max(4, 320/max(1, len(s.Series.Few)))}
}

func (c curve) width() int  { return c.step * max(1, len(c.points)) }
func (c curve) box() string { return fmt.Sprintf("0 0 %d %d", c.width(), seriesTall) }

// top is the value at the upper edge, a whole number from 1.
func (c curve) top() float64 {
	top := 1.0
	for _, p := range c.points {
		top = max(top, float64(p.Violations))
		if p.Usual.Known {
			top = max(top, p.Usual.High)
		}
	}
	return math.Ceil(top)
}

func (c curve) y(v float64) int { return seriesTall - int(v/c.top()*(seriesTall-6)) }

// bars is one upright box for each point that is not 0; running chooses those that are still growing.
func (c curve) bars(running bool) string {
	var out strings.Builder
	gap := 1
	if c.step >= 16 {
		gap = 3
	}
	for i, p := range c.points {
		if p.Violations > 0 && p.Running == running {
			fmt.Fprintf(&out, "M%d %dV%dh%dV%dz", i*c.step+gap, seriesTall, min(c.y(float64(p.Violations)), seriesTall-2),
				max(1, c.step-2*gap), seriesTall)
		}
	}
	return out.String()
}

// band covers what is usual, point by point.
func (c curve) band() string {
	var out strings.Builder
	for i, p := range c.points {
		if p.Usual.Known {
			high, low := c.y(p.Usual.High), c.y(p.Usual.Low)
			fmt.Fprintf(&out, "M%d %dh%dV%dh-%dz", i*c.step, min(high, low-1), c.step, low, c.step)
		}
	}
	return out.String()
}

// edges are where the band begins and ends, over the bars that would hide it.
func (c curve) edges() string {
	var out strings.Builder
	high, low := func(u stats.Usual) float64 { return u.High }, func(u stats.Usual) float64 { return u.Low }
	for _, edge := range []func(stats.Usual) float64{high, low} {
		for i, p := range c.points {
			switch y := c.y(edge(p.Usual)); {
			case !p.Usual.Known:
			case i > 0 && c.points[i-1].Usual.Known:
				fmt.Fprintf(&out, "V%dh%d", y, c.step)
			default:
				fmt.Fprintf(&out, "M%d %dh%d", i*c.step, y, c.step)
			}
		}
	}
	return out.String()
}

// median is the usual value of each point as a line.
func (c curve) median() string {
	var out strings.Builder
	for i, p := range c.points {
		if p.Usual.Known {
			fmt.Fprintf(&out, "M%d %dh%d", i*c.step, c.y(p.Usual.Median), c.step)
		}
	}
	return out.String()
}

// missed covers the points in which events may have been missed.
func (c curve) missed() string {
	var out strings.Builder
	for i, p := range c.points {
		if p.Missed {
			fmt.Fprintf(&out, "M%d 0h%dv%dh-%dz", i*c.step, c.step, seriesTall, c.step)
		}
	}
	return out.String()
}

func (s Series) gaps() bool {
	for _, p := range s.Series.Points {
		if p.Missed {
			return true
		}
	}
	return false
}

// banded says whether anything usual is known.
func (s Series) banded() bool { return s.Series.Weeks >= stats.NeedWeeks }

// When is a point's time in words: "Fri 20 Nov, 14:00 to 15:00"; of several days that are one point, the first and the
// last.
func (s Series) When(p stats.Point) string {
	from, until := p.From.In(ui.In(s.Zone)), p.Until.In(ui.In(s.Zone))
	switch s.Series.Step {
	case stats.StepDay:
		if until.Sub(from) < 36*time.Hour { // a day has 25 hours when the clock is put back
			day := from.Format("Mon 2 Jan 2006")
			if !dawns(from) || !p.Running && !dawns(until) { // a time that was chosen begins and ends within days
				day += from.Format(", 15:04") + until.Format(" to 15:04")
			}
			return day
		}
		fallthrough
	case stats.StepWeek:
		return from.Format("2 Jan 2006") + " to " + until.Add(-time.Minute).Format("2 Jan 2006")
	}
	if moderation.ShownTwice(from) || moderation.ShownTwice(until) { // "01:00 to 01:00" would be an hour of nothing
		return from.Format("Mon 2 Jan, 15:04 MST") + " to " + until.Format("15:04 MST")
	}
	return from.Format("Mon 2 Jan, 15:04") + " to " + until.Format("15:04")
}

// dawns says whether a day begins at a moment on its clock.
func dawns(at time.Time) bool { return moderation.Dawn(at, at.Location()).Equal(at) }

// says is a point in words, a line each, for whoever points at it or comes to it with the keys.
func (c curve) says(p stats.Point) string {
	text := c.When(p) + "\n" + violationsOf(p.Violations)
	if p.Running {
		text += " so far"
	}
	if usual := usualText(p.Usual); usual != "" {
		text += "\nUsual then: " + usual
	}
	if p.Missed {
		text += "\nEvents may have been missed"
	}
	return text
}

func violationsOf(n int64) string {
	if n == 1 {
		return "1 violation"
	}
	return ui.Count(n) + " violations"
}

func usualText(u stats.Usual) string {
	if !u.Known {
		return ""
	}
	return fmt.Sprintf("%s to %s, median %s, of %d weeks", ui.Number(u.Low), ui.Number(u.High), ui.Number(u.Median), u.Weeks)
}

// summary is the chart in a sentence.
func (s Series) summary() string {
	var most stats.Point
	above := 0
	for _, p := range s.Series.Points {
		if p.Violations > most.Violations {
			most = p
		}
		if p.Usual.Known && float64(p.Violations) > p.Usual.High {
			above++
		}
	}
	text := "No violations. "
	if most.Violations > 0 {
		text = fmt.Sprintf("Most at %s: %s. ", s.When(most), violationsOf(most.Violations))
	}
	if s.banded() {
		text += fmt.Sprintf("Above what is usual at %d of %d points. ", above, len(s.Series.Points))
	}
	return text + "The table below has every point."
}

// key says what the band is, or why there is none.
func (s Series) key() string {
	if !s.banded() {
		return fmt.Sprintf("What is usual needs %d weeks of history without gaps; the best known time has %d.",
			stats.NeedWeeks, s.Series.Weeks)
	}
	return fmt.Sprintf("Band: half of the same times of up to %d earlier weeks lay within it; the line is their median.",
		s.Series.Weeks)
}

// ticks are the times named below the chart.
func (s Series) ticks() []string {
	points := s.Series.Points
	if len(points) == 0 {
		return nil
	}
	layout := "15:04"
	switch {
	case s.Series.Step == stats.StepDay || s.Series.Step == stats.StepWeek:
		layout = "2 Jan"
	case points[len(points)-1].Until.Sub(points[0].From) > 36*time.Hour:
		layout = "Mon 2"
	}
	parts := ticksOf(len(points))
	out := make([]string, 0, parts+1)
	for i := range parts {
		out = append(out, points[i*len(points)/parts].From.In(ui.In(s.Zone)).Format(layout))
	}
	return append(out, points[len(points)-1].Until.In(ui.In(s.Zone)).Format(layout))
}

// ticksOf is into how many parts of one width the ticks divide so many points. They stand where points begin; among many
// points one may stand less than a point beside it, which nobody sees.
func ticksOf(points int) int {
	for _, parts := range []int{4, 5, 3, 2} {
		if points%parts == 0 {
			return parts
		}
	}
	if points > 24 {
		return 4
	}
	return 1
}
