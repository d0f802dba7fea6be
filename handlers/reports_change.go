package handlers

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation/edition"
	"guildwatch/internal/notify"
	"guildwatch/store"
	"guildwatch/views/reports"
)

// scheduleReports saves at which hour each report comes by itself.
func (s *site) scheduleReports(c echo.Context, grant access.Grant[access.UpdateSettings]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	hours := map[edition.Cadence]int{}
	for cadence, text := range map[edition.Cadence][]string{edition.Daily: form["daily"], edition.Weekly: form["weekly"],
		edition.Monthly: form["monthly"]} {
		hour := -1
		if len(text) == 1 && text[0] != "" {
			hour, err = strconv.Atoi(text[0])
		}
		if len(text) != 1 || err != nil || text[0] != "" && (hour < 0 || hour > 23) { // nothing at all is not "off"
			return fault.New(fault.Unprocessable, "Choose an hour from 0 to 23 for each report, or off.")
		}
		hours[cadence] = hour
	}
	for _, cadence := range edition.Cadences() {
		if err := s.Store.SaveSchedule(c.Request().Context(), grant, cadence, hours[cadence]); err != nil {
			return err
		}
	}
	return c.Redirect(http.StatusSeeOther, reports.URL(grant.Guild())+"?saved=hours")
}

// addDestination keeps where reports go. The address is never sent back; the key of a webhook is, this once.
func (s *site) addDestination(c echo.Context, grant access.Grant[access.UpdateSettings]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	kind := notify.Kind(form.Get("kind"))
	wants := wantsOf(form)
	back := reports.Form{Kind: string(kind), Name: form.Get("name"), Daily: wants.Daily, Weekly: wants.Weekly,
		Monthly: wants.Monthly}
	given, wrong := s.Reports.Accept(kind, form.Get("address"))
	if wrong != nil {
		if fault.Of(wrong) == fault.Internal {
			return wrong
		}
		back.Problems.Address = problemOf(wrong).sentence
		return s.showForm(c, http.StatusUnprocessableEntity, grant, back)
	}
	number, err := s.Store.AddDestination(c.Request().Context(), grant, store.NewDestination{Kind: string(kind),
		Name: form.Get("name"), Shown: given.Shown, Address: given.Address.Seal(), Reports: wants})
	switch fault.Of(err) {
	case fault.Invalid:
		back.Problems.Name = problemOf(err).sentence
		return s.showForm(c, http.StatusUnprocessableEntity, grant, back)
	case fault.Conflict:
		back.Problems.Form = problemOf(err).sentence
		return s.showForm(c, http.StatusConflict, grant, back)
	}
	if err != nil {
		return err
	}
	if given.Address.Key == "" {
		return c.Redirect(http.StatusSeeOther, reports.URL(grant.Guild())+"?saved=added")
	}
	read, err := s.readReports(c.Request().Context(), grant.Guild(), grant.Role())
	if err != nil {
		return err
	}
	view := reports.View{Now: read.now, Form: s.destinationForm(reports.Form{Daily: true, Weekly: true, Monthly: true})}
	for _, d := range read.now.Destinations {
		if d.Number == number {
			view.Key = &reports.Key{Name: d.Name, Text: given.Address.Key}
		}
	}
	return s.showReports(c, http.StatusOK, grant.Actor(), read, view)
}

// showForm shows the page with a form that came back.
func (s *site) showForm(
	c echo.Context, status int, grant access.Grant[access.UpdateSettings], form reports.Form,
) error {
	read, err := s.readReports(c.Request().Context(), grant.Guild(), grant.Role())
	if err != nil {
		return err
	}
	return s.showReports(c, status, grant.Actor(), read, reports.View{Now: read.now, Form: s.destinationForm(form)})
}

// changeDestination tries a destination, sets which reports go there, or removes it.
func (s *site) changeDestination(c echo.Context, grant access.Grant[access.UpdateSettings]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	ctx, back := c.Request().Context(), reports.URL(grant.Guild())
	number, err := strconv.ParseInt(c.Param("destination"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "There is no such destination here.")
	}
	switch form.Get("do") {
	case "test":
		var d store.Delivery
		if d, err = s.Reports.Try(ctx, grant, number); err == nil {
			back += "?saved=tried&delivery=" + strconv.FormatInt(d.ID, 10)
		}
	case "save":
		back += "?saved=reports"
		err = s.Store.SetDestinationReports(ctx, grant, number, wantsOf(form))
	case "remove":
		back += "?saved=removed"
		err = s.Store.RemoveDestination(ctx, grant, number)
	default:
		err = fault.New(fault.Unprocessable, "Send a test, save it, or remove it.")
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, back)
}

func wantsOf(form url.Values) store.Reports {
	return store.Reports{Daily: form.Get("daily") == "yes", Weekly: form.Get("weekly") == "yes",
		Monthly: form.Get("monthly") == "yes"}
}
