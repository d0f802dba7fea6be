package store

import (
	"context"

	"guildwatch/internal/moderation"
	"guildwatch/store/internal/db"
)

// RecordCommand records one use of a slash command. One in a direct message (guild 0) counts for all guilds and for
// none.
func (s *Store) RecordCommand(ctx context.Context, e moderation.CommandRun) (fresh bool, err error) {
	err = s.write(ctx, func(t *tx) error { fresh, err = t.command(e); return err })
	return fresh, err
}

func (t *tx) command(e moderation.CommandRun) (fresh bool, err error) {
	at := msOf(e.At)
	if n, err := t.InsertCommandRun(t.ctx, commandRow(e)); err != nil || n == 0 {
		return false, err
	}
	if err := t.putUser(e.User, at); err != nil {
		return false, err
	}
	if e.Guild != 0 && e.User.ID != 0 && !e.User.Bot {
		if err := t.active(e.Guild, e.User.ID, at); err != nil {
			return false, err
		}
	}
	if err := t.count(e.Guild, at, db.AddActivityParams{Commands: 1}); err != nil {
		return false, err
	}
	t.changed(MatterRuns, Everywhere)
	return true, t.announce(commandChange(e))
}

func commandRow(e moderation.CommandRun) db.InsertCommandRunParams {
	return db.InsertCommandRunParams{
		InteractionID: int64(e.Interaction), GuildID: int64(e.Guild), At: msOf(e.At), Command: e.Command,
		UserID: int64(e.User.ID), ChannelID: int64(e.Channel), Ok: bit(e.OK), TookMs: e.Took.Milliseconds(),
	}
}

func commandChange(e moderation.CommandRun) moderation.Change {
	outcome := moderation.OutcomeDone
	if !e.OK {
		outcome = moderation.OutcomeFailed
	}
	return moderation.Change{
		Guild: e.Guild, At: e.At, Kind: moderation.ChangeCommand, Outcome: outcome, User: e.User.ID, Channel: e.Channel,
		Label: e.Command,
	}
}
