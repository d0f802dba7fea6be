package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Settings are what a guild chooses for itself.
type Settings struct {
	TimeZone   string              // IANA name: "Europe/Berlin"
	LogChannel snowflake.ChannelID // where guildwatch reports; 0: nowhere
	Silent     bool                // members are not told what was done about them
	NoAppeals  bool                // and cannot appeal
}

// UpdateSettings replaces a guild's settings. It answers a *fault.Error: Invalid for a time zone that nobody knows and
// for a channel that is none of this guild's or takes no messages, NotFound when the bot has left the guild. seen, if it
// is given, are the settings that somebody made these from: when others hold by now, nothing is changed and it answers a
// Conflict.
func (s *Store) UpdateSettings(
	ctx context.Context, grant access.Grant[access.UpdateSettings], settings Settings, seen ...Settings,
) error {
	_ = grant.Guild() // a zero grant panics here, in the caller, not in the writer
	if err := CheckTimeZone(settings.TimeZone); err != nil {
		return err
	}
	return s.write(ctx, func(t *tx) error { return t.updateSettings(grant, settings, seen, access.RequestOf(ctx)) })
}

// CheckTimeZone answers nil for a name of the IANA database, and an Invalid for anything else.
func CheckTimeZone(name string) error {
	if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" {
		return fault.New(fault.Invalid, "There is no such time zone. It looks like Europe/Berlin.")
	}
	return nil
}

func (t *tx) updateSettings(
	grant access.Grant[access.UpdateSettings], settings Settings, seen []Settings, request string,
) error {
	guild := grant.Guild()
	row, err := t.FindPresentGuild(t.ctx, int64(guild))
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "There is no such server here, or you have no access to it.")
	} else if err != nil {
		return err
	}
	old := Settings{TimeZone: row.TimeZone, LogChannel: snowflake.ChannelID(row.LogChannelID),
		Silent: row.TellMembers == 0, NoAppeals: row.TakeAppeals == 0}
	if len(seen) > 0 && seen[0] != old {
		return errOvertaken
	}
	if settings == old {
		return nil
	}
	var fields []string
	if settings.TimeZone != old.TimeZone {
		fields = append(fields, "time_zone")
		set := db.SetGuildZoneParams{TimeZone: settings.TimeZone, GuildID: int64(guild)}
		if err := t.SetGuildZone(t.ctx, set); err != nil {
			return err
		}
	}
	if settings.LogChannel != old.LogChannel {
		fields = append(fields, "log_channel")
		if err := t.setLogChannel(guild, settings.LogChannel); err != nil {
			return err
		}
	}
	said, err := t.setSays(guild, old, settings)
	if err != nil {
		return err
	}
	fields = append(fields, said...)
	t.config(guild)
	err = t.audit(deed{
		guild: guild, actor: grant.Actor(), role: grant.Role(), action: "settings.changed",
		before: old.json(), after: settings.json(), request: request,
	})
	for _, field := range fields {
		if err == nil {
			err = t.announce(moderation.Change{
				Guild: guild, At: t.writer.clock(), Kind: moderation.ChangeConfig, Label: field,
				Actor: grant.Actor().User(),
			})
		}
	}
	return err
}

func (t *tx) setLogChannel(guild snowflake.GuildID, channel snowflake.ChannelID) error {
	if channel != 0 {
		row, err := t.GetChannel(t.ctx, db.GetChannelParams{GuildID: int64(guild), ChannelID: int64(channel)})
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if kind := moderation.ChannelKind(row.Kind); err != nil ||
			kind != moderation.ChannelText && kind != moderation.ChannelAnnouncements {
			return fault.New(fault.Invalid, "Choose a text channel of this server.")
		}
	}
	if _, err := t.SetGuildLogProblem(t.ctx, db.SetGuildLogProblemParams{GuildID: int64(guild)}); err != nil {
		return err // what was wrong with another channel is not wrong with this one
	}
	return t.SetGuildLogChannel(t.ctx, db.SetGuildLogChannelParams{LogChannelID: int64(channel), GuildID: int64(guild)})
}

// json is what the audit log keeps.
func (s Settings) json() map[string]string {
	return map[string]string{"time_zone": s.TimeZone, "log_channel": s.LogChannel.String(),
		"tell_members": strconv.FormatBool(!s.Silent), "take_appeals": strconv.FormatBool(!s.NoAppeals)}
}
