package store

import (
	"context"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Settle records how an errand went; see moderation.Docket. What is settled stays as it is.
func (s *Store) Settle(ctx context.Context, errand moderation.Errand, result moderation.Result) error {
	return s.write(ctx, func(t *tx) error { return t.settle(&errand, &result) })
}

func (t *tx) settle(e *moderation.Errand, r *moderation.Result) error {
	row, known, err := t.findAction(e.Guild, e.Action)
	if err != nil || !known || settled(moderation.Outcome(row.Outcome)) {
		return err
	}
	now := t.writer.clock()
	if !r.Done && r.Refused == "" {
		return t.SetErrandDue(t.ctx, db.SetErrandDueParams{DueAt: msOf(now.Add(r.Again)), Attempts: int64(e.Attempts) + 1,
			GuildID: row.GuildID, ActionID: row.ActionID})
	}
	if err := t.dequeue(&row); err != nil {
		return err
	}
	a := actionOf(&row)
	a.Outcome = moderation.OutcomeFailed
	if r.Done {
		a.Outcome = moderation.OutcomeDone
	}
	if err := t.SettleAction(t.ctx, db.SettleActionParams{Outcome: string(a.Outcome), Problem: r.Refused,
		SettledAt: msOf(now), Before: r.Before, GuildID: row.GuildID, ActionID: row.ActionID}); err != nil {
		return err
	}
	if r.Done {
		err = t.done(&row, &a, now)
	} else if row.Undoes != 0 {
		// It may be tried again.
		err = t.SetActionUndoneBy(t.ctx, db.SetActionUndoneByParams{GuildID: row.GuildID, ActionID: row.Undoes})
	}
	if err != nil {
		return err
	}
	change := actionChange(e.Guild, now, &a, row.ActionID)
	if r.Refused != "" {
		change.Detail = r.Refused
	}
	if err := t.announce(change); err != nil {
		return err
	}
	return t.violationChanged(e.Guild, row.Violation, a.Target, a.Actor, "action")
}

// done counts an action that Discord has confirmed, in the bucket of its plan, and what follows from it.
func (t *tx) done(row *db.Action, a *moderation.Action, now time.Time) error {
	guild := snowflake.GuildID(row.GuildID)
	if err := t.countDone(guild, row.At, a, row.Violation); err != nil {
		return err
	}
	if err := t.tellOf(row); err != nil {
		return err
	}
	if row.Undoes != 0 {
		undone, known, err := t.findAction(guild, row.Undoes)
		if err == nil && known {
			err = t.undone(guild, &undone, a.Actor)
		}
		if err != nil {
			return err
		}
	}
	if row.Violation != 0 && a.Source == moderation.SourceRule {
		return t.responded(guild, row.Violation, now)
	}
	return nil
}

// countDone counts an action that was done in everything that counts actions. violation is the number of the one that it
// answers, 0 for none.
func (t *tx) countDone(guild snowflake.GuildID, at int64, a *moderation.Action, violation int64) error {
	if err := t.countAction(guild, at, a); err != nil {
		return err
	}
	if err := t.tallyAction(guild, at, a, violation); err != nil {
		return err
	}
	t.changed(MatterTargets, guild)
	return t.countTarget(guild, a.Target, at)
}

// violationChanged tells pages that show a violation, or a member, that there is more to show. It is no line of the
// feed. What says which part: "action", "marked", "claim", "note", "warning",
// "appeal", "notice".
func (t *tx) violationChanged(guild snowflake.GuildID, number int64, user, actor snowflake.UserID, what string) error {
	return t.announce(moderation.Change{Guild: guild, At: t.writer.clock(), Kind: moderation.ChangeViolationChanged,
		Ref: number, User: user, Actor: actor, Label: what})
}

func settled(o moderation.Outcome) bool {
	return o == moderation.OutcomeDone || o == moderation.OutcomeFailed || o == moderation.OutcomeUndone
}

func actionOf(row *db.Action) moderation.Action {
	return moderation.Action{
		Kind: moderation.ActionKind(row.Kind), Source: moderation.Source(row.Source),
		Target: snowflake.UserID(row.TargetID), Actor: snowflake.UserID(row.ActorID),
		Channel: snowflake.ChannelID(row.ChannelID), Reason: row.Reason, Until: timeOf(row.Until), Count: int(row.Count),
		Outcome: moderation.Outcome(row.Outcome),
	}
}
