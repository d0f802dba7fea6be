package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation/rule"
	"guildwatch/store/internal/db"
)

// The limits of a guild's rules: so many are judged in some 20 us a message (docs/PERFORMANCE.md).
const (
	mostRules       = 200
	mostExpressions = 50
	noteLength      = 200
)

// SaveRule saves a rule and gives it as it is now: a new one for number 0, else the next version of the one with its
// number, which must be at r.Version. Note says why, in at most 200 characters. It answers a *fault.Error: Invalid with
// every problem of the rule, a regular expression that takes too long among them; NotFound; Conflict when somebody has
// saved the rule meanwhile. What changes nothing makes no version.
func (s *Store) SaveRule(
	ctx context.Context, grant access.Grant[access.UpdateRules], r rule.Rule, note string,
) (saved rule.Rule, err error) {
	d := deedOf(ctx, grant, "rule.saved")
	if err := checkRule(&r, note); err != nil {
		return rule.Rule{}, err
	}
	err = s.write(ctx, func(t *tx) error { saved, err = t.saveRule(d, r, strings.TrimSpace(note), ""); return err })
	return saved, err
}

// SetRuleMode enforces a rule, puts it into shadow mode, or switches it off, as a new version.
func (s *Store) SetRuleMode(
	ctx context.Context, grant access.Grant[access.UpdateRules], number int64, mode rule.Mode,
) (saved rule.Rule, err error) {
	d := deedOf(ctx, grant, "rule.mode")
	if mode != rule.Enforce && mode != rule.Shadow && mode != rule.Off {
		return rule.Rule{}, fault.New(fault.Invalid, "Choose whether the rule is enforced, in shadow mode, or off.")
	}
	err = s.write(ctx, func(t *tx) error {
		saved, err = t.currentRule(d.guild, number)
		if err == nil {
			saved.Mode = mode
			saved, err = t.saveRule(d, saved, "mode: "+string(mode), "")
		}
		return err
	})
	return saved, err
}

// RollBackRule makes an earlier version of a rule the newest one. It answers a *fault.Error: NotFound, and Invalid when
// that version could not be saved today.
func (s *Store) RollBackRule(
	ctx context.Context, grant access.Grant[access.UpdateRules], number, version int64,
) (saved rule.Rule, err error) {
	d := deedOf(ctx, grant, "rule.rolled_back")
	row, err := s.reads.GetRuleVersion(ctx,
		db.GetRuleVersionParams{GuildID: int64(d.guild), Number: number, Version: version})
	if errors.Is(err, sql.ErrNoRows) {
		return rule.Rule{}, errNoRule()
	} else if err != nil {
		return rule.Rule{}, unreadable(err)
	}
	old, err := ruleOf(row.Body, number, version)
	if err != nil {
		return rule.Rule{}, err
	}
	if err := checkRule(&old, ""); err != nil {
		return rule.Rule{}, err
	}
	err = s.write(ctx, func(t *tx) error {
		current, err := t.currentRule(d.guild, number)
		if err == nil {
			old.Version = current.Version
			saved, err = t.saveRule(d, old, fmt.Sprintf("rolled back to version %d", version), "")
		}
		return err
	})
	return saved, err
}

// SwitchRuleOff switches a rule off, if it is still at a version, because of a problem: a sentence for the guild's
// moderators. Saving the rule, or setting its mode, ends that. It says whether it was switched off by this call.
func (s *Store) SwitchRuleOff(
	ctx context.Context, grant access.Grant[access.UpdateRules], number, version int64, problem string,
) (done bool, err error) {
	d := deedOf(ctx, grant, "rule.switched_off")
	err = s.write(ctx, func(t *tx) error {
		r, err := t.currentRule(d.guild, number)
		if done = err == nil && r.Mode != rule.Off && r.Version == version; done {
			r.Mode = rule.Off
			_, err = t.saveRule(d, r, "switched off by guildwatch", problem)
		}
		return err
	})
	return done && err == nil, err
}

// DeleteRule deletes a rule. What it found stays, and so do its versions; its number is never given again.
func (s *Store) DeleteRule(ctx context.Context, grant access.Grant[access.DeleteRules], number int64) error {
	d := deedOf(ctx, grant, "rule.deleted")
	return s.write(ctx, func(t *tx) error {
		old, err := t.findRule(d.guild, number)
		if err != nil {
			return err
		}
		err = t.SetRuleDeleted(t.ctx, db.SetRuleDeletedParams{DeletedAt: msOf(t.writer.clock()), GuildID: int64(d.guild),
			Number: number})
		if err != nil {
			return err
		}
		d.target, d.before = ruleTarget(number), auditedRule(old.Kind, old.Mode, old.Version)
		return t.ruleChanged(d)
	})
}

// checkRule says what is wrong with a rule, and tidies what has no meaning. It measures an expression, which takes
// some milliseconds: not on the writer's goroutine.
func checkRule(r *rule.Rule, note string) error {
	r.Name = strings.TrimSpace(r.Name)
	if err := r.Check(); err != nil {
		return fault.New(fault.Invalid, "%s", err)
	}
	if utf8.RuneCountInString(note) > noteLength {
		return fault.New(fault.Invalid, "A note has at most %d characters.", noteLength)
	}
	if r.Kind != rule.Regex {
		return nil
	}
	re, err := rule.Pattern(r.Spec.Pattern)
	if err != nil {
		return fault.New(fault.Invalid, "This regular expression cannot be used: %s.", err)
	}
	if worst, allowed := rule.Cost(re); !allowed {
		return fault.New(fault.Invalid, "This regular expression takes up to %s for one message. That is too long: "+
			"use fewer repetitions, or say what it begins with.", worst.Round(10*time.Microsecond))
	}
	return nil
}
