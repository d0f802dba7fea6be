// Package told says in words what one user of a guild is told.
package told

import (
	"strings"
	"time"

	"guildwatch/internal/snowflake"
	"guildwatch/views/exports"
	"guildwatch/views/layout"
)

// Fact is what somebody is told, without words.
type Fact struct {
	Number  int64 // counted for each user of a guild, from 1
	At      time.Time
	Kind    string // what happened: "export.done"
	Subject string // to what: an export's id
	About   string // of which kind that is: "violations"
}

// Note is a fact in words. A kind that this version has no words for gives false.
func Note(guild snowflake.GuildID, f Fact) (layout.Note, bool) {
	note := layout.Note{Number: f.Number, Kind: f.Kind, At: f.At.UTC()}
	state, is := strings.CutPrefix(f.Kind, "export.")
	if !is {
		return note, false
	}
	what := exports.Name(f.About)
	note.Href = exports.RowURL(guild, f.Subject)
	switch state {
	case "done":
		note.Message, note.Tone, note.Href = "Your export is ready: "+what+".", "success", exports.FileURL(guild, f.Subject)
	case "failed":
		note.Message, note.Tone = "Your export failed: "+what+". The history says why.", "error"
	case "aborted":
		note.Message, note.Tone = "Your export was aborted: "+what+". Ask for it again.", "warning"
	case "cancelled":
		note.Message, note.Tone = "Your export was cancelled by somebody else: "+what+".", "warning"
	case "expired":
		note.Message, note.Tone = "The file of your export is gone again: "+what+". A member's data was erased meanwhile.", "warning"
	default:
		return note, false
	}
	return note, true
}
