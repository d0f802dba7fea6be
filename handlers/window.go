package handlers

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/views/period"
	"guildwatch/views/ui"
)

// window reads the time that figures are asked for: a period, or from and to. They are moments (RFC 3339), or days or
// times of day in the guild's zone; the last day is included. Without to the time ends now.
func (s *site) window(ctx context.Context, guild snowflake.GuildID, query url.Values) (stats.Window, error) {
	from, to := query.Get("from"), query.Get("to")
	name := query.Get("period")
	if name == string(stats.PeriodCustom) && from+to != "" {
		name = ""
	}
	switch {
	case name != "" && from+to != "":
		return stats.Window{}, fault.New(fault.Invalid, "Give either a period, or from and to.")
	case from == "" && to != "":
		return stats.Window{}, fault.New(fault.Invalid, "Say also when the time begins.")
	case from == "":
		span, err := periodOf(name)
		if err != nil {
			return stats.Window{}, err
		}
		return stats.WindowOf(s.now(), span)
	}
	zone, err := s.zoneOf(ctx, guild)
	if err != nil {
		return stats.Window{}, err
	}
	begin, _, err := momentIn(zone, from)
	if err != nil {
		return stats.Window{}, err
	}
	end := s.now()
	if to != "" {
		var whole bool
		if end, whole, err = momentIn(zone, to); err != nil {
			return stats.Window{}, err
		}
		if whole {
			end = dayAfter(zone, end)
		}
	}
	return stats.CustomWindow(s.now(), begin, end)
}

// chosenWindow is the window of a page, and of each region of it that is fetched by itself. What was chosen and makes no sense
// is said beside its form, over the last day, with status 422.
func (s *site) chosenWindow(c echo.Context, guild snowflake.GuildID) (w stats.Window, chosen period.Chosen, status int, err error) {
	query := c.QueryParams()
	chosen = period.Chosen{From: ui.Clip(query.Get("from"), 40), To: ui.Clip(query.Get("to"), 40),
		Asked: query.Get("period") == string(stats.PeriodCustom)}
	status = http.StatusOK
	if chosen.Asked && !chosen.Set() { // until a time is chosen
		w, err = stats.WindowOf(s.now(), stats.PeriodDay)
		return w, chosen, status, err
	}
	w, err = s.window(c.Request().Context(), guild, query)
	if fault.Of(err) == fault.Invalid && chosen.Set() {
		status, chosen.Problem = http.StatusUnprocessableEntity, problemOf(err).sentence
		w, err = stats.WindowOf(s.now(), stats.PeriodDay)
	}
	return w, chosen, status, err
}

// localMinute is how a browser's field for a time of day writes it.
const localMinute = "2006-01-02T15:04"

// momentIn reads a moment; a time that the zone's clock shows twice is the earlier one. whole says that it is a day without
// a time.
func momentIn(zone *time.Location, text string) (at time.Time, whole bool, err error) {
	for _, layout := range []string{time.RFC3339, localMinute, day} {
		if at, err = time.ParseInLocation(layout, text, zone); err != nil || at.Year() < 2015 || at.Year() >= 10000 {
			continue
		}
		if layout == day {
			date, _ := time.Parse(day, text)
			return moderation.Dawn(date, zone).In(zone), true, nil
		}
		if layout == localMinute { // which of two moments that the clock shows alike is not the same in all zones
			at = moderation.FirstShown(at)
		}
		return at.In(zone), false, nil
	}
	return at, false, fault.New(fault.Invalid,
		"The time %.40q cannot be read: write 2026-03-14, 2026-03-14T18:30 or 2026-03-14T18:30:00Z.", text)
}

// dayAfter is when the day ends that begins at a moment.
func dayAfter(zone *time.Location, begins time.Time) time.Time {
	// In UTC, where every date has a midnight: a zone's own clock may skip the next one and give the hour before.
	year, month, date := begins.In(zone).Date()
	return moderation.Dawn(time.Date(year, month, date+1, 0, 0, 0, 0, time.UTC), zone).In(zone)
}

// zoneOf is a guild's time zone.
func (s *site) zoneOf(ctx context.Context, guild snowflake.GuildID) (*time.Location, error) {
	var profile store.Profile
	var there bool
	err := s.Store.Read(ctx, func(now *store.Snapshot) { profile, there = now.Profile(guild) })
	if err == nil && !there {
		err = noGuild()
	}
	if err != nil {
		return nil, err
	}
	return ui.Zone(profile.TimeZone), nil
}
