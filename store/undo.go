package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Undo plans what takes an action back; see moderation.Docket. A warning is taken back at once, and what Discord was not
// asked for yet is never asked for; the rest waits for Discord like any action.
func (s *Store) Undo(
	ctx context.Context, grant access.Grant[access.ActOnMembers], action int64, source moderation.Source,
) (opened moderation.Opened, err error) {
	d := deedOf(ctx, grant, "action.undone")
	err = s.write(ctx, func(t *tx) error { opened, err = t.undoAction(d, action, source); return err })
	return opened, err
}

func (t *tx) undoAction(d deed, action int64, source moderation.Source) (opened moderation.Opened, err error) {
	row, known, err := t.findAction(d.guild, action)
	if err != nil {
		return opened, err
	}
	inverse, err := inverseOf(&row, known)
	if err != nil {
		return opened, err
	}
	opened = moderation.Opened{Violation: row.Violation, Fresh: true}
	p := plan{guild: d.guild, kind: inverse, source: source, target: snowflake.UserID(row.TargetID), actor: d.actor.User(),
		violation: row.Violation, reason: fmt.Sprintf("takes back action %d", action), undoes: action, priority: orderPriority}
	if inverse == moderation.ActionNote {
		err = t.takeBack(&row, &p, &opened)
	} else {
		p.until = earlierTimeout(&row)
		var id int64
		if id, err = t.plan(p); err == nil {
			opened.Actions = []int64{id}
			err = t.SetActionUndoneBy(t.ctx,
				db.SetActionUndoneByParams{UndoneBy: id, GuildID: row.GuildID, ActionID: action})
		}
	}
	if err != nil {
		return opened, err
	}
	d.person, d.target = p.target, fmt.Sprintf("action:%d", action)
	if err := t.audit(d); err != nil {
		return opened, err
	}
	return opened, t.violationChanged(d.guild, row.Violation, p.target, p.actor, "action")
}

// takeBack undoes what needs no word with Discord: a note of who did it stands where the inverse would.
func (t *tx) takeBack(row *db.Action, p *plan, opened *moderation.Opened) error {
	now := t.writer.clock()
	note := moderation.Action{Kind: moderation.ActionNote, Source: p.source, Target: p.target, Actor: p.actor,
		Reason: p.reason, Outcome: moderation.OutcomeDone}
	insert := actionRow(p.guild, now, &note, p.violation, fmt.Sprintf("undo:%d", row.ActionID))
	insert.Undoes = row.ActionID
	id, err := t.insertAction(p.guild, &note, insert)
	if err != nil {
		return err
	}
	opened.Actions = []int64{id}
	if err := t.SetActionUndoneBy(t.ctx,
		db.SetActionUndoneByParams{UndoneBy: id, GuildID: row.GuildID, ActionID: row.ActionID}); err != nil {
		return err
	}
	if row.Outcome == string(moderation.OutcomeDone) {
		return t.undone(p.guild, row, p.actor)
	}
	// It was never done, so it is not "undone", which counts.
	if err := t.SettleAction(t.ctx, db.SettleActionParams{Outcome: string(moderation.OutcomeFailed),
		Problem: "Taken back before Discord was asked.", SettledAt: msOf(now), GuildID: row.GuildID, ActionID: row.ActionID,
	}); err != nil {
		return err
	}
	if err := t.dequeue(row); err != nil {
		return err
	}
	return t.clearUndone(p.guild, row, p.actor)
}

// undone notes that an action was taken back. The warning that came with it does not count any more.
func (t *tx) undone(guild snowflake.GuildID, row *db.Action, by snowflake.UserID) error {
	if err := t.SetActionOutcome(t.ctx, db.SetActionOutcomeParams{Outcome: string(moderation.OutcomeUndone),
		GuildID: row.GuildID, ActionID: row.ActionID}); err != nil {
		return err
	}
	return t.clearUndone(guild, row, by)
}

func (t *tx) clearUndone(guild snowflake.GuildID, row *db.Action, by snowflake.UserID) error {
	numbers, err := t.ListWarningsByAction(t.ctx,
		db.ListWarningsByActionParams{GuildID: row.GuildID, UserID: row.TargetID, ActionID: row.ActionID})
	if err == nil {
		_, err = t.clearWarnings(guild, numbers, clearing{user: by, cause: clearedByUndo})
	}
	return err
}

// inverseOf is what takes an action back: a note where Discord need not be asked.
func inverseOf(row *db.Action, known bool) (moderation.ActionKind, error) {
	outcome := moderation.Outcome(row.Outcome)
	switch {
	case !known:
		return "", fault.New(fault.NotFound, "There is no such action here.")
	case row.UndoneBy != 0 || outcome == moderation.OutcomeUndone:
		return "", fault.New(fault.Conflict, "This was taken back already.")
	case outcome == moderation.OutcomeSent:
		return "", fault.New(fault.Conflict, "Discord is being asked for this right now. Try again in a moment.")
	case outcome == moderation.OutcomeFailed:
		return "", fault.New(fault.Invalid, "This was not done, so there is nothing to take back.")
	case outcome == moderation.OutcomePlanned:
		return moderation.ActionNote, nil
	}
	switch moderation.ActionKind(row.Kind) {
	case moderation.ActionWarn:
		return moderation.ActionNote, nil
	case moderation.ActionTimeout:
		return moderation.ActionUntimeout, nil
	case moderation.ActionBan:
		return moderation.ActionUnban, nil
	case moderation.ActionKick:
		return "", fault.New(fault.Invalid, "A kick cannot be taken back. The member can be invited again.")
	case moderation.ActionDelete:
		return "", fault.New(fault.Invalid, "A deleted message cannot be brought back.")
	}
	return "", fault.New(fault.Invalid, "This cannot be taken back.")
}

// earlierTimeout is until when the member had been timed out before; zero when they were not.
func earlierTimeout(row *db.Action) time.Time {
	var before struct {
		TimeoutUntil time.Time `json:"timeout_until"`
	}
	_ = json.Unmarshal([]byte(row.Before), &before) // empty for what found nothing
	return before.TimeoutUntil
}
