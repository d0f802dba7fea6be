package store

import (
	"context"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// setSays sets what a guild says to members, and gives the names of what changed.
func (t *tx) setSays(guild snowflake.GuildID, old, settings Settings) (fields []string, err error) {
	if settings.Silent != old.Silent {
		fields = append(fields, "tell_members")
	}
	if settings.NoAppeals != old.NoAppeals {
		fields = append(fields, "take_appeals")
	}
	if len(fields) == 0 {
		return nil, nil
	}
	return fields, t.SetGuildSays(t.ctx, db.SetGuildSaysParams{TellMembers: bit(!settings.Silent),
		TakeAppeals: bit(!settings.NoAppeals), GuildID: int64(guild)})
}

// SetLogProblem notes why nothing arrives in a guild's log channel, in words for its admins; empty: it does again. The
// same again writes nothing.
func (s *Store) SetLogProblem(ctx context.Context, guild snowflake.GuildID, problem string) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.SetGuildLogProblem(t.ctx, db.SetGuildLogProblemParams{LogProblem: problem, GuildID: int64(guild)})
		if err != nil || n == 0 {
			return err
		}
		t.config(guild)
		if problem == "" {
			return nil
		}
		return t.announce(moderation.Change{Guild: guild, At: t.writer.clock(), Kind: moderation.ChangeConfig,
			Label: "log_problem"})
	})
}
