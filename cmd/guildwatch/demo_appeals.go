package main

import (
	"context"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/demo"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/store"
)

// verdicts are what the demo's moderators answer, by the appeal's number. Every fourth appeal they leave to visitors for
// some minutes.
var verdicts = []struct {
	approve bool
	answer  string
}{{true, "You are right, that was meant kindly. Sorry."}, {false, "The rule is there for a reason. Please read it."},
	{false, ""}, {true, "It counts for nothing any more."}}

// patienceOfDemo is how long an appeal that is left to visitors waits.
const patienceOfDemo = 10 * time.Minute

// hearAppeals decides what a guild's members have appealed against before a moment.
func hearAppeals(ctx context.Context, g *demo.Guild, before time.Time, st *store.Store) error {
	var open []store.AppealRow
	if err := st.Read(ctx, func(now *store.Snapshot) { open = now.Appeals(g.ID, moderation.AppealOpen, 0, 20) }); err != nil {
		return err
	}
	for _, appeal := range open {
		wait := time.Duration(0)
		if appeal.Number%4 == 3 {
			wait = patienceOfDemo
		}
		if appeal.At.After(before.Add(-wait)) {
			continue
		}
		grant, err := staffMay[access.DecideAppeals](ctx, g, appeal.Number, st)
		if err != nil {
			return err
		}
		verdict := verdicts[appeal.Number%int64(len(verdicts))]
		_, err = st.DecideAppeal(ctx, grant, moderation.Decision{Number: appeal.Number, Approve: verdict.approve,
			Answer: verdict.answer, Source: moderation.SourceDashboard})
		if err != nil && fault.Of(err) != fault.Conflict { // a visitor was faster, or Discord is being asked
			return err
		}
	}
	return nil
}

// lookAround lets a guild's moderators be on what was found since a moment, and take a timeout back now and then.
func lookAround(ctx context.Context, g *demo.Guild, before time.Time, st *store.Store) error {
	var found []store.ViolationRow
	if err := st.Read(ctx, func(now *store.Snapshot) {
		found = now.Violations(g.ID, store.ViolationFilter{Source: moderation.SourceRule, State: moderation.StateCounted}, 20)
	}); err != nil {
		return err
	}
	for i := range found {
		v := &found[i]
		switch {
		case v.Number%5 == 0 && v.Claim.By == 0 && v.Detected.After(before):
			grant, err := staffMay[access.ManageViolations](ctx, g, v.Number, st)
			if err == nil {
				err = st.ClaimViolation(ctx, grant, v.Number)
			}
			if err != nil && fault.Of(err) != fault.Conflict {
				return err
			}
		case v.Number%9 == 0 && v.Detected.Before(before):
			if err := relent(ctx, g, v, st); err != nil {
				return err
			}
		}
	}
	return nil
}

// relent takes back the timeouts for a violation.
func relent(ctx context.Context, g *demo.Guild, v *store.ViolationRow, st *store.Store) error {
	for _, action := range v.Actions {
		if action.Kind != moderation.ActionTimeout || !action.CanUndo() {
			continue
		}
		grant, err := staffMay[access.ActOnMembers](ctx, g, v.Number, st)
		if err == nil {
			_, err = st.Undo(ctx, grant, action.ID, moderation.SourceDashboard)
		}
		if err != nil && fault.Of(err) != fault.Conflict {
			return err
		}
	}
	return nil
}

// staffMay is what one of a guild's moderators may, another one for each number.
func staffMay[R access.Right](ctx context.Context, g *demo.Guild, number int64, st *store.Store) (access.Grant[R], error) {
	staff := g.Moderators()
	return access.Check[R](ctx, standings{st}, access.Person(staff[int(number)%len(staff)].ID, false), g.ID)
}
