package store

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Both indexes of violations (migrations/0006_search.sql, 0016_facets_by_guild.sql) name a row by its guild's slot and its
// number. sqlc knows no rowid of a virtual table, so their query stands here. It has all filters, because rarest leaves
// terms out.
const (
	slotShift  = 40
	numberMask = 1<<slotShift - 1

	findViolations = `SELECT %[1]s FROM %[2]s i
CROSS JOIN violations v ON v.guild_id = ?5 AND v.number = i.rowid & 1099511627775
WHERE i.%[2]s MATCH ?1 AND i.rowid >= ?2 AND i.rowid < ?3 AND v.at >= ?4 AND v.at < ?6
  AND (?7 = '' OR v.source = ?7) AND (?8 = '' OR v.severity = ?8) AND (?9 = '' OR v.state = ?9)
  AND (?10 = '' OR v.rule = ?10) AND (?11 = 0 OR v.user_id = ?11) AND (?12 = 0 OR v.channel_id = ?12)
ORDER BY i.rowid DESC LIMIT ?13`
)

// Which columns of a violation are read: of those that words were found in most may lack one, and reading them whole took
// twice as long.
const (
	wholeRow = "v.*"
	itsText  = "v.number, v.keyword, v.content"
)

// violationLookup finds violations of a guild by an index, the newest first. It may find more than the filter's words
// choose.
type violationLookup struct {
	guild  snowflake.GuildID
	slot   int64
	filter *ViolationFilter
	index  string // its table
	terms  []term // the rarest first
	cost   float64
}

// lookup plans how a filter's violations are found by its facets. The newest of a range of numbers say how rare those are.
func (s *Snapshot) lookup(guild snowflake.GuildID, f *ViolationFilter, from, before int64) (*violationLookup, error) {
	slot, err := s.q.GetViolationSlot(s.ctx, int64(guild))
	if err != nil {
		return nil, err
	}
	l := &violationLookup{guild: guild, slot: slot, filter: f, index: "violation_facets", cost: math.Inf(1)}
	if !f.hasFacets() {
		return l, nil
	}
	in := f.listed(guild, from, before, sample)
	seen, err := s.q.CountFacets(s.ctx, db.CountFacetsParams{GuildID: in.GuildID, FromNumber: in.FromNumber, Before: in.Before,
		Source: in.Source, Severity: in.Severity, State: in.State, Rule: in.Rule, UserID: in.UserID, ChannelID: in.ChannelID,
		Max: in.Max})
	if err != nil {
		return nil, err
	}
	l.terms = f.facets(slot, &seen)
	l.cost = rarest(l.terms)
	return l, nil
}

// orByWords has the words found instead, where that costs less. Rows that were looked at say how rare their parts are.
func (l *violationLookup) orByWords(looked []db.Violation) {
	words := l.filter.grams(looked)
	if cost := rarest(words); cost < l.cost {
		l.index, l.terms, l.cost = "violation_words", words, cost
	}
}

// search gives the numbers of at most so many violations that have a filter's words, from one on and before another, the
// newest first.
func (s *Snapshot) search(by *violationLookup, from, before int64, most int) (list []int64, err error) {
	words := by.filter.words()
	for ask := most; ; ask = min(4*ask, max(most, mostFound)) {
		found, err := s.find(by, itsText, from, before, ask)
		if err != nil {
			return nil, err
		}
		for i := range found {
			if !hasWords(&found[i], words) {
				continue
			}
			if list = append(list, found[i].Number); len(list) == most {
				return list, nil
			}
		}
		if len(found) < ask {
			return list, nil
		}
		before = found[ask-1].Number
		by.refine(found)
	}
}

