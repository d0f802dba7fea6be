package report

import (
	"guildwatch/internal/export"
	"guildwatch/internal/stats"
)

// columns are those of a report's file. They stay the same for ever.
var columns = []string{"section", "key", "name", "value", "previous", "change_percent"}

// table is a report as a file for spreadsheets: one figure on each line.
func table(r *stats.Review) []byte {
	rows := [][]any{
		{"report", "cadence", string(r.Edition.Cadence), nil, nil, nil}, {"report", "date", r.Edition.Day(), nil, nil, nil},
		{"report", "time_zone", r.TimeZone, nil, nil, nil}, {"report", "guild_id", r.Profile.ID, nil, nil, nil},
		{"report", "guild_name", r.Profile.Name, nil, nil, nil}}
	figure := func(key string, f stats.Figure) {
		row := []any{"figure", key, nil, nil, nil, nil}
		if f.Known {
			row[3] = f.Value
		}
		if f.Change.Known {
			row[4] = f.Change.Previous
			if !f.Change.New {
				row[5] = f.Change.Percent
			}
		}
		rows = append(rows, row)
	}
	figure("messages", r.Messages)
	figure("commands", r.Commands)
	figure("joins", r.Joins)
	figure("leaves", r.Leaves)
	figure("violations", r.Violations)
	figure("violations_per_1000_messages", r.Rate)
	figure("actions", r.Actions)
	figure("response_median_ms", r.ResponseMedian)
	figure("response_p95_ms", r.ResponseP95)
	for _, ending := range r.Endings {
		figure("share_"+string(ending.Kind)+"_percent", ending.Share)
	}
	for _, part := range []struct {
		section string
		shares  []stats.Share
	}{{"violations_by_severity", r.Severity}, {"violations_by_source", r.FoundBySource}, {"actions_by_kind", r.ByKind},
		{"actions_by_source", r.BySource}} {
		for _, share := range part.shares {
			rows = append(rows, []any{part.section, share.Key, nil, share.Count, nil, nil})
		}
	}
	rows = append(rows, []any{"members_by_violations", "1", nil, r.Repeat.One, nil, nil},
		[]any{"members_by_violations", "2", nil, r.Repeat.Two, nil, nil},
		[]any{"members_by_violations", "3_or_more", nil, r.Repeat.More, nil, nil})
	for _, rule := range r.Rules {
		rows = append(rows, []any{"violations_by_rule", rule.Key, rule.Name, rule.Counted, rule.Before, nil})
	}
	for _, one := range r.Offenders {
		rows = append(rows, []any{"offenders", one.ID, one.Name, one.Violations, nil, nil})
	}
	return export.Table(columns, rows)
}
