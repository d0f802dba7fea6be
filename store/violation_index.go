package store

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"guildwatch/store/internal/db"
)

// Both indexes of violations (migrations/0006_search.sql) name a row by its guild's slot and its number. sqlc knows no
// rowid of a virtual table, so their queries stand here.
const (
	slotShift  = 40
	numberMask = 1<<slotShift - 1

	byFacets = `SELECT rowid FROM violation_facets
WHERE violation_facets MATCH ?1 AND rowid >= ?2 AND rowid < ?3 ORDER BY rowid DESC LIMIT ?4`

	// The filters stand here too: a common word would otherwise bring thousands of rows that none of them admits.
	byWords = `SELECT w.rowid FROM violation_words w
CROSS JOIN violations v ON v.guild_id = ?5 AND v.number = w.rowid & 1099511627775
WHERE w.violation_words MATCH ?1 AND w.rowid >= ?2 AND w.rowid < ?3
  AND (?6 = '' OR v.source = ?6) AND (?7 = '' OR v.severity = ?7) AND (?8 = '' OR v.state = ?8)
  AND (?9 = '' OR v.rule = ?9) AND (?10 = 0 OR v.user_id = ?10) AND (?11 = 0 OR v.channel_id = ?11)
ORDER BY w.rowid DESC LIMIT ?4`
)

// violationLookup finds violations of a guild by an index, the newest first.
type violationLookup struct {
	query string
	match string
	slot  int64
	more  []any // parameters from the fifth on
}

// lookup says how a filter's violations are found; false when it leaves everything, and a range of numbers is enough.
func (s *Snapshot) lookup(guild int64, f *ViolationFilter) (l violationLookup, ok bool, err error) {
	words, facets := trigrams(f.words()), f.facets()
	switch {
	case len(words) > 0:
		l = violationLookup{query: byWords, match: matchAll(words), more: []any{guild, string(f.Source),
			string(f.Severity), string(f.State), f.Rule, int64(f.User), int64(f.Channel)}}
	case len(facets) > 0:
		l = violationLookup{query: byFacets, match: matchAll(facets)}
	default:
		return l, false, nil
	}
	l.slot, err = s.q.GetViolationSlot(s.ctx, guild)
	return l, true, err
}

// find gives at most so many numbers from one on and before another, the newest first.
func (s *Snapshot) find(l *violationLookup, from, before int64, most int) ([]int64, error) {
	base := l.slot << slotShift
	args := append([]any{l.match, base | from, base | min(before, numberMask), most}, l.more...)
	rows, err := s.db.QueryContext(s.ctx, l.query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := make([]int64, 0, most)
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		list = append(list, id&numberMask)
	}
	return list, rows.Err()
}

// facets are the terms of a filter in violation_facets, as the triggers write them.
func (f *ViolationFilter) facets() (terms []string) {
	for _, c := range []struct{ kind, value string }{
		{"s", string(f.Source)}, {"v", string(f.Severity)}, {"t", string(f.State)}, {"r", f.Rule},
	} {
		if c.value != "" {
			terms = append(terms, c.kind+hex.EncodeToString([]byte(c.value)))
		}
	}
	if f.User != 0 {
		terms = append(terms, fmt.Sprint("u", int64(f.User)))
	}
	if f.Channel != 0 {
		terms = append(terms, fmt.Sprint("c", int64(f.Channel)))
	}
	return terms
}

// words are what a filter's text asks for, in small letters.
func (f *ViolationFilter) words() []string {
	return strings.FieldsFunc(strings.ToLower(strings.ToValidUTF8(f.Text, " ")), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	})
}

// CanFind says whether a text has a word of three characters or more: the index knows none that are shorter. Shorter
// ones beside it are looked for in what it finds.
func CanFind(text string) bool {
	f := ViolationFilter{Text: text}
	return len(trigrams(f.words())) > 0
}

// trigrams gives every three characters in a row of each word, each once.
func trigrams(words []string) (list []string) {
	for _, word := range words {
		for start := range word {
			end, n := start, 0
			for ; n < 3 && end < len(word); n++ {
				_, size := utf8.DecodeRuneInString(word[end:])
				end += size
			}
			if n == 3 && !slices.Contains(list, word[start:end]) {
				list = append(list, word[start:end])
			}
		}
	}
	return list
}

// matchAll is an FTS5 expression for all of some terms. Quoted, nothing in them is an operator.
func matchAll(terms []string) string {
	quoted := make([]string, len(terms))
	for i, term := range terms {
		quoted[i] = `"` + strings.ReplaceAll(term, `"`, `""`) + `"`
	}
	return strings.Join(quoted, " AND ")
}

// admits says whether a row that an index found is one that a filter chooses: the times, and every word in the text.
func (f *ViolationFilter) admits(row *db.Violation, words []string) bool {
	if !f.From.IsZero() && row.At < msOf(f.From) || !f.To.IsZero() && row.At >= msOf(f.To) {
		return false
	}
	if len(words) == 0 {
		return true
	}
	text := strings.ToLower(row.Keyword + "\n" + row.Content)
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
}
