package casefile

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
)

// Mapping says which column of a table holds what: the heading, or empty for none.
type Mapping struct {
	User, Kind, At, By, Reason string
	Always                     string // what was done in every row, whatever the column says: "warn"; empty: the column says
}

// TableKinds lists what a row of a table can be, mildest first.
func TableKinds() []moderation.ActionKind {
	return slices.DeleteFunc(moderation.ActionKinds(), func(k moderation.ActionKind) bool { return kindOf(string(k)) == "" })
}

// guesses are what columns are usually called, in small letters without marks.
var guesses = []struct {
	part  func(*Mapping) *string
	names []string
}{
	{func(m *Mapping) *string { return &m.User }, []string{"targetid", "userid", "memberid", "offenderid", "user", "member", "target", "offender", "id"}},
	{func(m *Mapping) *string { return &m.Kind }, []string{"kind", "type", "action", "punishment", "casetype"}},
	{func(m *Mapping) *string { return &m.At }, []string{"at", "date", "time", "timestamp", "createdat", "created"}},
	{func(m *Mapping) *string { return &m.By }, []string{"actorid", "moderatorid", "modid", "staffid", "givenbyid", "moderator", "mod", "actor", "staff", "by"}},
	{func(m *Mapping) *string { return &m.Reason }, []string{"reason", "note", "notes", "comment", "message"}},
}

// guess finds the columns by their headings.
func guess(columns []string) (m Mapping) {
	plain := func(name string) string {
		return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(strings.TrimSpace(name)))
	}
	for _, g := range guesses {
		for _, name := range g.names {
			if i := slices.IndexFunc(columns, func(c string) bool { return plain(c) == name }); i >= 0 {
				*g.part(&m) = columns[i]
				break
			}
		}
	}
	return m
}

// table reads comma-separated values, semicolons where the headings have them.
func (f *File) table(data []byte, mapping Mapping) error {
	reader := csv.NewReader(strings.NewReader(string(data)))
	heading, _, _ := strings.Cut(string(data), "\n")
	if strings.Count(heading, ";") > strings.Count(heading, ",") {
		reader.Comma = ';'
	}
	reader.FieldsPerRecord, reader.ReuseRecord = -1, true
	first, err := reader.Read()
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "This is not a table of comma-separated values.")
	}
	f.Columns = slices.Clone(first)
	if f.Mapping = mapping; mapping == (Mapping{}) {
		f.Mapping = guess(f.Columns)
	}
	at := func(name string) int {
		if name == "" {
			return -1
		}
		return slices.Index(f.Columns, name)
	}
	user, kind, when, by, reason := at(f.Mapping.User), at(f.Mapping.Kind), at(f.Mapping.At), at(f.Mapping.By), at(f.Mapping.Reason)
	always := kindOf(f.Mapping.Always)
	if user < 0 || kind < 0 && always == "" {
		return nil // the visitor says which columns these are
	}
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			return fault.Wrap(err, fault.Invalid, "Line %d cannot be read: a quotation mark is missing or too much.", broken.StartLine)
		}
		line, _ := reader.FieldPos(0)
		cell := func(i int) string {
			if i < 0 || i >= len(record) {
				return ""
			}
			return strings.TrimSpace(record[i])
		}
		if strings.HasPrefix(cell(0), "# end") { // the last row of guildwatch's own files
			continue
		}
		c := Case{Line: line, User: userID(cell(user)), By: userID(cell(by)), Reason: strings.TrimPrefix(cell(reason), "'")}
		if c.Kind = always; c.Kind == "" {
			c.Kind = kindOf(cell(kind))
		}
		if c.Kind == "" {
			f.bad(line, "Nobody knows what was done: the kind is none of ban, unban, kick, timeout, warn, note.")
			continue
		}
		if text := cell(when); text != "" {
			if c.At = momentOf(text); c.At.IsZero() {
				f.bad(line, "Its time cannot be read. Write it like 2026-11-20T12:00:00Z.")
				continue
			}
		}
		if err := f.add(c); err != nil {
			return err
		}
	}
}

// kinds are what other bots call what was done.
var kinds = map[string]moderation.ActionKind{"ban": moderation.ActionBan, "banned": moderation.ActionBan, "tempban": moderation.ActionBan,
	"unban": moderation.ActionUnban, "kick": moderation.ActionKick, "kicked": moderation.ActionKick, "softban": moderation.ActionKick,
	"timeout": moderation.ActionTimeout, "mute": moderation.ActionTimeout, "tempmute": moderation.ActionTimeout,
	"muted": moderation.ActionTimeout, "untimeout": moderation.ActionUntimeout, "unmute": moderation.ActionUntimeout,
	"warn": moderation.ActionWarn, "warning": moderation.ActionWarn, "warned": moderation.ActionWarn, "strike": moderation.ActionWarn,
	"note": moderation.ActionNote}

func kindOf(text string) moderation.ActionKind { return kinds[strings.ToLower(text)] }

// layouts are how times are written; without a zone they are UTC.
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateTime, "2006-01-02 15:04", "2006-01-02 15:04:05Z07:00", time.DateOnly}

// momentOf reads a time, also as seconds or milliseconds since 1970; zero for anything else.
func momentOf(text string) time.Time {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 0 {
		if n > 1e11 {
			return time.UnixMilli(n).UTC()
		}
		return time.Unix(n, 0).UTC()
	}
	for _, layout := range layouts {
		if at, err := time.ParseInLocation(layout, text, time.UTC); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}
