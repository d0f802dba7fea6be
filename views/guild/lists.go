package guild

import (
	"fmt"
	"strings"

	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/ui"
)

// part is a target's bar: against the member most acted on.
func part(d stats.Guild, t stats.Target) float64 {
	top := int64(1)
	for _, other := range d.Targets {
		top = max(top, other.Actions)
	}
	return float64(t.Actions) / float64(top)
}

func times(n int64) string {
	if n == 1 {
		return "1 action"
	}
	return ui.Count(n) + " actions"
}

// lost is what a gap may have cost, and what was read back of it.
func lost(g stats.Gap) string {
	text := g.Reason
	if g.Dropped > 0 {
		text += fmt.Sprintf(" · %s events dropped", ui.Count(g.Dropped))
	}
	if after := readBack(g.Read); after != "" {
		text += " · " + after
	}
	return text
}

// place is where a step of the checklist is done.
type place struct{ url, label string }

// outside says whether the place is in Discord.
func (p place) outside() bool { return strings.HasPrefix(p.url, "https://") }

// placeOf finds the place of a step; ok is false where this version knows none.
func placeOf(d stats.Guild, c stats.Check) (p place, ok bool) {
	id := snowflake.String(d.Profile.ID)
	switch c.Key {
	case "permissions":
		return place{"https://discord.com/channels/" + id, "Open the server in Discord"}, true
	case "intents":
		return place{"https://discord.com/developers/applications", "Open the developer portal"}, true
	case "log_channel":
		return place{"/g/" + id + "/settings", "Open the settings"}, true
	case "first_rule":
		return place{"/g/" + id + "/rules#new", "Open the rules"}, true
	case "team":
		return place{"/g/" + id + "/team", "Open the team"}, true
	}
	return place{}, false
}

func doneOf(checks []stats.Check) string {
	done := 0
	for _, c := range checks {
		if c.Done {
			done++
		}
	}
	return fmt.Sprintf("%d of %d done", done, len(checks))
}

func progress(checks []stats.Check) float64 {
	done := 0
	for _, c := range checks {
		if c.Done {
			done++
		}
	}
	return float64(done) / float64(max(1, len(checks)))
}
