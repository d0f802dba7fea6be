package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// saveRule writes a rule that was checked as the next version; problem is why guildwatch has switched it off, if so.
func (t *tx) saveRule(d deed, r rule.Rule, note, problem string) (rule.Rule, error) {
	body, err := ruleBody(r)
	if err != nil {
		return rule.Rule{}, err
	}
	row := db.PutRuleParams{GuildID: int64(d.guild), Number: r.Number, Kind: string(r.Kind), Mode: string(r.Mode),
		Body: body, Problem: problem, UpdatedAt: msOf(t.writer.clock())}
	if err := t.ruleLimits(d.guild, &r); err != nil {
		return rule.Rule{}, err
	}
	if r.Number == 0 {
		row.MadeAt = row.UpdatedAt
		if row.Number, err = t.NextRuleNumber(t.ctx, row.GuildID); err != nil {
			return rule.Rule{}, err
		}
	} else {
		old, err := t.findRule(d.guild, r.Number)
		if err != nil {
			return rule.Rule{}, err
		}
		if old.Version != r.Version {
			return rule.Rule{}, fault.New(fault.Conflict,
				"Somebody has saved this rule meanwhile; it is at version %d now. Look at it, then save again.", old.Version)
		}
		if old.Body == body && old.Problem == problem {
			return r, nil
		}
		row.Version, row.MadeAt, d.before = old.Version, old.MadeAt, auditedRule(old.Kind, old.Mode, old.Version)
	}
	row.Version++
	if err := t.PutRule(t.ctx, row); err != nil {
		return rule.Rule{}, err
	}
	if err := t.InsertRuleVersion(t.ctx, db.InsertRuleVersionParams{GuildID: row.GuildID, Number: row.Number,
		Version: row.Version, Body: body, At: row.UpdatedAt, MadeBy: int64(d.actor.User()), Note: note}); err != nil {
		return rule.Rule{}, err
	}
	d.target, d.after = ruleTarget(row.Number), auditedRule(row.Kind, row.Mode, row.Version)
	r.Number, r.Version = row.Number, row.Version
	return r, t.ruleChanged(d)
}

// ruleLimits refuses one rule, or one regular expression, too many.
func (t *tx) ruleLimits(guild snowflake.GuildID, r *rule.Rule) error {
	others, err := t.CountRules(t.ctx, db.CountRulesParams{GuildID: int64(guild), ExceptNumber: r.Number})
	switch {
	case err != nil:
		return err
	case others.Rules >= mostRules:
		return fault.New(fault.Invalid, "A server has at most %d rules. Delete one first.", mostRules)
	case r.Kind == rule.Regex && others.Expressions >= mostExpressions:
		return fault.New(fault.Invalid, "A server has at most %d regular expressions. Delete one first.", mostExpressions)
	}
	return nil
}

// ruleChanged writes what a change of a rule is to be known by: the audit log, the pages, the compiled rules.
func (t *tx) ruleChanged(d deed) error {
	if err := t.audit(d); err != nil {
		return err
	}
	t.changed(MatterRules, d.guild)
	t.config(d.guild)
	what := "rules"
	if d.actor.IsSystem() {
		what = "rule_off"
	}
	return t.announce(moderation.Change{Guild: d.guild, At: t.writer.clock(), Kind: moderation.ChangeConfig,
		Label: what, Actor: d.actor.User()})
}

func (t *tx) findRule(guild snowflake.GuildID, number int64) (db.Rule, error) {
	row, err := t.GetRule(t.ctx, db.GetRuleParams{GuildID: int64(guild), Number: number})
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoRule()
	}
	return row, err
}

func (t *tx) currentRule(guild snowflake.GuildID, number int64) (rule.Rule, error) {
	row, err := t.findRule(guild, number)
	if err != nil {
		return rule.Rule{}, err
	}
	return ruleOf(row.Body, row.Number, row.Version)
}

func errNoRule() error { return fault.New(fault.NotFound, "There is no such rule here.") }

func ruleTarget(number int64) string { return fmt.Sprintf("rule:%d", number) }

// auditedRule is what the audit log keeps of a rule: its version says the rest, and its words may name people.
func auditedRule(kind, mode string, version int64) map[string]any {
	return map[string]any{"kind": kind, "mode": mode, "version": version}
}

// ruleBody is a rule as its row keeps it: number and version have columns of their own.
func ruleBody(r rule.Rule) (string, error) {
	r.Number, r.Version = 0, 0
	body, err := json.Marshal(r)
	return string(body), err
}

// ruleOf reads what ruleBody has written. Fields that a newer guildwatch has added are passed over.
func ruleOf(body string, number, version int64) (r rule.Rule, err error) {
	if err = json.Unmarshal([]byte(body), &r); err != nil {
		return r, fmt.Errorf("store: rule %d, version %d: %w", number, version, err)
	}
	r.Number, r.Version = number, version
	return r, nil
}
