package store

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// ViolationFilter chooses violations. What is zero or empty chooses all.
type ViolationFilter struct {
	Severity moderation.Severity
	Source   moderation.Source
	Rule     string // as in moderation.Violation: "rule:12"
	User     snowflake.UserID
	Channel  snowflake.ChannelID
	State    moderation.ViolationState
	From, To time.Time // half-open
	// Text is words with blanks between, each in the keyword or in what was written, as any part of it; small and large
	// letters are the same. Without a word of three characters or more nothing is found: see CanFind.
	Text   string
	Before int64 // the number that the last page ended with; 0: the newest
}

// listed is what a filter lists of a guild's violations, without its text, from a number on and before another.
func (f *ViolationFilter) listed(guild snowflake.GuildID, from, before int64, most int) db.ListViolationsParams {
	p := db.ListViolationsParams{GuildID: int64(guild), FromNumber: from, Before: before, Until: newest,
		Source: string(f.Source), Severity: string(f.Severity), State: string(f.State), Rule: f.Rule,
		UserID: int64(f.User), ChannelID: int64(f.Channel), Max: int64(most)}
	if !f.From.IsZero() {
		p.Since = msOf(f.From)
	}
	if !f.To.IsZero() {
		p.Until = msOf(f.To)
	}
	return p
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
	return slices.ContainsFunc(f.words(), func(word string) bool { return utf8.RuneCountInString(word) >= 3 })
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

// choose gives the first of some violations that a filter chooses, at most so many.
func (f *ViolationFilter) choose(rows []db.Violation, most int) (chosen []db.Violation) {
	words := f.words()
	for i := range rows {
		if len(chosen) < most && f.admits(&rows[i]) && hasWords(&rows[i], words) {
			chosen = append(chosen, rows[i])
		}
	}
	return chosen
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

// searched is the text of a violation that words are looked for in, in small letters.
func searched(row *db.Violation) string { return strings.ToLower(row.Keyword + "\n" + row.Content) }
