package handlers

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	core "guildwatch/internal/moderation/raid"
	"guildwatch/views/raid"
)

// switchRaidOn switches raid mode on, or keeps it on for ten more minutes.
func (s *site) switchRaidOn(c echo.Context, grant access.Grant[access.SwitchRaidMode]) error {
	return s.switchRaid(c, grant, "on")
}

// switchRaidOff ends raid mode. Whoever is second learns that it is off already.
func (s *site) switchRaidOff(c echo.Context, grant access.Grant[access.SwitchRaidMode]) error {
	return s.switchRaid(c, grant, "off")
}

func (s *site) switchRaid(c echo.Context, grant access.Grant[access.SwitchRaidMode], to string) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	if form.Get("do") != to {
		return fault.New(fault.Unprocessable, "Press the button to switch raid mode.")
	}
	_, err = s.Desk.SwitchRaid(c.Request().Context(), grant, to == "on")
	return switchedRaid(c, s, grant, to, err)
}

// pauseRaids says that a wave of newcomers is expected, for 1, 6 or 24 hours, or (0) no more.
func (s *site) pauseRaids(c echo.Context, grant access.Grant[access.SwitchRaidMode]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	hours, err := strconv.Atoi(form.Get("hours"))
	if err != nil || hours < 0 || hours > 24 {
		return switchedRaid(c, s, grant, "", fault.New(fault.Invalid, "A wave can be expected for 1, 6 or 24 hours."))
	}
	done := "pause"
	if hours == 0 {
		done = "watch"
	}
	err = s.Store.ExpectWave(c.Request().Context(), grant, time.Duration(hours)*time.Hour)
	return switchedRaid(c, s, grant, done, err)
}

// setRaidPreset sets how easily raid mode switches itself on.
func (s *site) setRaidPreset(c echo.Context, grant access.Grant[access.UpdateSettings]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	err = s.Store.SetRaidPreset(c.Request().Context(), grant, core.Preset(form.Get("preset")))
	return switchedRaid(c, s, grant, "preset", err)
}

// switchedRaid leads back to the page, which says what was done; what was refused comes back with the reason.
func switchedRaid[R access.Right](c echo.Context, s *site, grant access.Grant[R], done string, err error) error {
	if err == nil {
		return c.Redirect(http.StatusSeeOther, raid.URL(grant.Guild())+"?saved="+done)
	}
	status, ours := comesBack(err)
	if !ours {
		return err
	}
	read, failed := s.readRaids(c.Request().Context(), grant.Actor(), grant.Guild(), 0)
	if failed != nil {
		return failed
	}
	place := s.raidPlace(grant.Guild(), grant.Role(), read.profile.TimeZone, read.seq)
	return s.showRaids(c, status, grant.Actor(), read, place, problemOf(err).sentence)
}
