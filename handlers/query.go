package handlers

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/fault"
	"guildwatch/internal/stats"
)

// checkQuery reads the query and refuses parameters that are unknown, given twice or not decodable: a script that
// misspells one must not believe in the answer. net/http drops what it cannot decode, so the raw text is read again.
func checkQuery(raw string, known []string) (url.Values, error) {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "The part of the address after the question mark cannot be read.")
	}
	for _, name := range sortedKeys(query) {
		if !slices.Contains(known, name) {
			return nil, fault.New(fault.Invalid, "The parameter %.40q is not known here; %s.", name, knownList(known))
		}
		if len(query[name]) > 1 {
			return nil, fault.New(fault.Invalid, "The parameter %q was given more than once.", name)
		}
	}
	return query, nil
}

func sortedKeys(query url.Values) []string {
	names := make([]string, 0, len(query))
	for name := range query {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func knownList(known []string) string {
	if len(known) == 0 {
		return "this address takes none"
	}
	return "this address takes " + strings.Join(known, ", ")
}

// periodOf reads a period; none given is a day.
func periodOf(text string) (stats.Period, error) {
	if text == "" {
		return stats.PeriodDay, nil
	}
	p := stats.Period(text)
	if p.Length() == 0 {
		return "", fault.New(fault.Invalid, "The period %.20q is not known; use hour, day, week or month.", text)
	}
	return p, nil
}

// listed is how many rows a page of a list has.
const listed = 100

// pageNumber reads the page of a list; none given is the first. A million pages are more than any list has.
func pageNumber(text string) (int, error) {
	if text == "" {
		return 1, nil
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || number > 1_000_000 {
		return 0, fault.New(fault.Invalid, "The page %.20q is no number of a page.", text)
	}
	return number, nil
}

// formOf reads a posted form, the query's parameters included. echo's FormValue takes a form that cannot be read for an
// empty one.
func formOf(c echo.Context) (url.Values, error) {
	form, err := c.FormParams()
	var routed *echo.HTTPError
	if err != nil && !errors.As(err, &routed) { // the router's own error says that the body was too large
		return nil, fault.Wrap(err, fault.Invalid, "This form could not be read.")
	}
	return form, err
}
