// Package raid is the page of raids: whether raid mode is on, the raids of the past, and the report about each.
package raid

import (
	"strconv"

	"guildwatch/internal/snowflake"
)

// URL is the page of a guild.
func URL(guild snowflake.GuildID) string { return "/g/" + snowflake.String(guild) + "/raid" }

// ReportURL is the page about one raid.
func ReportURL(guild snowflake.GuildID, number int64) string {
	return URL(guild) + "/" + strconv.FormatInt(number, 10)
}
