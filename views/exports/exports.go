// Package exports is the page from which people take out what a guild has recorded, with the history of who took what.
package exports

import (
	"strconv"
	"time"

	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// Region is the name under which the history fetches itself again while an export is under way.
const Region frame.Name = "exports"

// View is the page.
type View struct {
	Page layout.Page
	Form Form
	List List
}

// List is the history: what can be fetched again by itself.
type List struct {
	Guild    snowflake.GuildID
	At       time.Time
	Seq      int64
	TimeZone string
	Rows     []Row // the newest first
}

// Row is one export.
type Row struct {
	ID      string
	What    string // "violations"
	Format  string // "csv"
	Narrow  string // what it is narrowed by, in words; empty: everything
	Who     stats.Person
	At      time.Time
	State   string // queued, running, done, failed, aborted, cancelled, deleted or expired
	Rows    int64
	Total   int64 // rows that it goes through, of which what narrows it leaves some out; 0: not known yet
	Gone    int64 // of these it went through so far
	Bytes   int64
	Problem string
	Expires time.Time // zero: there is no file
	Locked  bool      // the viewer may not fetch it
	May     bool      // the viewer may cancel it, or delete its file

	Ender      stats.Person // who did; zero: nobody
	Downloads  int64        // how often the file was fetched
	Downloaded time.Time    // the last time; zero: never
}

// URL is the page of a guild.
func URL(guild snowflake.GuildID) string { return "/g/" + snowflake.String(guild) + "/exports" }

// RowURL is where the history of a guild has an export.
func RowURL(guild snowflake.GuildID, id string) string { return URL(guild) + "#" + anchor(id) }

// FileURL is where the file of an export is.
func FileURL(guild snowflake.GuildID, id string) string {
	return "/api/servers/" + snowflake.String(guild) + "/export/" + id
}

// address is where an export is cancelled, or its file deleted.
func (l List) address(r Row) string { return URL(l.Guild) + "/" + r.ID }

func (v View) page() layout.Page {
	page := v.Page.Part("Exports")
	page.Sections = []layout.Section{{ID: "new", Label: "New", Icon: "download"}, {ID: "list", Label: "History",
		Icon: "history"}}
	return page
}

func (l List) panel() ui.Panel {
	return ui.Panel{Region: Region, Title: "History", Icon: "history", Note: "30 days", Seq: l.Seq, Moment: l.moment(l.At),
		RefetchOn: frame.Export}
}

func (l List) moment(at time.Time) ui.Moment {
	return ui.Moment{At: at, Now: l.At, Zone: ui.Zone(l.TimeZone)}
}

func (r Row) open() bool { return r.State == "queued" || r.State == "running" }

func (r Row) fetchable() bool { return r.State == "done" && !r.Locked }

// offers says whether there is anything that the viewer can do about it.
func (r Row) offers() bool { return r.fetchable() || r.May && (r.open() || r.State == "done") }

// named tells its buttons from those of others.
func (r Row) named() string { return Name(r.What) + " as " + r.format() }

func (r Row) anchor() string { return anchor(r.ID) }

func anchor(id string) string { return "export-" + id }

// badge is the state in a word.
func (r Row) badge() ui.Badge {
	switch r.State {
	case "queued":
		return ui.Badge{Label: "Waits", Icon: "hourglass", Tone: ui.Neutral}
	case "running":
		return ui.Badge{Label: "Being written", Icon: "refresh-cw", Tone: ui.Info}
	case "done":
		return ui.Badge{Label: "Done", Icon: "circle-check", Tone: ui.Good}
	case "aborted":
		return ui.Badge{Label: "Aborted", Icon: "circle-x", Tone: ui.Warn}
	case "failed":
		return ui.Badge{Label: "Failed", Icon: "circle-alert", Tone: ui.Bad}
	case "cancelled":
		return ui.Badge{Label: "Cancelled", Icon: "circle-x", Tone: ui.Neutral}
	case "deleted":
		return ui.Badge{Label: "File deleted", Icon: "trash-2", Tone: ui.Neutral}
	}
	return ui.Badge{Label: "Expired", Icon: "clock", Tone: ui.Neutral}
}

// amount is how many rows there are, or how far the file has come.
func (r Row) amount() string {
	rows := ui.Count(r.Rows) + " rows"
	if r.Rows == 1 {
		rows = "1 row"
	}
	switch {
	case r.State == "queued":
		return ""
	case r.State == "running" && r.Total > 0 && r.Narrow == "":
		return rows + " of " + ui.Count(r.Total)
	case r.State == "running" && r.Total > 0:
		return rows + ", " + ui.Count(r.Gone) + " of " + ui.Count(r.Total) + " looked through"
	case r.State == "running":
		return rows + " so far"
	case r.State != "failed" && r.State != "aborted" && r.State != "cancelled":
		return rows
	case r.Rows == 0:
		return "no file"
	}
	return "no file, it ended at " + rows
}

// ending says who ended it.
func (r Row) ending() string {
	if r.Ender == (stats.Person{}) {
		return ""
	}
	return r.badge().Label + " by "
}

// fetched is how often the file was, in words.
func (r Row) fetched() string {
	switch r.Downloads {
	case 0:
		return ""
	case 1:
		return "fetched once, "
	}
	return "fetched " + ui.Count(r.Downloads) + " times, last "
}

// share is how far the writing has come, for a progress bar.
func (r Row) share() string { return strconv.FormatInt(min(r.Gone, r.Total), 10) }

func (r Row) total() string { return strconv.FormatInt(r.Total, 10) }

// size is the size of the file in words.
func (r Row) size() string {
	switch {
	case r.Bytes < 1000:
		return strconv.FormatInt(r.Bytes, 10) + " bytes"
	case r.Bytes < 1_000_000:
		return ui.Number(float64(r.Bytes)/1e3) + " KB"
	}
	return ui.Number(float64(r.Bytes)/1e6) + " MB"
}

// format is the format as people know it.
func (r Row) format() string {
	if r.Format == "json" {
		return "JSON"
	}
	return "CSV"
}
