package native

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"guildwatch/internal/moderation"
)

// Found is what a rule would find in a text, as Discord documents it.
type Found struct {
	Entry   string // the keyword or expression; for mentions the count: "7 mentions"
	Matched string // in the text
}

// Trial is what a rule says of a text that nobody has sent.
type Trial struct {
	Found   []Found
	Untried []string // expressions that only Discord can read
	Known   bool     // false: Discord alone knows what the rule looks for
}

var mentioned = regexp.MustCompile(`<@[!&]?(\d+)>`)

// Try reads a text as a rule would.
func Try(r *moderation.NativeRule, text string) (t Trial) {
	s := &r.Spec
	switch {
	case listsWords(r.Trigger):
		t.Known = true
	case r.Trigger == moderation.TriggerMentionSpam:
		unique := map[string]bool{}
		for _, m := range mentioned.FindAllStringSubmatch(text, -1) {
			unique[m[1]] = true
		}
		t.Known = true
		if len(unique) > s.Mentions {
			t.Found = append(t.Found, Found{Entry: plural(len(unique), "mention", "mentions")})
		}
		return t
	default:
		return t
	}
	var fine []span
	for _, entry := range s.Allow {
		fine = append(fine, occurrences(text, entry)...)
	}
	note := func(entry string, found []span) {
		for _, at := range found {
			if !at.within(fine) {
				t.Found = append(t.Found, Found{entry, text[at.from:at.to]})
				return
			}
		}
	}
	for _, entry := range s.Keywords {
		note(entry, occurrences(text, entry))
	}
	for _, entry := range s.Patterns {
		re, err := regexp.Compile(entry)
		if err != nil {
			t.Untried = append(t.Untried, entry)
			continue
		}
		var found []span
		for _, at := range re.FindAllStringIndex(text, -1) {
			found = append(found, span{at[0], at[1]})
		}
		note(entry, found)
	}
	return t
}

type span struct{ from, to int }

func (s span) within(list []span) bool {
	for _, other := range list {
		if other.from <= s.from && s.to <= other.to {
			return true
		}
	}
	return false
}

// occurrences finds a keyword in a text: whole words, but where a star says that anything may stand there.
func occurrences(text, keyword string) (found []span) {
	open, closed := strings.HasPrefix(keyword, "*"), strings.HasSuffix(keyword, "*")
	word := []rune(strings.ToLower(strings.Trim(keyword, "*")))
	if len(word) == 0 {
		return nil
	}
	for from := range text {
		to, same := folds(text[from:], word)
		if !same {
			continue
		}
		to += from
		before, _ := utf8.DecodeLastRuneInString(text[:from])
		after, _ := utf8.DecodeRuneInString(text[to:])
		if (open || from == 0 || !wordRune(before)) && (closed || to == len(text) || !wordRune(after)) {
			found = append(found, span{from, to})
		}
	}
	return found
}

// folds says whether a text begins with a word in small letters, and where it ends.
func folds(text string, word []rune) (end int, same bool) {
	for _, want := range word {
		r, size := utf8.DecodeRuneInString(text[end:])
		if size == 0 || unicode.ToLower(r) != want {
			return 0, false
		}
		end += size
	}
	return end, true
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
