package ui

import (
	"net/url"
	"strconv"
	"time"

	"guildwatch/internal/frame"
)

// Panel is the frame of a region that can be fetched and replaced by itself. Its id is the region's name.
type Panel struct {
	Region frame.Name
	Title  string
	Icon   string
	Note   string // beside the title: "last 24 hours"; may be empty
	Moment Moment // when its content was computed
	Seq    int64  // the last change it includes
	Bare   bool   // no surface of its own: the cards stand on the page

	RefetchOn frame.Name // it fetches itself again when a frame of this name arrives; empty: it does not
}

func (p Panel) id() string      { return string(p.Region) }
func (p Panel) titleID() string { return string(p.Region) + "-title" }
func (p Panel) seq() string     { return strconv.FormatInt(p.Seq, 10) }

// Slot is the place of a region on its page. It is never replaced, so that htmx listens there once: a replaced element
// whose attributes changed would be listened to twice.
type Slot struct {
	Region  frame.Name
	Section string // id of the section that the slot is; empty: none
	Class   string // where it stands in the page's grid
	Page    string // the page's own path and query
	// Refetch is how often at most the page fetches its own figures, because frames carry others; 0: frames carry them.
	Refetch time.Duration
}

// address is where the region is fetched by itself.
func (s Slot) address() string { return RegionURL(s.Page, s.Region) }

// RegionURL is the page's path and query with the name of one region added.
func RegionURL(page string, region frame.Name) string {
	u, err := url.Parse(page)
	if err != nil || u.IsAbs() || u.Host != "" {
		return "?region=" + url.QueryEscape(string(region))
	}
	query := u.Query()
	query.Set("region", string(region))
	return u.Path + "?" + query.Encode()
}

// Failure is a region that could not be rendered.
type Failure struct {
	Region  frame.Name
	Title   string
	Message string // a plain sentence; never an error's own text
	Page    string // the page's own path and query
}

// Pending is a region that the page fetches when the rest is there.
type Pending struct {
	Region frame.Name
	Title  string
	Page   string
}
