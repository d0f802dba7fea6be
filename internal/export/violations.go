package export

import (
	"strings"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

var violationColumns = []Column{
	{"number", Number}, {"at", Moment}, {"at_local", Local}, {"state", Word}, {"severity", Word}, {"source", Word},
	{"rule", Text}, {"rule_name", Text}, {"rule_version", Number}, {"user_id", ID}, {"user_name", Text},
	{"channel_id", ID}, {"channel_name", Text}, {"message_id", ID}, {"surface", Word}, {"keyword", Text},
	{"content", Text}, {"response_ms", Number}, {"marked_by_id", ID}, {"marked_by_name", Text}, {"claimed_by_id", ID},
	{"claimed_by_name", Text}, {"actions", Text},
}

// violations is what broke a guild's rules.
type violations struct{ table }

func (*violations) columns() []Column { return violationColumns }

func (v *violations) next(now *store.Snapshot) func(*sheet) {
	if v.over {
		return nil
	}
	rows := v.read(now)
	v.turn(len(rows), func() int64 { return rows[len(rows)-1].Number })
	ids := make([]snowflake.UserID, 0, 3*len(rows))
	for i := range rows {
		ids = append(ids, rows[i].User, rows[i].MarkedBy, rows[i].Claim.By)
	}
	v.learn(now, ids)
	names := v.called(ids)
	return func(s *sheet) {
		for i := range rows {
			v.row(s, names, &rows[i])
		}
	}
}

// read reads a page: without a filter a range of numbers, which takes half as long.
func (v *violations) read(now *store.Snapshot) []store.ViolationRow {
	f := &v.filter
	if *f == (store.ExportFilter{}) {
		return now.ViolationRange(v.guild, 1, v.before, v.most)
	}
	return now.Violations(v.guild, store.ViolationFilter{Severity: f.Severity, Source: f.Source, Rule: f.Rule,
		User: f.User, Channel: f.Channel, State: moderation.ViolationState(f.State), From: f.From, To: f.To, Text: f.Text,
		Before: v.before}, v.most)
}

func (v *violations) row(s *sheet, names map[snowflake.UserID]string, row *store.ViolationRow) {
	s.number(row.Number)
	times(s, row.At)
	s.word(string(row.State))
	s.word(string(row.Severity))
	s.word(string(row.Source))
	s.text(row.Rule)
	s.text(row.RuleName)
	s.counted(row.Version)
	person(s, names, row.User)
	v.channel(s, row.Channel)
	s.id(idOf(row.Message))
	s.word(string(row.Surface))
	s.text(row.Keyword)
	s.text(row.Content)
	if row.Response < 0 {
		s.none()
	} else {
		s.number(row.Response.Milliseconds())
	}
	person(s, names, row.MarkedBy)
	person(s, names, row.Claim.By)
	s.text(done(row.Actions))
	s.end()
}

// done says in a line what was done about a violation: "delete done, timeout failed".
func done(actions []store.ActionRow) string {
	switch len(actions) {
	case 0:
		return ""
	case 1:
		return string(actions[0].Kind) + " " + string(actions[0].Outcome)
	}
	var line strings.Builder
	for i := range actions {
		if i > 0 {
			line.WriteString(", ")
		}
		line.WriteString(string(actions[i].Kind))
		line.WriteByte(' ')
		line.WriteString(string(actions[i].Outcome))
	}
	return line.String()
}