// find asks the index for at most so many violations from a number on and before another, the newest first.
func (s *Snapshot) find(by *violationLookup, columns string, from, before int64, most int) (list []db.Violation, err error) {
	base, in := by.slot<<slotShift, by.filter.listed(by.guild, from, before, most)
	rows, err := s.db.QueryContext(s.ctx, fmt.Sprintf(findViolations, columns, by.index), by.match(), base|from,
		base|min(before, numberMask), in.Since, in.GuildID, in.Until, in.Source, in.Severity, in.State, in.Rule, in.UserID,
		in.ChannelID, in.Max)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var v db.Violation
	into := []any{&v.Number, &v.Keyword, &v.Content}
	if columns == wholeRow {
		into = fieldsOf(&v)
	}
	list = make([]db.Violation, 0, most)
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// fieldsOf is where the columns of a violation go: sqlc has put its fields into their order.
func fieldsOf(v *db.Violation) (fields []any) {
	row := reflect.ValueOf(v).Elem()
	for i := range row.NumField() {
		fields = append(fields, row.Field(i).Addr().Interface())
	}
	return fields
}

// term is one that an index has for some violations.
type term struct {
	text  string
	share float64 // of the guild's violations that have it, as far as is known: more than 0, less than 1
	word  int     // which of the filter's words it is a part of; 0: of none
	asked bool    // of the index; otherwise it is looked for in the rows
}

// share is how many have something of those seen, as if there were one more with half of it: what was not seen may be
// there.
func share(having, seen int) float64 { return (float64(having) + 0.5) / float64(seen+1) }

// countHaving is in how many texts a part of a word is.
func countHaving(texts []string, part string) (n int) {
	for _, text := range texts {
		if strings.Contains(text, part) {
			n++
		}
	}
	return n
}

// rowCost is how many entries of an index's list are gone through in the time in which a violation is read: 0.5 us to 11.
const rowCost = 20

// rarest has an index asked for those terms whose lists are worth reading, and puts the rarest first. An index goes through a
// list as far as it must for the rarest term, and most words have a syllable that a fifth of all messages have: with all 14
// of two words a search took 100 ms, most of it for those. The cost is for one violation of the guild, in entries; without
// terms it is infinite.
func rarest(terms []term) (cost float64) {
	slices.SortStableFunc(terms, func(a, b term) int { return cmp.Compare(a.share, b.share) })
	if len(terms) == 0 {
		return math.Inf(1)
	}
	left := 1.0 // the share of the violations that have all terms asked for so far
	words := map[int]bool{}
	for i := range terms {
		t := &terms[i]
		more := t.share // the share of those left that have this one too
		if words[t.word] {
			more = math.Sqrt(more) // who has a part of a word often has the next one
		}
		if i > 0 && t.share > rowCost*left*(1-more) {
			continue
		}
		t.asked = true
		cost += t.share
		left *= more
		words[t.word] = t.word > 0
	}
	return cost + rowCost*left
}

// refine asks for one term more when many of the rows that were found lack it: parts of words go together in ways that only
// those rows tell.
func (l *violationLookup) refine(found []db.Violation) {
	span := found[0].Number - found[len(found)-1].Number + 1
	left := float64(len(found)) / float64(span)
	texts := textsOf(found[:min(len(found), 64)])
	best, gain := -1, 0.0
	for i, t := range l.terms {
		if t.asked || t.word == 0 {
			continue
		}
		having := share(countHaving(texts, t.text), len(texts))
		if g := rowCost*left*(1-having) - t.share; g > gain {
			best, gain = i, g
		}
	}
	if best >= 0 {
		l.terms[best].asked = true
	}
}

// match is an FTS5 expression for all terms that are asked for. Quoted, nothing in them is an operator.
func (l *violationLookup) match() string {
	var quoted []string
	for _, t := range l.terms {
		if t.asked {
			quoted = append(quoted, `"`+strings.ReplaceAll(t.text, `"`, `""`)+`"`)
		}
	}
	return strings.Join(quoted, " AND ")
}

// facets are the terms of a filter in violation_facets, as the triggers write them.
func (f *ViolationFilter) facets(slot int64, seen *db.CountFacetsRow) (terms []term) {
	guild := strconv.FormatInt(slot, 10)
	facet := func(kind, value string, having int64) {
		terms = append(terms, term{text: guild + kind + value, share: share(int(having), int(seen.Violations))})
	}
	text := func(kind, value string, having int64) {
		if value != "" {
			facet(kind, hex.EncodeToString([]byte(value)), having)
		}
	}
	id := func(kind string, value, having int64) {
		if value != 0 {
			facet(kind, strconv.FormatInt(value, 10), having)
		}
	}
	text("s", string(f.Source), seen.OfSource)
	text("v", string(f.Severity), seen.OfSeverity)
	text("t", string(f.State), seen.OfState)
	text("r", f.Rule, seen.OfRule)
	id("u", int64(f.User), seen.OfUser)
	id("c", int64(f.Channel), seen.OfChannel)
	return terms
}

// grams are the terms of a filter in violation_words.
func (f *ViolationFilter) grams(looked []db.Violation) (terms []term) {
	words := f.words()
	if len(words) == 0 {
		return nil
	}
	texts := textsOf(looked)
	for i, word := range words {
		for _, gram := range trigrams(word) {
			terms = append(terms, term{text: gram, word: i + 1, share: share(countHaving(texts, gram), len(texts))})
		}
	}
	return terms
}

// textsOf are the texts of violations that words are looked for in.
func textsOf(rows []db.Violation) []string {
	texts := make([]string, len(rows))
	for i := range rows {
		texts[i] = searched(&rows[i])
	}
	return texts
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
	return slices.ContainsFunc(f.words(), func(word string) bool { return utf8.RuneCountInString(word) >= 3 })
}

// trigrams gives every three characters in a row of a word, each once.
func trigrams(word string) (list []string) {
	letters := []rune(word)
	for i := range len(letters) - 2 {
		if gram := string(letters[i : i+3]); !slices.Contains(list, gram) {
			list = append(list, gram)
		}
	}
	return list
}

// hasFacets says whether a filter chooses by anything but time and text.
func (f *ViolationFilter) hasFacets() bool {
	return f.Source != "" || f.Severity != "" || f.State != "" || f.Rule != "" || f.User != 0 || f.Channel != 0
}

// choosesNone says whether no violation can be what a filter chooses: its words are too short for the index, or its rule is
// of another source (a rule's name begins with it).
func (f *ViolationFilter) choosesNone() bool {
	return f.Text != "" && !CanFind(f.Text) ||
		f.Rule != "" && f.Source != "" && !strings.HasPrefix(f.Rule, string(f.Source)+":")
}

// admits says whether a violation is one that a filter chooses, as far as its text does not decide.
func (f *ViolationFilter) admits(row *db.Violation) bool {
	return (f.From.IsZero() || row.At >= msOf(f.From)) && (f.To.IsZero() || row.At < msOf(f.To)) &&
		(f.Source == "" || row.Source == string(f.Source)) && (f.Severity == "" || row.Severity == string(f.Severity)) &&
		(f.State == "" || row.State == string(f.State)) && (f.Rule == "" || row.Rule == f.Rule) &&
		(f.User == 0 || row.UserID == int64(f.User)) && (f.Channel == 0 || row.ChannelID == int64(f.Channel))
}

// hasWords says whether a violation has every word in its text.
func hasWords(row *db.Violation, words []string) bool {
	text := ""
	if len(words) > 0 {
		text = searched(row)
	}
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
}
