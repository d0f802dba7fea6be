package store

import (
	"fmt"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Past is what became of a case of long ago.
type Past struct {
	Took  time.Duration       // from detection to done
	Done  []moderation.Action // what guildwatch did about it, by kind, reason and end; empty for a rule in shadow mode
	Wrong snowflake.UserID    // who called it a false positive; 0: nobody
}

// OwnRule adds one of guildwatch's own rules under its number, in its first version. It must be one that could be saved.
func (im *Importer) OwnRule(guild snowflake.GuildID, r rule.Rule, at time.Time) {
	im.do(func() error {
		body, err := ruleBody(r)
		if err != nil {
			return err
		}
		if err := im.q.PutRule(im.ctx, db.PutRuleParams{GuildID: int64(guild), Number: r.Number, Version: 1,
			Kind: string(r.Kind), Mode: string(r.Mode), Body: body, MadeAt: msOf(at), UpdatedAt: msOf(at)}); err != nil {
			return err
		}
		return im.q.InsertRuleVersion(im.ctx, db.InsertRuleVersionParams{GuildID: int64(guild), Number: r.Number, Version: 1,
			Body: body, At: msOf(at)})
	})
}

// Case adds a broken rule of guildwatch's own and what became of it, and gives the violation's number. c.Response says
// whether the ladder was asked; c.Violation.Number is ignored.
func (im *Importer) Case(c moderation.Case, past Past) int64 {
	v := c.Violation
	im.numbers[v.Guild]++
	v.Number = im.numbers[v.Guild]
	past.Took = past.Took.Truncate(time.Millisecond) // as its row has it
	found := finding{evidence: c.Evidence, version: c.Version, surface: c.Surface, shadow: c.Shadow, detected: c.Detected}
	row, state := violationRow(&v, found), found.state()
	if past.Wrong != 0 {
		state = moderation.StateFalsePositive
		row.State = string(state)
	}
	if len(past.Done) > 0 {
		row.ResponseMs = past.Took.Milliseconds()
		if state == moderation.StateCounted {
			im.sums.response(v.Guild, row.At, past.Took)
		}
	}
	im.do(func() error { return im.q.InsertViolation(im.ctx, row) })
	if past.Wrong != 0 {
		im.do(func() error {
			return im.q.SetViolationState(im.ctx, db.SetViolationStateParams{State: row.State, MarkedBy: int64(past.Wrong),
				GuildID: row.GuildID, Number: v.Number})
		})
	}
	im.sums.violation(&v, state)
	im.line(violationChange(&v))
	for i := range past.Done {
		a := past.Done[i]
		a.Source, a.Target, a.Channel, a.Outcome = v.Source, v.User, v.Channel, moderation.OutcomeDone
		im.deed(&c, v.Number, &past, &a)
	}
	return v.Number
}

// deed adds an action of a case, and the warning that came with it.
func (im *Importer) deed(c *moderation.Case, number int64, past *Past, a *moderation.Action) {
	v := &c.Violation
	insert := actionRow(v.Guild, c.Detected, a, number, fmt.Sprintf("%s:%d:%s", v.Source, number, a.Kind))
	done := msOf(c.Detected.Add(past.Took))
	var message snowflake.MessageID
	if a.Kind == moderation.ActionDelete {
		message = v.Message
	}
	id := im.insert(v.Guild, a, insert, message, done)
	if a.Kind == moderation.ActionDelete || !c.Response.Ladder && a.Kind != moderation.ActionWarn {
		return
	}
	im.warnings[v.Guild]++
	warning := db.InsertWarningParams{GuildID: int64(v.Guild), Number: im.warnings[v.Guild], UserID: int64(v.User),
		At: insert.At, Source: string(v.Source), Violation: number, ActionID: id, Reason: v.RuleName}
	im.do(func() error { return im.q.InsertWarning(im.ctx, warning) })
	if past.Wrong != 0 {
		im.do(func() error {
			_, err := im.q.InsertWarningClear(im.ctx, db.InsertWarningClearParams{GuildID: warning.GuildID,
				Number: warning.Number, At: done, ClearedBy: int64(past.Wrong), Cause: clearedAsWrong})
			return err
		})
	}
}
