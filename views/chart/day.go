package chart

import (
	"fmt"
	"time"

	"guildwatch/internal/stats"
	"guildwatch/views/ui"
)

// Lane is one series of a Day: its name, its colour (class series-NAME) and where its values are.
type Lane struct {
	Name   string
	Series string
	Of     func(stats.Hour) int64
}

// Day is the activity of 24 hours: one lane for each series, all on the same hours, each on its own scale, because
// messages are thousands where violations are a few.
type Day struct {
	ID    string // makes ids unique on the page
	Title string
	Hours []stats.Hour // oldest first, the last one still running
	Lanes []Lane
	Zone  *time.Location
}

// Silent says whether nothing at all is known of these hours: no activity, and no gap that would explain it.
func Silent(hours []stats.Hour) bool {
	for _, h := range hours {
		if h != (stats.Hour{Start: h.Start}) {
			return false
		}
	}
	return true
}

// The lanes of the pages.
var (
	Messages   = Lane{"Messages", "messages", func(h stats.Hour) int64 { return h.Messages }}
	Commands   = Lane{"Commands", "commands", func(h stats.Hour) int64 { return h.Commands }}
	Violations = Lane{"Violations", "violations", func(h stats.Hour) int64 { return h.Violations }}
	Actions    = Lane{"Actions", "actions", func(h stats.Hour) int64 { return h.Actions }}
)

// peak says when a lane was highest: "peak 412 at 18:00".
func (d Day) peak(lane int) string {
	best, at := int64(0), time.Time{}
	for _, h := range d.Hours {
		if v := d.Lanes[lane].Of(h); v > best {
			best, at = v, h.Start
		}
	}
	if best == 0 {
		return "none"
	}
	return "peak " + ui.Count(best) + " at " + d.clock(at)
}

func (d Day) clock(t time.Time) string {
	if d.Zone == nil {
		return t.UTC().Format("15:04")
	}
	return t.In(d.Zone).Format("15:04")
}

// summary is the whole chart in a sentence, for those who do not see it. No totals: these are clock hours, and a card's
// last 24 hours begin at another minute.
func (d Day) summary() string {
	text := ""
	for i, lane := range d.Lanes {
		text += fmt.Sprintf("%s: %s. ", lane.Name, d.peak(i))
	}
	if gaps := d.gaps(); gaps > 0 {
		text += fmt.Sprintf("In %d of the hours events may have been missed. ", gaps)
	}
	return text + "The table below has every hour."
}

func (d Day) gaps() int {
	n := 0
	for _, h := range d.Hours {
		if h.Gap {
			n++
		}
	}
	return n
}

// ticks are the hours named below the chart: every sixth, and the running one as "now".
func (d Day) ticks() []string {
	var out []string
	for i := 0; i < len(d.Hours); i += 6 {
		out = append(out, d.clock(d.Hours[i].Start))
	}
	return append(out, "now")
}
