package event

import (
	"time"

	"guildwatch/internal/frame"
	"guildwatch/internal/stats"
	"guildwatch/views/ui"
)

// Region is the name under which a page refetches its feed. It is no frame: frames carry single rows.
const Region frame.Name = "events"

// MaxRows is how many rows a feed keeps; older ones fall off its end.
const MaxRows = 50

// List is the feed of a page.
type List struct {
	Lines []stats.Line // newest first
	Seq   int64        // the last change that the page includes
	Now   time.Time
	Zone  *time.Location // nil: UTC
	What  string         // what an empty feed says will appear
}

func (l List) panel() ui.Panel {
	return ui.Panel{
		Region: Region, Title: "Recent events", Icon: "activity", Note: "newest first", Seq: l.Seq,
		Moment: ui.Moment{At: l.Now, Now: l.Now, Zone: l.Zone},
	}
}

func (l List) item(line stats.Line) Item { return Item{Line: line, Now: l.Now, Zone: l.Zone} }
