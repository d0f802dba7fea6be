package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/store/internal/db"
)

var _ moderation.Docket = (*Store)(nil)

// Open is OpenAll for one case.
func (s *Store) Open(ctx context.Context, c moderation.Case) (opened moderation.Opened, err error) {
	err = s.write(ctx, func(t *tx) error { opened, err = t.openCase(&c); return err })
	return opened, err
}

// OpenAll records broken rules and plans what follows; see moderation.Docket.
func (s *Store) OpenAll(ctx context.Context, cases []moderation.Case) (opened []moderation.Opened, err error) {
	err = s.write(ctx, func(t *tx) error {
		opened = make([]moderation.Opened, len(cases))
		for i := range cases {
			if opened[i], err = t.openCase(&cases[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return opened, err
}

func (t *tx) openCase(c *moderation.Case) (moderation.Opened, error) {
	v := c.Violation
	known, err := t.FindViolation(t.ctx, db.FindViolationParams{GuildID: int64(v.Guild), Source: string(v.Source),
		Subject: subject(&v), Rule: v.Rule, Evidence: c.Evidence})
	if err == nil {
		return moderation.Opened{Violation: known}, nil
	} else if !errors.Is(err, sql.ErrNoRows) {
		return moderation.Opened{}, err
	}
	if err := t.violate(&v, finding{evidence: c.Evidence, version: c.Version, surface: c.Surface, shadow: c.Shadow,
		detected: c.Detected}); err != nil {
		return moderation.Opened{}, err
	}
	opened := moderation.Opened{Violation: v.Number, Fresh: true}
	if c.Shadow {
		return opened, nil
	}
	opened.Actions, err = t.respond(&v, c.Response)
	return opened, err
}

// respond plans what follows from a violation: the message goes first, because everybody sees it.
func (t *tx) respond(v *moderation.Violation, r moderation.Response) (actions []int64, err error) {
	p := plan{guild: v.Guild, source: v.Source, target: v.User, channel: v.Channel, violation: v.Number, reason: v.RuleName,
		priority: priorityOf(v.Severity)}
	add := func(p plan) (id int64) {
		if id, err = t.plan(p); err == nil {
			actions = append(actions, id)
		}
		return id
	}
	if r.Delete && v.Message != 0 {
		message := p
		message.kind, message.message = moderation.ActionDelete, v.Message
		if add(message); err != nil {
			return nil, err
		}
	}
	if v.User == 0 || !r.Ladder && r.Kind == "" {
		return actions, nil
	}
	now := t.writer.clock()
	p.kind = r.Kind
	if r.Ladder {
		step, err := t.nextStep(v, now)
		if err != nil {
			return nil, err
		}
		p.kind, r.Timeout = step.Kind, step.Timeout
	}
	if p.kind == moderation.ActionTimeout {
		p.until = now.Add(r.Timeout)
	}
	id := add(p)
	if err == nil && (r.Ladder || p.kind == moderation.ActionWarn) {
		err = t.warn(p, id, now)
	}
	return actions, err
}

// nextStep is what the guild's ladder says to a member's next violation.
func (t *tx) nextStep(v *moderation.Violation, now time.Time) (ladder.Step, error) {
	steps, err := readLadder(t.ctx, t.Queries, v.Guild)
	if err != nil {
		return ladder.Step{}, err
	}
	level, err := levelOf(t.ctx, t.Queries, v.Guild, v.User, now)
	if err != nil {
		return ladder.Step{}, err
	}
	kicked, err := wasKicked(t.ctx, t.Queries, v.Guild, v.User)
	return steps.Next(level, kicked), err
}

// priorityOf is how urgent an action is that answers a violation: 0 to 3.
func priorityOf(severity moderation.Severity) int64 {
	return max(0, int64(slices.Index(moderation.Severities(), severity)))
}

func severityOf(priority int64) moderation.Severity { return moderation.Severities()[priority] }
