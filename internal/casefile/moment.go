package casefile

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

const tomorrow = 24 * time.Hour

// discord began with its first user; nothing was done in it before.
var discord = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)

// layouts are how times are written that cannot be read in two ways; without a zone they are UTC. 1/2/2020 is left out,
// as nobody knows whether that was in January or in February, and so are names of zones, of which several share one.
var layouts = []string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05", "2006-01-02 15:04",
	"2006/01/02 15:04:05", "2006/01/02 15:04", "2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.2006, 15:04:05", "2.1.2006, 15:04",
	"2 Jan 2006 15:04:05", "2 Jan 2006 15:04", "2 January 2006 15:04:05", "2 January 2006 15:04", "2 Jan 2006 15:04:05 Z0700",
	"Jan 2, 2006 15:04:05", "Jan 2, 2006 15:04", "Jan 2, 2006 3:04 PM", "January 2, 2006 15:04", "January 2, 2006 3:04 PM",
}

// days are how days are written without a time. Their noon is noted, which is the same day nearly everywhere.
var days = []string{"2006-01-02", "2006/01/02", "2.1.2006", "2 Jan 2006", "2 January 2006", "Jan 2, 2006", "January 2, 2006"}

var weekday = regexp.MustCompile(`^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? `)

// momentOf reads a time, also as seconds or milliseconds since 1970 and as Discord writes one into messages,
// <t:1577934245:R>; zero for anything else.
func momentOf(text string) time.Time {
	text = strings.Join(strings.Fields(text), " ")
	if inner, is := strings.CutPrefix(text, "<t:"); is {
		text, _, _ = strings.Cut(strings.TrimSuffix(inner, ">"), ":")
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		switch {
		case n > 0 && n < 1e11:
			return time.UnixMilli(int64(n * 1000)).UTC()
		case n >= 1e11 && n < 1e15:
			return time.UnixMilli(int64(n)).UTC()
		}
		return time.Time{}
	}
	text = weekday.ReplaceAllString(text, "")
	for _, zone := range []string{" UTC", " GMT", " (UTC)"} {
		text = strings.TrimSuffix(text, zone)
	}
	for _, layout := range layouts {
		if at, err := time.ParseInLocation(layout, text, time.UTC); err == nil {
			return at.UTC()
		}
	}
	for _, layout := range days {
		if day, err := time.Parse(layout, text); err == nil {
			return day.Add(12 * time.Hour)
		}
	}
	return time.Time{}
}
