package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// ownEntry is how far Discord's time of an action may be from the moment when guildwatch heard that it was done.
const ownEntry = 10 * time.Second

// RecordAudit records an action that a guild's audit log tells of. What guildwatch itself has asked for has its row
// already, whichever arrives first, the entry or Discord's answer.
func (s *Store) RecordAudit(ctx context.Context, e moderation.AuditEntry) (fresh bool, err error) {
	action := e.Action
	if action.Source == "" {
		action.Source = moderation.SourceAudit
	}
	if action.Outcome == "" {
		action.Outcome = moderation.OutcomeDone
	}
	err = s.write(ctx, func(t *tx) error {
		if e.Own {
			known, err := t.isOwn(&e)
			if err != nil || known {
				return err
			}
		}
		fresh, err = t.act(e.Guild, e.At, &action, 0, "entry:"+e.Entry.String())
		return err
	})
	return fresh, err
}

// isOwn says whether an entry tells of an action that Discord is being asked for, or was asked for just then.
func (t *tx) isOwn(e *moderation.AuditEntry) (bool, error) {
	at := msOf(e.At)
	_, err := t.FindOwnAction(t.ctx, db.FindOwnActionParams{GuildID: int64(e.Guild), TargetID: int64(e.Target),
		Kind: string(e.Kind), Since: at - ownEntry.Milliseconds(), Until: at + ownEntry.Milliseconds()})
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// act records an action once for each origin: its row, the counters, the windows, the change. violation is the number
// of the violation that it answers, 0 for none.
func (t *tx) act(
	guild snowflake.GuildID, at time.Time, a *moderation.Action, violation int64, origin string,
) (fresh bool, err error) {
	id, err := t.insertAction(guild, a, actionRow(guild, at, a, violation, origin))
	return id != 0, err
}

// insertAction gives the id of an action that is done, 0 when its origin is known.
func (t *tx) insertAction(guild snowflake.GuildID, a *moderation.Action, row db.InsertActionParams) (id int64, err error) {
	result, err := t.InsertAction(t.ctx, row)
	if err != nil {
		return 0, err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return 0, err
	}
	if id, err = result.LastInsertId(); err != nil {
		return 0, err
	}
	if err := t.countDone(guild, row.At, a, row.Violation); err != nil {
		return 0, err
	}
	return id, t.announce(actionChange(guild, timeOf(row.At), a, id))
}

// countTarget notes that somebody was acted on, in the windows that still reach back to it.
func (t *tx) countTarget(guild snowflake.GuildID, target snowflake.UserID, at int64) error {
	if target == 0 {
		return nil
	}
	edges := &t.writer.memory
	if edges.monthEdge == 0 {
		if err := t.openWindows(at); err != nil {
			return err
		}
	}
	month := bit(at >= edges.monthEdge)
	if month == 0 {
		return nil
	}
	return t.AddTarget(t.ctx, db.AddTargetParams{
		GuildID: int64(guild), UserID: int64(target), Week: bit(at >= edges.weekEdge), Month: month,
	})
}

func actionRow(
	guild snowflake.GuildID, at time.Time, a *moderation.Action, violation int64, origin string,
) db.InsertActionParams {
	return db.InsertActionParams{
		GuildID: int64(guild), At: msOf(at), Kind: string(a.Kind), Source: string(a.Source), TargetID: int64(a.Target),
		ActorID: int64(a.Actor), ChannelID: int64(a.Channel), Violation: violation, Reason: a.Reason,
		Until: msOf(a.Until), Count: int64(max(a.Count, 1)), Outcome: string(a.Outcome), Origin: origin,
	}
}

func actionChange(guild snowflake.GuildID, at time.Time, a *moderation.Action, id int64) moderation.Change {
	return moderation.Change{
		Guild: guild, At: at, Kind: moderation.ChangeAction, Source: a.Source, Action: a.Kind, Outcome: a.Outcome,
		Ref: id, User: a.Target, Actor: a.Actor, Channel: a.Channel, Detail: a.Reason,
	}
}
