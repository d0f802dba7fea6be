package export

import (
	"strconv"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

var auditColumns = []Column{
	{"number", Number}, {"at", Moment}, {"at_local", Local}, {"actor_id", ID}, {"actor_name", Text}, {"actor_role", Word},
	{"action", Text}, {"target", Text}, {"target_user_id", ID}, {"target_user_name", Text}, {"before", Text},
	{"after", Text}, {"request_id", Text},
}

// auditLog is what people did on a guild's dashboard, and what they were refused.
type auditLog struct{ table }

func (*auditLog) columns() []Column { return auditColumns }

func (a *auditLog) next(now *store.Snapshot) func(*sheet) {
	if a.over {
		return nil
	}
	f := &a.filter
	rows := now.Audit(a.guild, store.AuditFilter{Actor: f.User, Action: f.Action, From: f.From, To: f.To,
		Before: a.before}, a.most)
	a.turn(len(rows), func() int64 { return rows[len(rows)-1].Number })
	ids := make([]snowflake.UserID, 0, 2*len(rows))
	for i := range rows {
		ids = append(ids, rows[i].Actor.User, rows[i].Person.User)
	}
	a.learn(now, ids)
	names := a.called(ids)
	return func(s *sheet) {
		for i := range rows {
			auditRow(s, names, &rows[i])
		}
	}
}

func auditRow(s *sheet, names map[snowflake.UserID]string, row *store.AuditRow) {
	s.number(row.Number)
	times(s, row.At)
	if row.Actor == (store.AuditPerson{}) {
		s.none()
		s.text("guildwatch")
	} else {
		logged(s, names, row.Actor)
	}
	if row.Role == access.None {
		s.none()
	} else {
		s.word(row.Role.String())
	}
	s.text(row.Action)
	s.text(row.Target)
	logged(s, names, row.Person)
	s.text(row.Before)
	s.text(row.After)
	s.text(row.Request)
	s.end()
}

// logged are the two cells of somebody in the log. Those whose data was erased are told apart by the end of their
// reference, as on the page.
func logged(s *sheet, names map[snowflake.UserID]string, p store.AuditPerson) {
	if p.User != 0 || p.Ref == 0 {
		person(s, names, p.User)
		return
	}
	s.none()
	tail := strconv.FormatInt(p.Ref+10_000, 10)
	s.text("Erased person " + tail[len(tail)-4:])
}
