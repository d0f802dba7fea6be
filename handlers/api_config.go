package handlers

import (
	"context"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
)

// configAnswer is the JSON of GET /api/servers/{guild_id}/config. There is nothing in it that a viewer may not know:
// secrets are in no answer at all.
type configAnswer struct {
	Guild    snowflake.GuildID `json:"guild_id"`
	TimeZone string            `json:"time_zone"`
	Log      *channelAnswer    `json:"log_channel"` // null: none is chosen
	Tell     bool              `json:"tell_members"`
	Appeals  bool              `json:"take_appeals"`
}

// channelAnswer is a channel; name is null when it is gone.
type channelAnswer struct {
	ID   snowflake.ChannelID `json:"id"`
	Name *string             `json:"name"`
}

// apiConfig is GET /api/servers/{guild_id}/config: the guild's settings.
func (s *site) apiConfig(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	return s.answer(c, grant.Guild(), func(ctx context.Context) (any, error) {
		read, err := s.readSettings(ctx, grant.Guild())
		if err != nil {
			return nil, err
		}
		answer := configAnswer{Guild: grant.Guild(), TimeZone: read.profile.TimeZone, Tell: read.profile.Tell,
			Appeals: read.profile.Appeals}
		if id := read.profile.LogChannel; id != 0 {
			answer.Log = &channelAnswer{ID: id}
			if channel, there := read.channel(id); there {
				answer.Log.Name = &channel.Name
			}
		}
		return answer, nil
	})
}
