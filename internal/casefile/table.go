package casefile

import (
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

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

// peeked is how many rows are looked at to tell which column holds members.
const peeked = 20

// rows are what is left of a table.
type rows struct {
	reader *csv.Reader
	ahead  [][]string // rows that were looked at
	lines  []int
}

// kept is a number as people write it into a cell so that a spreadsheet keeps all its digits: ="81384788765712384".
var kept = regexp.MustCompile(`(?m)(^|[,;\t])="(\d+)"`)

// tableReader reads comma-separated values, or what a program puts in the comma's place: of commas, semicolons and tabs
// the one that the first line has most of. A first line that names it, as spreadsheets write one, is passed over.
func tableReader(text string) *csv.Reader {
	text = kept.ReplaceAllString(text, "$1$2")
	first, _, _ := strings.Cut(text, "\n")
	comma, named := ',', strings.HasPrefix(first, "sep=") && len(first) == len("sep=,")
	if named {
		comma = rune(first[len(first)-1])
	} else {
		for _, c := range ";\t" {
			if strings.Count(first, string(c)) > strings.Count(first, string(comma)) {
				comma = c
			}
		}
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.FieldsPerRecord = comma, -1
	if named {
		_, _ = reader.Read()
	}
	return reader
}

// next gives the next row and its line; io.EOF after the last.
func (r *rows) next() (row []string, line int, err error) {
	if len(r.ahead) > 0 {
		row, line = r.ahead[0], r.lines[0]
		r.ahead, r.lines = r.ahead[1:], r.lines[1:]
		return row, line, nil
	}
	return r.read()
}

func (r *rows) read() (row []string, line int, err error) {
	row, err = r.reader.Read()
	var broken *csv.ParseError
	if errors.As(err, &broken) {
		return nil, 0, fault.Wrap(err, fault.Invalid, "Line %d cannot be read: a quotation mark is missing or too much.", broken.StartLine)
	}
	if err == nil {
		line, _ = r.reader.FieldPos(0)
	}
	return row, line, err
}

// opened reads the headings and looks at some rows to tell which column is what.
func (f *File) opened(data []byte, mapping Mapping) (*rows, error) {
	r := &rows{reader: tableReader(string(data))}
	for range peeked {
		row, line, err := r.read()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		r.ahead, r.lines = append(r.ahead, row), append(r.lines, line)
	}
	if len(r.ahead) == 0 || len(r.ahead[0]) > mostColumns {
		return nil, fault.New(fault.Invalid, "This is not a table of comma-separated values with at most %d columns.", mostColumns)
	}
	first := r.ahead[0]
	if f.Columns, f.headless = headings(first); !f.headless {
		r.ahead, r.lines = r.ahead[1:], r.lines[1:]
	}
	switch f.Mapping = mapping; {
	case mapping != (Mapping{}):
	case f.headless:
		f.Mapping = guessWithout(f.Columns, first)
	default:
		f.Mapping = guess(f.Columns, r.ahead)
	}
	return r, nil
}

// table reads comma-separated values with a line of headings, or without.
func (f *File) table(data []byte, mapping Mapping) error {
	r, err := f.opened(data, mapping)
	if err != nil {
		return err
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
		row, line, err := r.next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		cell := func(i int) string {
			if i < 0 || i >= len(row) {
				return ""
			}
			return strings.TrimSpace(row[i])
		}
		if strings.HasPrefix(cell(0), "# end") || strings.Join(row, "") == "" { // the last row of guildwatch's own files; an empty one
			continue
		}
		c := Case{Line: line, Reason: strings.TrimPrefix(cell(reason), "'")}
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
		if err := f.add(c, cell(user), cell(by)); err != nil {
			return err
		}
	}
}

// kinds are what other bots call what was done, in small letters without marks.
var kinds = map[string]moderation.ActionKind{"ban": moderation.ActionBan, "banned": moderation.ActionBan, "tempban": moderation.ActionBan,
	"permban": moderation.ActionBan, "permaban": moderation.ActionBan, "forceban": moderation.ActionBan, "hackban": moderation.ActionBan,
	"massban": moderation.ActionBan, "unban": moderation.ActionUnban, "unbanned": moderation.ActionUnban, "kick": moderation.ActionKick,
	"kicked": moderation.ActionKick, "softban": moderation.ActionKick, "timeout": moderation.ActionTimeout,
	"timedout": moderation.ActionTimeout, "mute": moderation.ActionTimeout, "tempmute": moderation.ActionTimeout,
	"muted": moderation.ActionTimeout, "untimeout": moderation.ActionUntimeout, "unmute": moderation.ActionUntimeout,
	"unmuted": moderation.ActionUntimeout, "warn": moderation.ActionWarn, "warning": moderation.ActionWarn,
	"warned": moderation.ActionWarn, "strike": moderation.ActionWarn, "note": moderation.ActionNote}

func kindOf(text string) moderation.ActionKind { return kinds[plain(text)] }
