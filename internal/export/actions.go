package export

import (
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

var actionColumns = []Column{
	{"id", Number}, {"at", Moment}, {"at_local", Local}, {"kind", Word}, {"source", Word}, {"outcome", Word},
	{"target_id", ID}, {"target_name", Text}, {"actor_id", ID}, {"actor_name", Text}, {"channel_id", ID},
	{"channel_name", Text}, {"message_id", ID}, {"violation", Number}, {"reason", Text}, {"until", Moment},
	{"count", Number}, {"problem", Text}, {"settled_at", Moment}, {"undoes", Number}, {"undone_by", Number},
}

// looked is how many times the rows of a page are looked at for it at most, where a filter chooses few: 2000 take 1 ms.
const looked = 20

// actions is what was done about members and messages.
type actions struct{ table }

func (*actions) columns() []Column { return actionColumns }

func (a *actions) next(now *store.Snapshot) func(*sheet) {
	if a.over {
		return nil
	}
	f := actionFilter(&a.filter)
	f.Before, f.First = a.before, a.extent.Lowest
	if a.filter != (store.ExportFilter{}) {
		f.First = now.ActionsBack(a.guild, a.before, f.First, looked*a.most)
	}
	rows := now.ActionList(a.guild, f, a.most)
	switch {
	case len(rows) == a.most:
		a.before = rows[len(rows)-1].ID
	case f.First > a.extent.Lowest:
		a.before = f.First
	default:
		a.over = true
	}
	ids := make([]snowflake.UserID, 0, 2*len(rows))
	for i := range rows {
		ids = append(ids, rows[i].Target, rows[i].Actor)
	}
	a.learn(now, ids)
	names := a.called(ids)
	return func(s *sheet) {
		for i := range rows {
			a.row(s, names, &rows[i])
		}
	}
}

func (a *actions) row(s *sheet, names map[snowflake.UserID]string, row *store.ActionRow) {
	s.number(row.ID)
	times(s, row.At)
	s.word(string(row.Kind))
	s.word(string(row.Source))
	s.word(string(row.Outcome))
	person(s, names, row.Target)
	person(s, names, row.Actor)
	a.channel(s, row.Channel)
	s.id(idOf(row.Message))
	s.counted(row.Violation)
	s.text(row.Reason)
	s.moment(row.Until)
	s.number(int64(row.Count))
	s.text(row.Problem)
	s.moment(row.Settled)
	s.counted(row.Undoes)
	s.counted(row.UndoneBy)
	s.end()
}
