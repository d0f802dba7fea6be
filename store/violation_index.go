package store

import (
	"cmp"
	"encoding/hex"
	"math"
	"slices"
	"strconv"
	"strings"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Both indexes of violations (migrations/0006_search.sql, 0016_facets_by_guild.sql) name a row by its guild's slot and its
// number. sqlc knows no rowid of a virtual table, so their queries stand here.
const (
	slotShift  = 40
	numberMask = 1<<slotShift - 1

	inFacets = `SELECT rowid FROM violation_facets WHERE violation_facets MATCH ?1 AND rowid >= ?3 AND rowid < ?4`
	inWords  = `SELECT rowid FROM violation_words WHERE violation_words MATCH ?2 AND rowid >= ?3 AND rowid < ?4`
	inBoth   = inFacets + ` INTERSECT ` + inWords
	asListed = ` ORDER BY rowid DESC LIMIT ?5`
)

const (
	// sample is how many violations say which facets are rare in this guild: 0.15 ms.
	sample = 400
	// mostFound is how many violations the indexes are asked for in one go at most, where those may not be what is asked for.
	mostFound = 500
)

// search gives the newest of a guild's violations of a range of numbers that a filter chooses, at most so many, by the indexes.
// Rows that were looked at before say which parts of words are rare.
func (s *Snapshot) search(guild snowflake.GuildID, f *ViolationFilter, looked []db.Violation, from, before int64, most int) (
	chosen []db.Violation, err error,
) {
	slot, err := s.q.GetViolationSlot(s.ctx, int64(guild))
	if err != nil {
		return nil, err
	}
	terms, err := s.terms(guild, f, slot, looked, from, before)
	if err != nil {
		return nil, err
	}
	in := f.listed(guild, from, before, most)
	for ask := enough(terms, most); ; ask *= 2 {
		ask = min(ask, mostFound)
		numbers, err := s.find(slot, terms, from, before, ask)
		if err != nil {
			return nil, err
		}
		found, err := s.q.ListViolationsIn(s.ctx, db.ListViolationsInParams{GuildID: in.GuildID, Numbers: jsonIDs(numbers),
			Since: in.Since, Until: in.Until, Source: in.Source, Severity: in.Severity, State: in.State, Rule: in.Rule,
			UserID: in.UserID, ChannelID: in.ChannelID})
		if err != nil {
			return nil, err
		}
		more := f.choose(found, most-len(chosen))
		chosen = append(chosen, more...)
		if len(chosen) == most || len(numbers) < ask {
			return chosen, nil
		}
		before = numbers[len(numbers)-1]
		if 4*len(more) < len(found) {
			askForOneMore(terms)
		}
	}
}

// terms plans what the indexes are asked for. The newest of a range of violations say which facets are rare.
func (s *Snapshot) terms(guild snowflake.GuildID, f *ViolationFilter, slot int64, looked []db.Violation, from, before int64) (
	terms []term, err error,
) {
	terms = f.grams(looked)
	if f.hasFacets() {
		in := f.listed(guild, from, before, sample)
		seen, err := s.q.CountFacets(s.ctx, db.CountFacetsParams{GuildID: in.GuildID, FromNumber: in.FromNumber,
			Before: in.Before, Source: in.Source, Severity: in.Severity, State: in.State, Rule: in.Rule, UserID: in.UserID,
			ChannelID: in.ChannelID, Max: in.Max})
		if err != nil {
			return nil, err
		}
		terms = append(terms, f.facets(slot, &seen)...)
	}
	askForRare(terms)
	return terms, nil
}

// find gives the numbers of at most so many violations of a range that have all terms that the indexes are asked for, the
// newest first.
func (s *Snapshot) find(slot int64, terms []term, from, before int64, most int) (numbers []int64, err error) {
	facets, words := match(terms, false), match(terms, true)
	query := inBoth
	switch {
	case words == "":
		query = inFacets
	case facets == "":
		query = inWords
	}
	base := slot << slotShift
	rows, err := s.db.QueryContext(s.ctx, query+asListed, facets, words, base|from, base|min(before, numberMask), most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		numbers = append(numbers, id&numberMask)
	}
	return numbers, rows.Err()
}

// match is an FTS5 expression for all terms that one of the indexes is asked for. Quoted, nothing in them is an operator.
func match(terms []term, words bool) string {
	var quoted []string
	for _, t := range terms {
		if t.asked && words == t.inWords() {
			quoted = append(quoted, `"`+strings.ReplaceAll(t.text, `"`, `""`)+`"`)
		}
	}
	return strings.Join(quoted, " AND ")
}

// term is one that an index has for some of a guild's violations.
type term struct {
	text  string
	share float64 // of the guild's violations that have it, as far as is known: more than 0, less than 1
	word  int     // which of the filter's words it is a part of; 0: of none
	asked bool    // of its index; otherwise it is looked for in the rows
}

// inWords says which index has a term: that of words, or that of facets.
func (t *term) inWords() bool { return t.word > 0 }

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

const (
	// rowCost is how many entries of a list an index goes through in the time in which a violation is read: it leaps over most,
	// and a violation takes 11 us. From 100 on lists take as long; from the disk, where a violation takes 0.2 ms, more is better.
	rowCost = 400
	// mergeCost is how many times as long an entry takes in a list of the other index: what both have is told by going through
	// both.
	mergeCost = 10
)

// askForRare has the indexes asked for those terms whose lists are worth going through, and puts the rarest first. An index
// goes through a list as far as it must for the rarest term, and most words have a syllable that a fifth of all messages
// have: with all 14 parts of two words a search took 100 ms, most of it for those.
func askForRare(terms []term) {
	slices.SortStableFunc(terms, func(a, b term) int { return cmp.Compare(a.share, b.share) })
	left := 1.0 // the share of the violations that have all terms asked for so far
	words := map[int]bool{}
	for i := range terms {
		t := &terms[i]
		having, cost := t.share, t.share // of those left, how many have this one too
		if words[t.word] {
			having = math.Sqrt(having) // who has a part of a word often has the next one
		}
		if t.inWords() != terms[0].inWords() {
			cost *= mergeCost
		}
		if i > 0 && cost > rowCost*left*(1-having) {
			continue
		}
		t.asked = true
		left *= having
		words[t.word] = t.inWords()
	}
}

// askForOneMore has one part of a word more asked for, the rarest: parts go together in ways that only what was found tells.
func askForOneMore(terms []term) {
	if i := slices.IndexFunc(terms, func(t term) bool { return t.inWords() && !t.asked }); i >= 0 {
		terms[i].asked = true
	}
}

// enough is how many violations to ask the indexes for, so that as many as are wanted have the other facets as well.
func enough(terms []term, most int) int {
	n := 1.25 * float64(most)
	for _, t := range terms {
		if !t.asked && !t.inWords() {
			n /= t.share
		}
	}
	return int(min(n, mostFound))
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
	texts := make([]string, len(looked))
	for i := range looked {
		texts[i] = searched(&looked[i])
	}
	for i, word := range f.words() {
		for _, gram := range trigrams(word) {
			terms = append(terms, term{text: gram, word: i + 1, share: share(countHaving(texts, gram), len(texts))})
		}
	}
	return terms
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
