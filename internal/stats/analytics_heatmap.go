package stats

import (
	"cmp"
	"slices"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/store"
)

// Heatmap is a week by the hour on the clock of a guild's time zone, Monday first. All that counts in the window is in
// exactly one slot.
type Heatmap struct {
	Slots [7][24]Slot
	Top   int64  // the most violations in a slot
	Peaks []Peak // the five slots with most violations, fewer where fewer have any; most first
}

// Slot is one hour of the week, added up over the window.
type Slot struct {
	Violations int64
	Hours      int  // how many such hours lie in the window, in part or whole; 0: there are no figures
	Attended   int  // in how many of them a moderator acted or wrote
	Missed     bool // in one of them events may have been missed
	Unseen     int  // in how many of them events may have been missed, and no moderator was seen
}

// Peak is where a slot is.
type Peak struct {
	Weekday    time.Weekday
	Hour       int
	Violations int64
}

// Unattended is a part of the week in which rules were broken and no moderator was ever active in the window. What lies in a
// gap each time is none: a moderator may have been there.
type Unattended struct {
	From, Until int // hours since Monday 00:00; Until may be beyond the week's 168 where the part goes on on Monday
	Violations  int64
}

// peaks is how many peaks are marked, and how many unattended parts of the week are named.
const peaks = 5

// weekOf adds up a window by the hour of the week. attended has the quarters of an hour in which a moderator was active.
func weekOf(
	span store.Span, zone *time.Location, counts quarters, attended map[int64]bool, missed quarters,
) (h Heatmap) {
	clock, hour := localClock{zone: zone}, int64(-1)
	var present, blind bool // a moderator was, and events may have been missed, in this hour
	for at := span.From; at.Before(span.Until); at = at.Add(moderation.Bucket) {
		weekday, of, same := clock.hour(at)
		slot := &h.Slots[weekday][of]
		if same != hour {
			hour, present, blind = same, false, false
			slot.Hours++
		}
		next := at.Add(moderation.Bucket)
		slot.Violations += counts.in(at, next)
		if !blind && missed.in(at, next) > 0 {
			blind, slot.Missed = true, true
			slot.Unseen += bitOf(!present)
		}
		if !present && attended[at.Unix()] {
			present = true
			slot.Attended++
			slot.Unseen -= bitOf(blind)
		}
	}
	for weekday := range h.Slots {
		for hour := range h.Slots[weekday] {
			n := h.Slots[weekday][hour].Violations
			h.Top = max(h.Top, n)
			if n > 0 {
				h.Peaks = append(h.Peaks, Peak{time.Weekday((weekday + 1) % 7), hour, n})
			}
		}
	}
	slices.SortStableFunc(h.Peaks, func(a, b Peak) int { return cmp.Compare(b.Violations, a.Violations) })
	h.Peaks = h.Peaks[:min(peaks, len(h.Peaks))]
	return h
}

// unattended are the parts of the week without any moderator, those with most violations first. Hours without
// violations at their ends are left out.
func (h *Heatmap) unattended() (list []Unattended) {
	slot := func(i int) Slot { return h.Slots[i/24%7][i%24] }
	alone := func(i int) bool { return slot(i).Hours > slot(i).Unseen && slot(i).Attended == 0 }
	start := 0 // a part may go over the end of the week: begin behind an hour that belongs to none
	for start < 168 && alone(start) {
		start++
	}
	for i := start; i < start+168; i++ {
		if !alone(i) || slot(i).Violations == 0 {
			continue
		}
		one := Unattended{From: i % 168}
		last := i
		for j := i; j < start+168 && alone(j); j++ {
			if n := slot(j).Violations; n > 0 {
				one.Violations += n
				last = j
			}
		}
		one.Until = one.From + last + 1 - i
		for i = last; i+1 < start+168 && alone(i+1); {
			i++
		}
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(a, b Unattended) int { return cmp.Compare(b.Violations, a.Violations) })
	return list[:min(peaks, len(list))]
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
