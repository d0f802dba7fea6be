package viewtest

import (
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
)

// Overview is the operator's page with three servers, one of them out of reach.
func Overview() stats.Overview {
	return stats.Overview{
		At: Now, Seq: 4711,
		Guilds:   figure(3, stats.Compare(3, 2)),
		Users:    figure(4218, stats.Compare(4218, 3906)),
		Commands: figure(312, stats.Compare(312, 287)),
		Latency:  figure(42.4, stats.Compare(42.4, 39.9)),

		Registered: 14, LastCommand: Now.Add(-9 * time.Minute),
		Activity: Hours(true),
		Recent:   anonymous(),
		Servers: []stats.GuildSummary{
			{ID: HarborID, Name: "Pixel Harbor", Members: 18432, Messages24h: 6345, Actions24h: 63},
			{ID: 9 << 22, Name: "The Reading Room", Members: 1204, Messages24h: 418, Actions24h: 5},
			{ID: 16 << 22, Name: "Speedrun Lab with a Name That Is Really Rather Long", Members: 342,
				Messages24h: 96, Outage: true},
		},
		Gateway: stats.Gateway{State: "connected", Since: Now.Add(-50 * time.Hour)},
	}
}

// NewOverview is the operator's page before the bot is in any server, in reduced mode.
func NewOverview() stats.Overview {
	return stats.Overview{
		At:       Now,
		Guilds:   figure(0, stats.Unknown("needs a month of history")),
		Users:    figure(0, stats.Unknown("needs a month of history")),
		Commands: figure(0, stats.Unknown("needs a month of history")),
		Latency:  stats.Figure{Why: "no heartbeat in the last hour"},
		Gateway: stats.Gateway{
			State: "stopped", Since: Now.Add(-40 * time.Second), Missing: []string{"message content", "member list"},
			Problem: "Discord refused the token. Make a new one in the developer portal and set DISCORD_TOKEN.",
		},
	}
}

// Page is the frame of a page as the demo shows it to its owner.
func Page(title, path string) layout.Page {
	return layout.Page{
		Title: title, Path: path, Now: Now, Viewer: Person(41, "Otto Lind"), Operator: true, Role: access.Owner,
		Live: "/live", Seq: 4711,
		Guilds: []layout.GuildLink{
			{ID: HarborID, Name: "Pixel Harbor", Role: access.Owner},
			{ID: 9 << 22, Name: "The Reading Room", Role: access.Moderator},
			{ID: 16 << 22, Name: "Speedrun Lab with a Name That Is Really Rather Long", Role: access.Viewer},
		},
		Demo: true, LookAs: "/demo/role", Version: "0.1.0",
	}
}

// GuildPage is the frame of a guild's page.
func GuildPage(id snowflake.GuildID, title string, query string) layout.Page {
	path := "/g/" + snowflake.String(id)
	p := Page(title, path+query)
	p.Current, p.Live = id, "/live/"+snowflake.String(id)
	return p
}

// anonymous are the lines as the operator gets them.
func anonymous() []stats.Line {
	lines := Lines()
	for i := range lines {
		lines[i] = lines[i].Anonymous()
	}
	return lines
}
