package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// sameHit is how near executions of a rule about a user must be to belong to one hit when there is no message to tell:
// Discord sends one for each action of the rule, within milliseconds.
const sameHit = 2 * time.Second

// RecordExecution records one action of a native AutoMod rule: the violation, once for all actions of the same hit, and
// the action.
func (s *Store) RecordExecution(ctx context.Context, e moderation.AutoModExecution) (fresh bool, err error) {
	err = s.write(ctx, func(t *tx) error { fresh, err = t.execution(e); return err })
	return fresh, err
}

func (t *tx) execution(e moderation.AutoModExecution) (fresh bool, err error) {
	name, spec, err := t.nativeRule(e.Guild, e.Rule, e.Trigger)
	if err != nil {
		return false, err
	}
	severity, err := t.nativeSeverity(e.Guild, e.Trigger, spec)
	if err != nil {
		return false, err
	}
	v := moderation.Violation{
		Guild: e.Guild, At: e.At, Source: moderation.SourceAutoMod, Severity: severity,
		Rule: "automod:" + e.Rule.String(), RuleName: name, User: e.User, Channel: e.Channel, Message: e.Message,
		Keyword: e.Keyword, Content: e.Content,
	}
	v.Number, err = t.findHit(&v)
	if errors.Is(err, sql.ErrNoRows) {
		err = t.violate(&v, finding{})
	}
	if err != nil {
		return false, err
	}
	action := moderation.Action{
		Kind: e.Did, Source: moderation.SourceAutoMod, Target: e.User, Channel: e.Channel, Reason: name, Count: 1,
		Outcome: moderation.OutcomeDone,
	}
	if e.Did == moderation.ActionTimeout && e.Duration > 0 {
		action.Until = e.At.Add(e.Duration)
	}
	return t.act(e.Guild, e.At, &action, v.Number, fmt.Sprintf("automod:%d:%s", v.Number, e.Did))
}

// subject is what a violation is unique by: its message, or where there is none the member and the moment; for what
// guildwatch finds in names and joins, the minute, because Discord tells of the same name several times.
func subject(v *moderation.Violation) string {
	if v.Message != 0 {
		return "message:" + v.Message.String()
	}
	at := msOf(v.At)
	if v.Source == moderation.SourceRule {
		at -= at % time.Minute.Milliseconds()
	}
	return fmt.Sprintf("member:%d@%d", v.User, at)
}

// findHit gives the number of the violation that an execution belongs to.
func (t *tx) findHit(v *moderation.Violation) (int64, error) {
	if v.Message != 0 {
		return t.FindViolation(t.ctx, db.FindViolationParams{
			GuildID: int64(v.Guild), Source: string(v.Source), Subject: subject(v), Rule: v.Rule,
		})
	}
	at, reach := msOf(v.At), sameHit.Milliseconds()-1
	return t.FindBlocked(t.ctx, db.FindBlockedParams{
		GuildID: int64(v.Guild), Since: at - reach, Until: at + reach, UserID: int64(v.User), Source: string(v.Source),
		Rule: v.Rule,
	})
}

// violate records a violation under the guild's next number, counts it and tells of it. Without a state it counts.
func (t *tx) violate(v *moderation.Violation, found finding) (err error) {
	keeps, err := t.keepsText(v.Guild)
	if err != nil {
		return err
	}
	if !keeps {
		v.Content, v.Keyword = "", ""
	}
	if v.Number, err = t.NextViolationNumber(t.ctx, int64(v.Guild)); err != nil {
		return err
	}
	if err := t.InsertViolation(t.ctx, violationRow(v, found)); err != nil {
		return err
	}
	if err := t.countAs(v, found.state(), 1); err != nil {
		return err
	}
	return t.announce(violationChange(v))
}

// finding is what is known of a violation that guildwatch has found itself; all zero for those of others.
type finding struct {
	evidence string
	version  int64
	surface  moderation.Surface
	shadow   bool
	detected time.Time
}

func (f finding) state() moderation.ViolationState {
	if f.shadow {
		return moderation.StateShadow
	}
	return moderation.StateCounted
}

func violationRow(v *moderation.Violation, f finding) db.InsertViolationParams {
	return db.InsertViolationParams{
		GuildID: int64(v.Guild), Number: v.Number, At: msOf(v.At), Source: string(v.Source),
		Severity: string(v.Severity), Rule: v.Rule, RuleName: v.RuleName, UserID: int64(v.User),
		ChannelID: int64(v.Channel), MessageID: int64(v.Message), Subject: subject(v), Evidence: f.evidence,
		Keyword: v.Keyword, Content: v.Content, State: string(f.state()), Shadow: bit(f.shadow), RuleVersion: f.version,
		Surface: string(f.surface), DetectedAt: msOf(f.detected), ResponseMs: -1,
	}
}

func violationChange(v *moderation.Violation) moderation.Change {
	return moderation.Change{
		Guild: v.Guild, At: v.At, Kind: moderation.ChangeViolation, Source: v.Source, Severity: v.Severity,
		Ref: v.Number, User: v.User, Channel: v.Channel, Label: v.RuleName, Detail: v.Keyword,
	}
}

// nativeRule is a native rule's name as last seen, or what it looks for, and what is known of it.
func (t *tx) nativeRule(
	guild snowflake.GuildID, rule snowflake.RuleID, trigger moderation.Trigger,
) (string, *moderation.NativeSpec, error) {
	known, err := t.GetNativeRule(t.ctx, db.GetNativeRuleParams{GuildID: int64(guild), RuleID: int64(rule)})
	if errors.Is(err, sql.ErrNoRows) || err == nil && known.Name == "" {
		return "AutoMod rule: " + trigger.String(), nativeSpecOf(known.Body), nil
	}
	return known.Name, nativeSpecOf(known.Body), err
}
