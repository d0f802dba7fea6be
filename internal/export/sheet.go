package export

import (
	"io"
	"strconv"
	"time"

	"guildwatch/internal/snowflake"
)

// Format is how a file is written.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	JSON Format = "json"
)

// Formats lists every format, the one for people first.
func Formats() []Format { return []Format{CSV, JSON} }

// Column is a column of a table: its name, which stays the same for ever, and what stands in it.
type Column struct {
	Name string
	Is   Content
}

// Content is what stands in a column.
type Content uint8

// The contents. An empty cell of CSV and null in JSON mean that there is nothing.
const (
	Text    Content = iota // what somebody wrote
	Word                   // one of guildwatch's own words: "violation", "timeout"
	ID                     // Discord's, as text: a spreadsheet would round it
	Number                 // whole
	Decimal                // with a point
	Moment                 // RFC 3339 with milliseconds, in UTC
	Local                  // the same moment in the guild's time zone, RFC 3339 with its offset
)

// flushed is how much of a file is gathered before it is written out.
const flushed = 64 << 10

// sheet writes a table row by row: the cells in the order of its columns, then end. It keeps the first error and does
// nothing after it.
type sheet struct {
	out     io.Writer
	format  Format
	columns []Column
	zone    *time.Location
	buf     []byte
	at      int // the column that comes next
	rows    int64
	size    int64 // bytes written
	err     error
}

// newSheet begins a file. What a JSON file says of itself stands in head, as the first keys of an object.
func newSheet(out io.Writer, format Format, columns []Column, zone *time.Location, head []byte) *sheet {
	s := &sheet{out: out, format: format, columns: columns, zone: zone, buf: make([]byte, 0, flushed+4096)}
	if format == JSON {
		s.buf = append(append(s.buf, head[:len(head)-1]...), ",\"rows\":["...)
		return s
	}
	s.buf = append(s.buf, "\ufeff"...) // without it Excel reads the file in the code page of its system
	for i, column := range columns {
		if i > 0 {
			s.buf = append(s.buf, ',')
		}
		s.buf = append(s.buf, column.Name...)
	}
	s.buf = append(s.buf, '\r', '\n')
	return s
}

// cell begins the next cell.
func (s *sheet) cell() {
	if s.format == JSON {
		switch {
		case s.at > 0:
			s.buf = append(s.buf, ',')
		case s.rows > 0:
			s.buf = append(s.buf, ",\n{"...)
		default:
			s.buf = append(s.buf, "\n{"...)
		}
		s.buf = append(append(append(s.buf, '"'), s.columns[s.at].Name...), '"', ':')
	} else if s.at > 0 {
		s.buf = append(s.buf, ',')
	}
	s.at++
}

// none is a cell with nothing in it.
func (s *sheet) none() {
	s.cell()
	if s.format == JSON {
		s.buf = append(s.buf, "null"...)
	}
}

// text is a cell with what somebody wrote.
func (s *sheet) text(text string) {
	if text == "" {
		s.none()
		return
	}
	s.cell()
	if text = tidy(text); s.format == JSON {
		s.buf = appendString(s.buf, text)
	} else {
		s.buf = appendCell(s.buf, text)
	}
}

// word is a cell with one of guildwatch's own words: letters, digits and underscores.
func (s *sheet) word(word string) {
	if word == "" {
		s.none()
		return
	}
	s.cell()
	if s.format == JSON {
		s.buf = append(append(append(s.buf, '"'), word...), '"')
	} else {
		s.buf = append(s.buf, word...)
	}
}

// id is a cell with an id of Discord's; 0 is nothing, and so is what stands for somebody whose data was erased. In CSV an
// apostrophe keeps it text: as a number a spreadsheet has 15 digits for its 18.
func (s *sheet) id(id int64) {
	if id <= 0 {
		s.none()
		return
	}
	s.cell()
	if s.format == JSON {
		s.buf = append(strconv.AppendInt(append(s.buf, '"'), id, 10), '"')
	} else {
		s.buf = appendID(s.buf, id)
	}
}

// number is a cell with a whole number.
func (s *sheet) number(n int64) {
	s.cell()
	s.buf = strconv.AppendInt(s.buf, n, 10)
}

// counted is a cell with a number that is never 0; 0 is nothing.
func (s *sheet) counted(n int64) {
	if n == 0 {
		s.none()
		return
	}
	s.number(n)
}

// decimal is a cell with a number with a point, to at most four places.
func (s *sheet) decimal(n float64) {
	s.cell()
	s.buf = append(s.buf, strconv.FormatFloat(roundTo4(n), 'f', -1, 64)...)
}

// moment is a cell with a time in UTC; the zero time is nothing.
func (s *sheet) moment(at time.Time) {
	if at.IsZero() {
		s.none()
		return
	}
	s.time(at.UTC(), "2006-01-02T15:04:05.000Z07:00")
}

// local is a cell with a time in the guild's zone.
func (s *sheet) local(at time.Time) {
	if at.IsZero() {
		s.none()
		return
	}
	s.time(at.In(s.zone), "2006-01-02T15:04:05-07:00")
}

func (s *sheet) time(at time.Time, layout string) {
	s.cell()
	if s.format == JSON {
		s.buf = append(at.AppendFormat(append(s.buf, '"'), layout), '"')
	} else {
		s.buf = at.AppendFormat(s.buf, layout)
	}
}

// end ends a row.
func (s *sheet) end() {
	if s.at != len(s.columns) {
		panic("export: a row has " + strconv.Itoa(s.at) + " cells")
	}
	s.at = 0
	s.rows++
	if s.format == JSON {
		s.buf = append(s.buf, '}')
	} else {
		s.buf = append(s.buf, '\r', '\n')
	}
	if len(s.buf) >= flushed {
		s.flush()
	}
}

// close ends the file with what proves that it is whole: in JSON the brackets and the count, in CSV a row of its own that
// says how many rows came before.
func (s *sheet) close() error {
	if s.format == JSON {
		s.buf = strconv.AppendInt(append(s.buf, "\n],\"count\":"...), s.rows, 10)
		s.buf = append(s.buf, "}\n"...)
	} else {
		s.buf = appendEnd(s.buf, s.rows, len(s.columns))
	}
	s.flush()
	return s.err
}

// lastRow is the first cell of the row that ends a CSV file. No other row begins with it: the first column is a number
// or a word.
const lastRow = "# end"

// appendEnd appends that row: how many rows came before it.
func appendEnd(file []byte, rows int64, columns int) []byte {
	file = append(strconv.AppendInt(append(file, lastRow+","...), rows, 10), " rows"...)
	for range columns - 2 {
		file = append(file, ',')
	}
	return append(file, '\r', '\n')
}

func (s *sheet) flush() {
	if s.err == nil && len(s.buf) > 0 {
		var n int
		n, s.err = s.out.Write(s.buf)
		s.size += int64(n)
	}
	s.buf = s.buf[:0]
}

// idOf is an id as sheets take it.
func idOf[T snowflake.ID](id T) int64 { return int64(id) }
