package store

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"guildwatch/internal/moderation"
)

// sheetName is a kind of sheet: what one of its days counts by the quarter of an hour. The migration of day_sheets lists
// the columns.
type sheetName string

const (
	sheetSource    sheetName = "source"
	sheetRule      sheetName = "rule"
	sheetModerator sheetName = "moderator"
	sheetAnswer    sheetName = "answer"
)

// The columns behind those that severities and kinds of actions have.
const (
	columnShadow = 4 // of sheetRule
	columnFalse  = 5 // of sheetRule
	columnWrote  = 8 // of sheetModerator
)

// columns is how many columns a sheet has.
func (n sheetName) columns() int {
	switch n {
	case sheetSource:
		return 4
	case sheetRule:
		return 6
	case sheetModerator:
		return 9
	}
	return 32
}

// severityAt and kindAt are the columns of severities and kinds; an unknown one counts as the mildest, so that the sums
// agree with those of the counters.
func severityAt(s moderation.Severity) int { return max(0, slices.Index(moderation.Severities(), s)) }
func kindAt(k moderation.ActionKind) int   { return max(0, slices.Index(moderation.ActionKinds(), k)) }

// cell is one number of a sheet: at is the quarter of the day times the sheet's columns, plus the column.
type cell struct{ at, n int64 }

// sheet is a day of one subject: the cells that are not 0, by their place.
type sheet []cell

// add adds to a cell, and drops it when nothing is left.
func (s sheet) add(at, n int64) sheet {
	i, found := slices.BinarySearchFunc(s, at, func(c cell, at int64) int { return cmp.Compare(c.at, at) })
	switch {
	case !found:
		return slices.Insert(s, i, cell{at, n})
	case s[i].n+n == 0:
		return slices.Delete(s, i, i+1)
	}
	s[i].n += n
	return s
}

// text is the sheet as the database has it: "17:3 201:1".
func (s sheet) text() string {
	out := make([]byte, 0, 8*len(s))
	for i, c := range s {
		if i > 0 {
			out = append(out, ' ')
		}
		out = strconv.AppendInt(out, c.at, 10)
		out = append(out, ':')
		out = strconv.AppendInt(out, c.n, 10)
	}
	return string(out)
}

// readSheet reads what text has written. What a migration has written may be in another order.
func readSheet(text string) (s sheet, err error) {
	err = eachCell(text, func(at, n int64) { s = append(s, cell{at, n}) })
	slices.SortFunc(s, func(a, b cell) int { return cmp.Compare(a.at, b.at) })
	return s, err
}

// eachCell goes through the cells of a sheet's text. It reads digits by hand and allocates nothing: a page reads tens of
// thousands of cells, and strconv takes three times as long.
func eachCell(text string, do func(at, n int64)) error {
	for i := 0; i < len(text); i++ {
		at, next := digits(text, i)
		if next == i || next >= len(text) || text[next] != ':' {
			return fmt.Errorf("the sheet %.40q cannot be read at %d", text, i)
		}
		i = next + 1
		sign := int64(1)
		if i < len(text) && text[i] == '-' {
			sign, i = -1, i+1
		}
		n, next := digits(text, i)
		if next == i || next < len(text) && text[next] != ' ' {
			return fmt.Errorf("the sheet %.40q cannot be read at %d", text, i)
		}
		do(at, sign*n)
		i = next
	}
	return nil
}

// digits reads a number from a place on, and gives where it ends.
func digits(text string, from int) (n int64, next int) {
	for next = from; next < len(text) && text[next] >= '0' && text[next] <= '9'; next++ {
		n = n*10 + int64(text[next]-'0')
	}
	return n, next
}
