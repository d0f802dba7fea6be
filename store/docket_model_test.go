package store_test

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/internal/snowflake"
)

// docketModel is the docket in plain maps.
type docketModel struct {
	now        time.Time
	cases      []moderation.Case // recorded, and ready to be replayed
	violations map[modelCase]*modelViolation
	actions    map[int64]*modelAction
	warnings   []*modelWarning
	acts       int64 // that people did: rows of the audit log
}

// modelCase names a violation.
type modelCase struct {
	guild  snowflake.GuildID
	number int64
}

type modelViolation struct {
	moderation.Violation
	shadow, wrong bool
	holder        snowflake.UserID
	until         time.Time
}

type modelAction struct {
	guild            snowflake.GuildID
	user             snowflake.UserID
	kind             moderation.ActionKind
	outcome          moderation.Outcome
	violation        int64
	message          snowflake.MessageID
	at, due          time.Time
	undoes, undoneBy int64
}

type modelWarning struct {
	guild                     snowflake.GuildID
	user                      snowflake.UserID
	number, violation, action int64
	at                        time.Time
	person, wrong, undone     bool // why it does not count
}

func (w *modelWarning) counts() bool { return !w.person && !w.wrong && !w.undone }

func newDocketModel() *docketModel {
	return &docketModel{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		violations: map[modelCase]*modelViolation{}, actions: map[int64]*modelAction{}}
}

func (m *docketModel) level(guild snowflake.GuildID, user snowflake.UserID) int {
	var times []time.Time
	for _, w := range m.warnings {
		if w.guild == guild && w.user == user && w.counts() {
			times = append(times, w.at)
		}
	}
	return ladder.Level(times, m.now)
}

func (m *docketModel) kicked(guild snowflake.GuildID, user snowflake.UserID) bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(m.actions)), func(a *modelAction) bool {
		return a.guild == guild && a.user == user && a.kind == moderation.ActionKick && a.outcome == moderation.OutcomeDone
	})
}

// follows is what a case that is new leads to: the kinds of action, in order, and whether a warning comes with the last.
func (m *docketModel) follows(c *moderation.Case) (kinds []moderation.ActionKind, warned bool) {
	if c.Shadow {
		return nil, false
	}
	if c.Response.Delete && c.Violation.Message != 0 {
		kinds = append(kinds, moderation.ActionDelete)
	}
	kind := c.Response.Kind
	if c.Response.Ladder {
		kind = ladder.Default().Next(m.level(c.Violation.Guild, c.Violation.User),
			m.kicked(c.Violation.Guild, c.Violation.User)).Kind
	}
	if kind == "" || c.Violation.User == 0 {
		return kinds, false
	}
	return append(kinds, kind), c.Response.Ladder || kind == moderation.ActionWarn
}

func (m *docketModel) warn(a *modelAction, id int64) {
	number := int64(1)
	for _, w := range m.warnings {
		if w.guild == a.guild {
			number++
		}
	}
	m.warnings = append(m.warnings, &modelWarning{guild: a.guild, user: a.user, number: number, violation: a.violation,
		action: id, at: m.now})
}

// due lists what is to be given out now.
func (m *docketModel) due() (ids []int64) {
	for id, a := range m.actions {
		if (a.outcome == moderation.OutcomePlanned || a.outcome == moderation.OutcomeSent) && !a.due.After(m.now) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// settle is what an outcome means for the action and the one that it takes back.
func (m *docketModel) settle(id int64, r moderation.Result) {
	a := m.actions[id]
	if a.outcome != moderation.OutcomeSent {
		return
	}
	switch {
	case r.Done:
		a.outcome = moderation.OutcomeDone
		if a.undoes != 0 {
			m.undone(a.undoes)
		}
	case r.Refused != "":
		a.outcome = moderation.OutcomeFailed
		if a.undoes != 0 {
			m.actions[a.undoes].undoneBy = 0
		}
	default:
		a.due = m.now.Add(r.Again)
	}
}

func (m *docketModel) undone(id int64) {
	m.actions[id].outcome = moderation.OutcomeUndone
	m.clearOf(id)
}

func (m *docketModel) clearOf(action int64) {
	for _, w := range m.warnings {
		w.undone = w.undone || w.action == action
	}
}

// twin says whether the same was done to the same member within the last seconds.
func (m *docketModel) twin(guild snowflake.GuildID, o *moderation.Order) bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(m.actions)), func(a *modelAction) bool {
		return a.guild == guild && a.user == o.Target && a.kind == o.Kind && a.message == o.Message &&
			!a.at.Before(m.now.Add(-10*time.Second)) &&
			a.outcome != moderation.OutcomeFailed && a.outcome != moderation.OutcomeUndone
	})
}

func (m *docketModel) ids() []int64 { return slices.Sorted(maps.Keys(m.actions)) }

func (m *docketModel) numbers() []modelCase {
	return slices.SortedFunc(maps.Keys(m.violations), func(a, b modelCase) int {
		return cmp.Or(cmp.Compare(a.guild, b.guild), cmp.Compare(a.number, b.number))
	})
}
