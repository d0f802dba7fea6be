package guild

import (
	"strings"

	"guildwatch/internal/moderation"
	"guildwatch/views/ui"
)

// readBack says what became of a gap afterwards; empty where nothing was to be read.
func readBack(r moderation.ReadBack) string {
	var said []string
	if r.Messages > 0 || r.Entries > 0 {
		found := counted(r.Messages, "message", "messages")
		if r.Entries > 0 {
			found += " and " + counted(r.Entries, "audit log entry", "audit log entries")
		}
		said = append(said, "Read back afterwards: "+found+".")
	}
	if r.Open > 0 {
		said = append(said, counted(r.Open, "place is", "places are")+" still being read back.")
	}
	if r.Refused > 0 {
		said = append(said, counted(r.Refused, "place", "places")+" could not be read: the bot lacks access.")
	}
	if r.Left > 0 {
		said = append(said, counted(r.Left, "place was", "places were")+" left: too much had happened.")
	}
	return strings.Join(said, " ")
}

func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return ui.Count(n) + " " + many
}
