// Package errorpage is what a person sees when a request failed: a plain sentence, what to do, and a reference to ask
// about.
package errorpage

import (
	"strconv"
	"time"

	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// View is a failed request. Message is a public sentence; no error's own text ever gets here.
type View struct {
	Page      layout.Page
	Status    int
	Message   string
	Reference string        // what to quote when asking; empty: none
	Retry     time.Duration // when another try makes sense; 0: not known
}

func (v View) code() string { return strconv.Itoa(v.Status) }

// Title is the status in words.
func (v View) Title() string {
	switch v.Status {
	case 400, 422:
		return "That request makes no sense"
	case 401:
		return "Please sign in"
	case 403:
		return "You may not do that"
	case 404:
		return "There is nothing here"
	case 405:
		return "That does not work this way"
	case 409:
		return "Somebody was faster"
	case 413:
		return "That is too large"
	case 429:
		return "Too many requests"
	case 503:
		return "Not available just now"
	}
	return "Something went wrong"
}

func (v View) icon() string {
	switch v.Status {
	case 401, 403:
		return "lock"
	case 404:
		return "search"
	case 429, 503:
		return "hourglass"
	}
	return "circle-alert"
}

// again says whether the same request may succeed later.
func (v View) again() bool { return v.Status == 409 || v.Status == 429 || v.Status >= 500 }

func (v View) wait() string { return ui.Span(v.Retry) }

func (v View) page() layout.Page {
	v.Page.Title = v.Title()
	v.Page.Live = "" // a page that failed has nothing to keep up to date
	return v.Page
}
