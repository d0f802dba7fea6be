package casefile

import (
	"slices"
	"strconv"
	"strings"
)

const (
	// mostColumns bounds the page on which they are chosen.
	mostColumns = 100
	longestName = 60
)

// guesses are what columns are usually called, in small letters without marks.
var guesses = []struct {
	part   func(*Mapping) *string
	person bool
	names  []string
}{
	{func(m *Mapping) *string { return &m.User }, true, []string{"targetid", "userid", "memberid", "offenderid", "user", "member", "target",
		"offender", "discordid", "id"}},
	{func(m *Mapping) *string { return &m.Kind }, false, []string{"kind", "type", "action", "punishment", "casetype"}},
	{func(m *Mapping) *string { return &m.At }, false, []string{"at", "date", "time", "timestamp", "createdat", "created"}},
	{func(m *Mapping) *string { return &m.By }, true, []string{"actorid", "moderatorid", "modid", "staffid", "givenbyid", "moderator", "mod",
		"actor", "staff", "by"}},
	{func(m *Mapping) *string { return &m.Reason }, false, []string{"reason", "note", "notes", "comment", "message"}},
}

// guess finds the columns by their headings; of those that may hold people the first that has an id in one of the rows.
func guess(columns []string, rows [][]string) (m Mapping) {
	for _, g := range guesses {
		part := g.part(&m)
		for _, name := range g.names {
			i := slices.IndexFunc(columns, func(c string) bool { return plain(c) == name })
			if i < 0 {
				continue
			}
			holds := !g.person || slices.ContainsFunc(rows, func(row []string) bool { return i < len(row) && isPerson(row[i]) })
			if *part == "" || holds {
				*part = columns[i]
			}
			if holds {
				break
			}
		}
	}
	return m
}

// guessWithout finds the columns of a table without headings by what is in its first row.
func guessWithout(columns, row []string) (m Mapping) {
	for i, cell := range row {
		switch there := isPerson(cell); {
		case there && m.User == "":
			m.User = columns[i]
		case there && m.By == "":
			m.By = columns[i]
		case there:
		case kindOf(cell) != "" && m.Kind == "":
			m.Kind = columns[i]
		case m.At == "" && momentOf(cell).After(discord):
			m.At = columns[i]
		}
	}
	return m
}

func isPerson(cell string) bool {
	_, why := person(cell)
	return why == ""
}

// plain is a word in small letters and without marks.
func plain(name string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(strings.TrimSpace(name)))
}

// headings names the columns after the first row, no two alike. A row that has a member's id in it holds no headings:
// then the columns are numbered.
func headings(first []string) (columns []string, headless bool) {
	headless = slices.ContainsFunc(first, isPerson)
	for i, cell := range first {
		name := strings.Join(strings.Fields(cell), " ")
		if short := []rune(name); len(short) > longestName {
			name = string(short[:longestName])
		}
		if headless || name == "" {
			name = "Column " + strconv.Itoa(i+1)
		}
		for n, once := 2, name; slices.Contains(columns, name); n++ {
			name = once + " (" + strconv.Itoa(n) + ")"
		}
		columns = append(columns, name)
	}
	return columns, headless
}
