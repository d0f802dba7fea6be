package live

import "guildwatch/internal/snowflake"

// Topic names what a stream carries. Only the four constructors make one, so that no text of a client can; the zero
// Topic is refused by Serve. Topics are comparable.
type Topic struct {
	guild snowflake.GuildID // zero: all guilds
	kind  kind
}

type kind uint8

const (
	pages kind = iota + 1
	scripts
)

// Overview is /live: HTML fragments about all guilds, for the operator.
func Overview() Topic { return Topic{kind: pages} }

// OverviewJSON is /api/stats/realtime: aggregates of all guilds for scripts.
func OverviewJSON() Topic { return Topic{kind: scripts} }

// Guild is /live/{guild_id}: HTML fragments of one guild.
func Guild(id snowflake.GuildID) Topic { return Topic{guild: id, kind: pages} }

// GuildJSON is /api/servers/{guild_id}/events: one guild's changes for scripts.
func GuildJSON(id snowflake.GuildID) Topic { return Topic{guild: id, kind: scripts} }

// Guild is the guild that t is about; false for the overviews.
func (t Topic) Guild() (snowflake.GuildID, bool) { return t.guild, t.guild != 0 }

// JSON says whether t carries JSON rather than HTML fragments.
func (t Topic) JSON() bool { return t.kind == scripts }

// String is t for logs: overview, overview/json, 81384788765712384 or 81384788765712384/json.
func (t Topic) String() string {
	name := "overview"
	if t.guild != 0 {
		name = t.guild.String()
	}
	if t.kind == scripts {
		name += "/json"
	}
	return name
}
