package store

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Both indexes of violations (migrations/0006_search.sql) name a row by its guild's slot and its number. sqlc knows no
// rowid of a virtual table, so their query stands here. Its filters are needed because rarest leaves terms out.
const (
	slotShift  = 40
	numberMask = 1<<slotShift - 1

	findViolations = `SELECT i.rowid FROM %[1]s i
CROSS JOIN violations v ON v.guild_id = ?5 AND v.number = i.rowid & 1099511627775
WHERE i.%[1]s MATCH ?1 AND i.rowid >= ?2 AND i.rowid < ?3
  AND (?6 = '' OR v.source = ?6) AND (?7 = '' OR v.severity = ?7) AND (?8 = '' OR v.state = ?8)
  AND (?9 = '' OR v.rule = ?9) AND (?10 = 0 OR v.user_id = ?10) AND (?11 = 0 OR v.channel_id = ?11)
ORDER BY i.rowid DESC LIMIT ?4`
)

var byFacets, byWords = fmt.Sprintf(findViolations, "violation_facets"), fmt.Sprintf(findViolations, "violation_words")

// violationLookup finds violations of a guild by an index, the newest first. It may find more than the filter's words
// choose.
type violationLookup struct {
	query, match string
	slot         int64
	filter       *ViolationFilter
}

// lookup plans how the rest of a filter's violations are found, given the rows that were looked at so far.
func (s *Snapshot) lookup(guild snowflake.GuildID, f *ViolationFilter, looked []db.Violation) (*violationLookup, error) {
	facets, costOfFacets := rarest(f.facets(looked))
	words, costOfWords := rarest(f.grams(looked))
	l := &violationLookup{query: byFacets, match: facets, filter: f}
	if costOfWords < costOfFacets {
		l.query, l.match = byWords, words
	}
	var err error
	l.slot, err = s.q.GetViolationSlot(s.ctx, int64(guild))
	return l, err
}

// find gives at most so many numbers from one on and before another, the newest first.
func (s *Snapshot) find(guild snowflake.GuildID, l *violationLookup, from, before int64, most int) ([]int64, error) {
	base, f := l.slot<<slotShift, l.filter
	rows, err := s.db.QueryContext(s.ctx, l.query, l.match, base|from, base|min(before, numberMask), most, int64(guild),
		string(f.Source), string(f.Severity), string(f.State), f.Rule, int64(f.User), int64(f.Channel))
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

// term is one that an index has for some violations.
type term struct {
	text  string
	share float64 // of the guild's violations: more than 0, less than 1
}

// termIn is a term with its share of the rows that were looked at, as if there were one more with half of it: what was
// not seen may be there.
func termIn(looked []db.Violation, text string, in func(i int) bool) term {
	seen := 0.5
	for i := range looked {
		if in(i) {
			seen++
		}
	}
	return term{text, seen / float64(len(looked)+1)}
}

// rowCost is how many entries of an index's list are read in the time in which one violation is.
const rowCost = 250

// rarest chooses those terms whose lists are worth reading, the rarest first, and gives them as an FTS5 expression for all of
// them. The other terms are looked for in the rows. An index reads a list to the end of the guild, and most words have a
// syllable that a fifth of all messages have: with all 14 of two words a search took 100 ms, most of it for those. The cost
// is for one violation of the guild, in entries; without terms it is infinite.
func rarest(terms []term) (match string, cost float64) {
	if len(terms) == 0 {
		return "", math.Inf(1)
	}
	slices.SortStableFunc(terms, func(a, b term) int { return cmp.Compare(a.share, b.share) })
	left := 1.0 // the share of the violations that have all terms chosen so far
	for i, t := range terms {
		if i > 0 && t.share > rowCost*left*(1-t.share) {
			break
		}
		if i > 0 {
			match += " AND "
		}
		// Quoted, nothing in a term is an operator.
		match += `"` + strings.ReplaceAll(t.text, `"`, `""`) + `"`
		cost += t.share
		left *= t.share
	}
	return match, cost + rowCost*left
}

// facets are the terms of a filter in violation_facets, as the triggers write them.
func (f *ViolationFilter) facets(looked []db.Violation) (terms []term) {
	text := func(kind, value string, of func(*db.Violation) string) {
		if value != "" {
			terms = append(terms, termIn(looked, kind+hex.EncodeToString([]byte(value)),
				func(i int) bool { return of(&looked[i]) == value }))
		}
	}
	id := func(kind string, value int64, of func(*db.Violation) int64) {
		if value != 0 {
			terms = append(terms, termIn(looked, kind+strconv.FormatInt(value, 10),
				func(i int) bool { return of(&looked[i]) == value }))
		}
	}
	text("s", string(f.Source), func(v *db.Violation) string { return v.Source })
	text("v", string(f.Severity), func(v *db.Violation) string { return v.Severity })
	text("t", string(f.State), func(v *db.Violation) string { return v.State })
	text("r", f.Rule, func(v *db.Violation) string { return v.Rule })
	id("u", int64(f.User), func(v *db.Violation) int64 { return v.UserID })
	id("c", int64(f.Channel), func(v *db.Violation) int64 { return v.ChannelID })
	return terms
}

// grams are the terms of a filter in violation_words.
func (f *ViolationFilter) grams(looked []db.Violation) (terms []term) {
	texts := make([]string, len(looked))
	for i := range looked {
		texts[i] = searched(&looked[i])
	}
	for _, gram := range trigrams(f.words()) {
		terms = append(terms, termIn(looked, gram, func(i int) bool { return strings.Contains(texts[i], gram) }))
	}
	return terms
}

// searched is the text of a violation that words are looked for in, in small letters.
func searched(row *db.Violation) string { return strings.ToLower(row.Keyword + "\n" + row.Content) }

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

// narrows says whether a filter chooses by anything but time.
func (f *ViolationFilter) narrows() bool {
	return f.Source != "" || f.Severity != "" || f.State != "" || f.Rule != "" || f.User != 0 || f.Channel != 0 ||
		f.Text != ""
}

// choosesNone says whether no violation can be what a filter chooses: its words are too short for the index, or its rule is
// of another source (a rule's name begins with it).
func (f *ViolationFilter) choosesNone() bool {
	return f.Text != "" && !CanFind(f.Text) ||
		f.Rule != "" && f.Source != "" && !strings.HasPrefix(f.Rule, string(f.Source)+":")
}

// admits says whether a violation is one that a filter chooses; words are the filter's.
func (f *ViolationFilter) admits(row *db.Violation, words []string) bool {
	if !f.From.IsZero() && row.At < msOf(f.From) || !f.To.IsZero() && row.At >= msOf(f.To) ||
		f.Source != "" && row.Source != string(f.Source) || f.Severity != "" && row.Severity != string(f.Severity) ||
		f.State != "" && row.State != string(f.State) || f.Rule != "" && row.Rule != f.Rule ||
		f.User != 0 && row.UserID != int64(f.User) || f.Channel != 0 && row.ChannelID != int64(f.Channel) {
		return false
	}
	if len(words) == 0 {
		return true
	}
	text := searched(row)
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
}
