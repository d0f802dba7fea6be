package store

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Profile is what the store knows about a guild.
type Profile struct {
	moderation.Guild
	TimeZone   string // IANA name
	LogChannel snowflake.ChannelID
	LogProblem string    // why nothing arrives in it; empty: it does, as far as is known
	Tell       bool      // members are told what was done about them
	Appeals    bool      // they may appeal
	Outage     time.Time // since when Discord cannot reach it; zero: it can
	Left       time.Time // when the bot left; zero: it is there
}

// GuildTotals are a guild's messages and actions.
type GuildTotals struct{ Messages, Actions int64 }

// Profile gives a guild that the bot is in; false for any other.
func (s *Snapshot) Profile(guild snowflake.GuildID) (Profile, bool) {
	if s.err != nil {
		return Profile{}, false
	}
	row, err := s.q.FindPresentGuild(s.ctx, int64(guild))
	if !s.ok("guild", err) {
		return Profile{}, false
	}
	return profileOf(row), true
}

// Profiles lists the guilds that the bot is in, by id.
func (s *Snapshot) Profiles() []Profile {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListPresentGuilds(s.ctx)
	s.ok("guilds", err)
	list := make([]Profile, 0, len(rows))
	for _, row := range rows {
		list = append(list, profileOf(row))
	}
	return list
}

// GuildTotals counts messages and actions, for each guild that the bot is in.
func (s *Snapshot) GuildTotals(span Span) map[snowflake.GuildID]GuildTotals {
	if s.err != nil {
		return nil
	}
	from, until := span.ms()
	rows, err := s.q.ListGuildTotals(s.ctx, db.ListGuildTotalsParams{Since: from, Until: until})
	s.ok("totals of guilds", err)
	totals := make(map[snowflake.GuildID]GuildTotals, len(rows))
	for _, row := range rows {
		totals[snowflake.GuildID(row.GuildID)] = GuildTotals{row.Messages, row.Actions}
	}
	return totals
}

// GuildsAt counts the guilds that the bot was in at a moment.
func (s *Snapshot) GuildsAt(at time.Time) int64 {
	if s.err != nil {
		return 0
	}
	n, err := s.q.CountStaysAt(s.ctx, at.UnixMilli())
	s.ok("stays", err)
	return n
}

func profileOf(row db.Guild) Profile {
	return Profile{
		Guild: moderation.Guild{
			ID: snowflake.GuildID(row.GuildID), Name: row.Name, Icon: row.Icon, Owner: snowflake.UserID(row.OwnerID),
			Members: int(row.MemberCount), JoinedAt: timeOf(row.JoinedAt),
			Permissions: moderation.Permissions(row.Permissions),
		},
		TimeZone: row.TimeZone, LogChannel: snowflake.ChannelID(row.LogChannelID), Outage: timeOf(row.OutageSince),
		Left: timeOf(row.LeftAt), LogProblem: row.LogProblem, Tell: row.TellMembers != 0, Appeals: row.TakeAppeals != 0,
	}
}
