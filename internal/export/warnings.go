package export

import (
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// The states that warnings can be narrowed to.
const (
	Counting = "counting"
	Cleared  = "cleared"
)

var warningColumns = []Column{
	{"number", Number}, {"at", Moment}, {"at_local", Local}, {"user_id", ID}, {"user_name", Text}, {"given_by_id", ID},
	{"given_by_name", Text}, {"source", Word}, {"violation", Number}, {"reason", Text}, {"cleared_at", Moment},
	{"cleared_by_id", ID}, {"cleared_by_name", Text}, {"clear_reason", Text},
}

// warnings is the marks against a guild's members.
type warnings struct{ table }

func (*warnings) columns() []Column { return warningColumns }

func (w *warnings) next(now *store.Snapshot) func(*sheet) {
	if w.over {
		return nil
	}
	f := &w.filter
	filter := store.WarningFilter{User: f.User, Text: f.Text, Before: w.before}
	if cleared := f.State == Cleared; f.State != "" {
		filter.Cleared = &cleared
	}
	rows := now.Warnings(w.guild, filter, w.most)
	w.turn(len(rows), func() int64 { return rows[len(rows)-1].Number })
	ids := make([]snowflake.UserID, 0, 3*len(rows))
	for i := range rows {
		ids = append(ids, rows[i].User, rows[i].By, rows[i].ClearedBy)
	}
	w.learn(now, ids)
	names := w.called(ids)
	return func(s *sheet) {
		for i := range rows {
			if !f.From.IsZero() && rows[i].At.Before(f.From) || !f.To.IsZero() && !rows[i].At.Before(f.To) {
				continue
			}
			w.row(s, names, &rows[i])
		}
	}
}

func (w *warnings) row(s *sheet, names map[snowflake.UserID]string, row *store.WarningRow) {
	s.number(row.Number)
	times(s, row.At)
	person(s, names, row.User)
	person(s, names, row.By)
	s.word(string(row.Source))
	s.counted(row.Violation)
	s.text(row.Reason)
	s.moment(row.Cleared)
	person(s, names, row.ClearedBy)
	s.text(row.ClearReason)
	s.end()
}
