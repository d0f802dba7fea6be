package chart

import (
	"fmt"
	"strconv"

	"guildwatch/internal/stats"
	"guildwatch/views/ui"
)

// Week is a week by the hour as a table with coloured cells: the numbers themselves are in it. Once it lies with a row
// for each day, once it stands with a row for each hour, for a phone.
type Week struct {
	ID    string // makes ids unique on the page
	Title string
	Map   *stats.Heatmap
	// Attended shows in how many of the hours a moderator was active, instead of violations.
	Attended bool
}

// shortDays and longDays begin with Monday, as the slots do.
var (
	shortDays = [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
	longDays  = [7]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
)

// hueSteps is how many shades a cell may have besides none.
const hueSteps = 5

// Hour is an hour of the week in words: "Sat 02:00".
func Hour(sinceMonday int) string {
	return fmt.Sprintf("%s %02d:00", shortDays[sinceMonday/24%7], sinceMonday%24)
}

// Between is a part of the week in words: "Sat 02:00 to 05:00", "Sat 22:00 to Sun 03:00".
func Between(from, until int) string {
	if until == from+168 {
		return "All week"
	}
	if from/24 == (until-1)/24 {
		if until%24 == 0 {
			return Hour(from) + " to 24:00"
		}
		return fmt.Sprintf("%s to %02d:00", Hour(from), until%24)
	}
	return Hour(from) + " to " + Hour(until)
}

func (w Week) slot(weekday, hour int) stats.Slot { return w.Map.Slots[weekday][hour] }

// text is what stands in a cell.
func (w Week) text(s stats.Slot) string {
	switch {
	case s.Hours == 0:
		return ""
	case w.Attended:
		return strconv.Itoa(s.Attended)
	}
	return short(s.Violations)
}

// short writes a number in three signs or so: 940, 1.2k, 31k.
func short(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10)
	case n < 9950:
		return strconv.FormatFloat(float64(n)/1000, 'f', 1, 64) + "k"
	}
	return strconv.FormatInt((n+500)/1000, 10) + "k"
}

// class is how a cell looks: its shade, and its marks.
func (w Week) class(weekday, hour int) string {
	s := w.slot(weekday, hour)
	if s.Hours == 0 {
		return "hour hour-none"
	}
	shade := 0
	if w.Attended {
		shade = (s.Attended*hueSteps + s.Hours - 1) / s.Hours
	} else if s.Violations > 0 {
		shade = int((s.Violations*hueSteps + w.Map.Top - 1) / w.Map.Top)
	}
	class := "hour hour-" + strconv.Itoa(shade)
	if w.Attended {
		class += " hour-attended"
	}
	if s.Missed {
		class += " hour-missed"
	}
	if !w.Attended && w.peak(weekday, hour) {
		class += " hour-peak"
	}
	return class
}

func (w Week) peak(weekday, hour int) bool {
	for _, p := range w.Map.Peaks {
		if (int(p.Weekday)+6)%7 == weekday && p.Hour == hour {
			return true
		}
	}
	return false
}

// says is a cell in words.
func (w Week) says(weekday, hour int) string {
	s := w.slot(weekday, hour)
	at := Between(weekday*24+hour, weekday*24+hour+1)
	if s.Hours == 0 {
		return at + ": not in this time"
	}
	text := fmt.Sprintf("%s: %s, a moderator active in %d of %s", at, violationsOf(s.Violations), s.Attended, hoursOf(s.Hours))
	if !w.Attended && w.peak(weekday, hour) {
		text += ", one of the peaks"
	}
	if s.Missed {
		text += ", events may have been missed"
	}
	return text
}

func hoursOf(n int) string {
	if n == 1 {
		return "1 hour"
	}
	return ui.Count(int64(n)) + " hours"
}

// missed says whether a gap lies in any cell.
func (w Week) missed() bool {
	for _, day := range w.Map.Slots {
		for _, slot := range day {
			if slot.Missed {
				return true
			}
		}
	}
	return false
}
