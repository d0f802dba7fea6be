package handlers

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation/edition"
	"guildwatch/internal/notify"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/reports"
	"guildwatch/views/ui"
)

// Reporter sends reports, and says which ways there are. Its errors are of kind fault.Error, with a sentence for whoever
// asked.
type Reporter interface {
	Offers(notify.Kind) bool
	Accept(kind notify.Kind, address string) (notify.Given, error)
	Try(ctx context.Context, grant access.Grant[access.UpdateSettings], destination int64) (store.Delivery, error)
}

// editionsListed is how many reports of each kind the page leads to: the one that is running, and those before.
const editionsListed = 4

// reports shows what there is to read, when reports come and where they go, and the forms to those who may change it.
func (s *site) reports(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	read, err := s.readReports(c.Request().Context(), grant.Guild(), grant.Role())
	if err != nil {
		return err
	}
	if region := regionOf(c); region != "" {
		if region != string(reports.Region) {
			return noRegion()
		}
		return render(c, http.StatusOK, reports.Destinations(read.now))
	}
	view := reports.View{Now: read.now}
	if read.now.May {
		view.Form = s.destinationForm(reports.Form{Daily: true, Weekly: true, Monthly: true})
	}
	return s.showReports(c, http.StatusOK, grant.Actor(), read, view)
}

func (s *site) showReports(
	c echo.Context, status int, actor access.Actor, read *reportsRead, view reports.View,
) (err error) {
	if view.Page, err = s.guildFrame(c, actor, read.profile, read.now.Seq); err != nil {
		return err
	}
	view.Page.Flash, view.Failed = s.reportsSaid(c, read)
	if c.Request().Method == http.MethodPost {
		view.Page.Path = reports.URL(read.now.Guild)
		view.Page.Home = view.Page.Path
	}
	return render(c, status, reports.Page(view))
}

// reportsSaid is what a page says after something was done, or what has failed. What became of a test is read from the store, so that a
// made-up link cannot make it say anything else.
func (s *site) reportsSaid(c echo.Context, read *reportsRead) (done, failed string) {
	switch c.QueryParam("saved") {
	case "hours":
		return "The hours are saved.", ""
	case "added":
		return "The destination is added. Send a test to see whether it works.", ""
	case "reports":
		return "The destination is saved.", ""
	case "removed":
		return "The destination is removed.", ""
	case "tried":
		return s.triedSaid(c, read)
	}
	return "", ""
}

func (s *site) triedSaid(c echo.Context, read *reportsRead) (done, failed string) {
	id, err := strconv.ParseInt(c.QueryParam("delivery"), 10, 64)
	if err != nil {
		return "", ""
	}
	var d store.Delivery
	there := false
	err = s.Store.Read(c.Request().Context(), func(now *store.Snapshot) { d, there = now.Delivery(read.now.Guild, id) })
	switch {
	case err != nil || !there:
		return "", ""
	case d.State == "sent":
		return "The test has arrived.", ""
	case d.State == "failed":
		return "", "The test did not arrive. " + d.Detail
	}
	return "The test is on its way. Look again in a few seconds.", ""
}

// reportsRead is what the page is made of, all of one moment.
type reportsRead struct {
	profile store.Profile
	now     reports.Now
}

func (s *site) readReports(ctx context.Context, guild snowflake.GuildID, role access.Role) (*reportsRead, error) {
	read, there := &reportsRead{}, false
	var schedules []store.Schedule
	var destinations []store.Destination
	err := s.Store.Read(ctx, func(now *store.Snapshot) {
		if read.profile, there = now.Profile(guild); there {
			schedules, destinations = now.Schedules(guild), now.Destinations(guild)
			read.now.Seq = now.Seq()
		}
	})
	if err == nil && !there {
		err = noGuild()
	}
	if err != nil {
		return nil, err
	}
	n := &read.now
	n.Guild, n.At, n.TimeZone, n.May = guild, s.now(), read.profile.TimeZone, access.Allows[access.UpdateSettings](role)
	zone := ui.Zone(n.TimeZone)
	for _, cadence := range edition.Cadences() {
		n.Schedules = append(n.Schedules, scheduleOf(cadence, schedules, n.At, zone))
		running, err := edition.At(cadence, n.At, zone)
		if err != nil {
			return nil, err
		}
		for back := range editionsListed {
			n.Editions = append(n.Editions, running.Add(-back))
		}
	}
	for _, d := range destinations {
		n.Destinations = append(n.Destinations, reports.Destination{Number: d.Number, Kind: d.Kind, Name: d.Name, Shown: d.Shown,
			Daily: d.Reports.Daily, Weekly: d.Reports.Weekly, Monthly: d.Reports.Monthly, Stopped: d.Stopped, Rests: d.Rests,
			Last: d.Last.At, Detail: d.Last.Detail})
	}
	return read, nil
}

// scheduleOf is when reports of a cadence come, and the next one.
func scheduleOf(cadence edition.Cadence, list []store.Schedule, now time.Time, zone *time.Location) reports.Schedule {
	for _, s := range list {
		if s.Cadence != cadence {
			continue
		}
		shown := reports.Schedule{Cadence: cadence, Hour: s.Hour}
		if last, err := edition.Latest(cadence, now, zone, s.Hour); err == nil {
			if last.Day() <= s.Done {
				last = last.Add(1)
			}
			shown.Next = last.Due(zone, s.Hour)
		}
		return shown
	}
	return reports.Schedule{Cadence: cadence, Hour: -1}
}

// destinationForm adds what there is to choose from.
func (s *site) destinationForm(f reports.Form) *reports.Form {
	names := map[notify.Kind]string{notify.KindDiscord: "A channel in Discord, by its webhook", notify.KindMail: "E-mail",
		notify.KindWebhook: "A webhook of another service"}
	for _, kind := range []notify.Kind{notify.KindDiscord, notify.KindMail, notify.KindWebhook} {
		if s.Reports.Offers(kind) {
			f.Kinds = append(f.Kinds, ui.Option{Value: string(kind), Label: names[kind]})
		}
	}
	if !s.Reports.Offers(notify.KindMail) {
		f.Missing = append(f.Missing, "E-mail is not set up. Whoever runs guildwatch can name a mail server.")
	}
	if !s.Reports.Offers(notify.KindWebhook) {
		f.Missing = append(f.Missing, "Webhooks of other services are not allowed by whoever runs guildwatch.")
	}
	return &f
}

// report shows one report: of the day, week or month in which the date lies, or else of the last whole one.
func (s *site) report(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	ctx := c.Request().Context()
	read, err := s.readReports(ctx, grant.Guild(), grant.Role())
	if err != nil {
		return err
	}
	cadence := edition.Cadence(c.Param("cadence"))
	running, err := edition.At(cadence, read.now.At, ui.Zone(read.now.TimeZone))
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "There is no such report: choose daily, weekly or monthly.")
	}
	chosen := running.Add(-1)
	if date := c.QueryParam("date"); date != "" {
		if chosen, err = edition.Parse(cadence, date); err != nil {
			return fault.Wrap(err, fault.Invalid, "This is no date. It looks like 2026-11-20.")
		}
	}
	review, err := s.Stats.Review(ctx, grant.Guild(), chosen)
	if err != nil {
		return err
	}
	view := reports.ReportView{Review: *review}
	if view.Page, err = s.guildFrame(c, grant.Actor(), read.profile, review.Seq); err != nil {
		return err
	}
	return render(c, http.StatusOK, reports.ReportPage(view))
}
