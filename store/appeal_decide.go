package store

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// DecideAppeal closes an appeal; see moderation.Appeals. The member is to be told, whatever the decision.
func (s *Store) DecideAppeal(
	ctx context.Context, grant access.Grant[access.DecideAppeals], decision moderation.Decision,
) (opened moderation.Opened, err error) {
	d := deedOf(ctx, grant, "appeal.denied")
	if decision.Approve {
		d.action = "appeal.approved"
	}
	decision.Answer = strings.TrimSpace(decision.Answer)
	if n := utf8.RuneCountInString(decision.Answer); n > moderation.AppealAnswer {
		return opened, fault.New(fault.Invalid, "The answer has %d characters; at most %d fit.", n, moderation.AppealAnswer)
	}
	err = s.write(ctx, func(t *tx) error { opened, err = t.decide(d, decision); return err })
	return opened, err
}

func (t *tx) decide(d deed, decision moderation.Decision) (opened moderation.Opened, err error) {
	row, err := t.findAppeal(d.guild, decision.Number)
	if err != nil {
		return opened, err
	}
	by, user := d.actor.User(), snowflake.UserID(row.UserID)
	switch {
	case by == user:
		return opened, fault.New(fault.Forbidden, "Your own appeal is for somebody else to decide.")
	case row.State != string(moderation.AppealOpen):
		return opened, t.decidedAlready(&row)
	}
	opened = moderation.Opened{Violation: row.Violation, Fresh: true}
	before := row.State
	row.State = string(moderation.AppealDenied)
	if decision.Approve {
		row.State = string(moderation.AppealApproved)
		if opened.Actions, err = t.makeGood(d, &row, decision.Source); err != nil {
			return opened, err
		}
	}
	if err := t.closeAppeal(&row, by, decision.Answer); err != nil {
		return opened, err
	}
	if err := t.planNotice(d.guild, moderation.NoticeAnswer, row.Number, user); err != nil {
		return opened, err
	}
	d.person, d.target, d.before, d.after = user, appealTarget(row.Number), before, row.State
	if err := t.audit(d); err != nil {
		return opened, err
	}
	return opened, t.appealChanged(&row, by)
}

// decidedAlready says who was faster.
func (t *tx) decidedAlready(row *db.Appeal) error {
	if row.State == string(moderation.AppealWithdrawn) {
		return fault.New(fault.Conflict, "The member has withdrawn this appeal.")
	}
	who, err := t.nameOf(snowflake.UserID(row.DecidedBy))
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "%s has %s this appeal already.", who, row.State)
}

// makeGood restores what a member was before the violation that an appeal is about, as far as it can be: its warnings do
// not count, a kick is not held against them, and what Discord still enforces is taken back.
func (t *tx) makeGood(d deed, row *db.Appeal, source moderation.Source) (planned []int64, err error) {
	actions, err := t.appealed(row)
	if err != nil {
		return nil, err
	}
	for i := range actions {
		action := &actions[i]
		if err := t.forgive(d, row, action); err != nil {
			return nil, err
		}
		if !t.standing(action) {
			continue
		}
		if moderation.ActionKind(action.Kind) == moderation.ActionKick {
			err = t.excuse(d, row, action, source)
		} else {
			var opened moderation.Opened
			taken := d
			taken.action = "action.undone"
			if opened, err = t.undoAction(taken, action.ActionID, source); err == nil {
				planned = append(planned, opened.Actions...)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return planned, nil
}

// appealed are the actions that an appeal is about: all that guildwatch did to the member for the violation, or the one.
func (t *tx) appealed(row *db.Appeal) ([]db.Action, error) {
	if row.Violation != 0 {
		return t.ListAppealedActions(t.ctx,
			db.ListAppealedActionsParams{GuildID: row.GuildID, Violation: row.Violation, TargetID: row.UserID})
	}
	action, known, err := t.findAction(snowflake.GuildID(row.GuildID), row.ActionID)
	if err != nil || !known {
		return nil, err
	}
	return []db.Action{action}, nil
}

// forgive lets the warnings that came with an action not count, at once and for good: taking the action back may fail.
func (t *tx) forgive(d deed, row *db.Appeal, action *db.Action) error {
	numbers, err := t.ListWarningsByAction(t.ctx,
		db.ListWarningsByActionParams{GuildID: row.GuildID, UserID: row.UserID, ActionID: action.ActionID})
	if err == nil {
		_, err = t.clearWarnings(d.guild, numbers, clearing{user: d.actor.User(), cause: clearedByAppeal,
			reason: fmt.Sprintf("appeal #%d", row.Number)})
	}
	return err
}

// standing says whether an action still weighs on the member: a timeout that is over does not.
func (t *tx) standing(action *db.Action) bool {
	if !appealable(action) || action.UndoneBy != 0 {
		return false
	}
	switch moderation.Outcome(action.Outcome) {
	case moderation.OutcomeFailed, moderation.OutcomeUndone:
		return false
	}
	return moderation.ActionKind(action.Kind) != moderation.ActionTimeout || action.Until > msOf(t.writer.clock())
}

// excuse takes back what a kick means from then on: Discord cannot bring the member back, but their next violation costs
// no ban.
func (t *tx) excuse(d deed, row *db.Appeal, action *db.Action, source moderation.Source) error {
	if action.Outcome == string(moderation.OutcomeSent) {
		return fault.New(fault.Conflict, "Discord is being asked for this right now. Try again in a moment.")
	}
	var opened moderation.Opened
	return t.takeBack(action, &plan{guild: d.guild, source: source, target: snowflake.UserID(action.TargetID),
		actor: d.actor.User(), violation: action.Violation, reason: fmt.Sprintf("appeal #%d was approved", row.Number)}, &opened)
}
