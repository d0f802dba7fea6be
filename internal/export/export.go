// Package export takes data out of a guild: it writes files of comma-separated values and of JSON, page by page in short
// read transactions, keeps them under random names for 30 days, and hands them to whoever may have them. docs/EXPORTS.md
// tells people what the files hold.
package export

import (
	"context"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// What is a table that can be taken out, by the name that its JSON has under /api/servers.
type What string

// The tables.
const (
	Violations    What = "violations"
	Actions       What = "actions"
	Warnings      What = "warnings"
	Health        What = "health"
	Offenders     What = "top-offenders"
	Effectiveness What = "rule-effectiveness"
	Temporal      What = "temporal-analytics"
	AuditLog      What = "audit-log"
)

// All lists every table, those with a row for each thing that happened first.
func All() []What {
	return []What{Violations, Actions, Warnings, Health, Offenders, Effectiveness, Temporal, AuditLog}
}

// Filters lists what a table can be narrowed by, by the names that a store.ExportFilter has in JSON.
func Filters(what What) []string {
	switch what {
	case Violations:
		return []string{"user", "channel", "severity", "source", "rule", "state", "text", "from", "to"}
	case Actions:
		return []string{"user", "source", "action", "from", "to"}
	case Warnings:
		return []string{"user", "state", "text", "from", "to"}
	case AuditLog:
		return []string{"user", "action", "from", "to"}
	case Offenders, Effectiveness, Temporal:
		return []string{"period", "from", "to"}
	}
	return nil
}

// pageRows is how many rows one read transaction gives: some 0.5 ms to read and as long to write, which is how long a commit
// may find an export at work. Pages of 1000 were a tenth faster.
const pageRows = 100

// source gives a table page by page, the newest rows first.
type source interface {
	columns() []Column
	// next reads the page that comes next and gives what writes it; nil after the last one.
	next(now *store.Snapshot) func(*sheet)
	// gone says how many rows there are to go through, and how many of them were when so many are written.
	gone(rows int64) (gone, total int64)
}

// Allowed says whether a role may take a table out: what it may not see, it may not take along.
func Allowed(what What, role access.Role) bool {
	return access.Allows[access.Export](role) && (what != AuditLog || access.Allows[access.ViewAudit](role))
}

// sourceOf is where the rows of an export come from.
func (x *Exporter) sourceOf(ctx context.Context, e store.Export) (source, store.Profile, error) {
	var profile store.Profile
	var last store.LastRows
	var base table
	err := x.o.Store.Read(ctx, func(now *store.Snapshot) {
		known := false
		if profile, known = now.Profile(e.Guild); !known || !profile.Left.IsZero() {
			profile.ID = 0
			return
		}
		last = now.LastRows(e.Guild)
		base = table{guild: e.Guild, most: x.page, filter: e.Filter, channels: channelsOf(now.Channels(e.Guild))}
	})
	if err == nil && profile.ID == 0 {
		err = errGone
	}
	if err != nil {
		return nil, profile, err
	}
	base.extent, err = x.survey(ctx, &e, last)
	if err != nil {
		return nil, profile, err
	}
	base.before, base.over = base.extent.Highest+1, base.extent.Entries == 0
	switch What(e.What) {
	case Violations:
		return &violations{table: base}, profile, nil
	case Actions:
		return &actions{table: base}, profile, nil
	case Warnings:
		return &warnings{table: base}, profile, nil
	case AuditLog:
		return &auditLog{table: base}, profile, nil
	}
	made, err := x.figures(ctx, e)
	return made, profile, err
}

var errGone = fault.New(fault.NotFound, "guildwatch was removed from this server.")

// table is what the sources with a row for each thing that happened have in common. Before goes from page to page; what
// came after the export began has a larger number and is not in it.
type table struct {
	guild    snowflake.GuildID
	filter   store.ExportFilter
	most     int          // rows of a page
	extent   store.Extent // of the rows to go through
	before   int64        // the number that the last page ended with
	over     bool         // there is no page more
	names    map[snowflake.UserID]string
	channels map[snowflake.ChannelID]string
}

// gone tells by the numbers how far the reading has come, as a filter leaves rows out.
func (t *table) gone(rows int64) (gone, total int64) {
	total = t.extent.Entries
	switch {
	case t.over:
		return total, total
	case t.filter == store.ExportFilter{}:
		return min(rows, total), total
	}
	read, all := t.extent.Highest+1-t.before, t.extent.Highest+1-t.extent.Lowest
	return int64(float64(total) * float64(read) / float64(all)), total
}

// turn notes how the page that was just read ended.
func (t *table) turn(rows int, last func() int64) {
	if t.over = rows < t.most; rows > 0 {
		t.before = last()
	}
}

// namesKept bounds the memory for names to some 3 MB.
const namesKept = 20_000

// learn reads the names of those who are not known yet.
func (t *table) learn(now *store.Snapshot, ids []snowflake.UserID) {
	if t.names == nil || len(t.names) > namesKept {
		t.names = map[snowflake.UserID]string{}
	}
	var unknown []snowflake.UserID
	for _, id := range ids {
		if _, known := t.names[id]; !known && id != 0 {
			t.names[id] = ""
			unknown = append(unknown, id)
		}
	}
	for id, name := range now.UserNames(unknown) {
		t.names[id] = name.Display()
	}
}

// called is the text of each id, for a page that is written after the next one was read.
func (t *table) called(ids []snowflake.UserID) map[snowflake.UserID]string {
	names := make(map[snowflake.UserID]string, len(ids))
	for _, id := range ids {
		names[id] = t.names[id]
	}
	return names
}

func channelsOf(list []moderation.Channel) map[snowflake.ChannelID]string {
	names := make(map[snowflake.ChannelID]string, len(list))
	for _, channel := range list {
		names[channel.ID] = "#" + channel.Name
	}
	return names
}

// channel are the two cells of a channel. Threads are not kept, so only their id is known.
func (t *table) channel(s *sheet, id snowflake.ChannelID) {
	s.id(idOf(id))
	s.text(t.channels[id])
}

// person are the two cells of somebody.
func person(s *sheet, names map[snowflake.UserID]string, id snowflake.UserID) {
	s.id(idOf(id))
	if id == 0 {
		s.none()
		return
	}
	s.text(names[id])
}

// times are the two cells of a moment.
func times(s *sheet, at time.Time) {
	s.moment(at)
	s.local(at)
}
