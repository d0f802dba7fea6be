package rule

import "strings"

// lexicon finds the words and phrases of all rules in one pass over the tokens of a text: a look-up for each token, not
// a search for each word. 5 000 words cost as much as five.
type lexicon struct {
	whole    map[string][]entry  // by the first word of a phrase, or the only one
	joined   map[string][]entry  // phrases without the blanks, for letters that stand apart
	squeezed map[string][]string // words by their letters without repetitions
	begins   map[string][]entry  // "word*"
	ends     map[string][]entry  // "*word"
	longest  int                 // of begins and ends, in bytes
	shortest int
	inside   []entry // "*word*"

	lengths uint64      // bit n: there is a whole word or joined phrase of n bytes
	starts  [256]uint64 // the same for those that begin with a byte
	widest  int         // the longest of them, at most 63
}

// entry is one word or phrase of one rule.
type entry struct {
	rule int      // index in the set
	rest []string // further words of a phrase
	text string   // the first word, folded
}

func newLexicon() *lexicon {
	return &lexicon{whole: map[string][]entry{}, joined: map[string][]entry{}, squeezed: map[string][]string{}, begins: map[string][]entry{},
		ends: map[string][]entry{}}
}

// add takes a word or a phrase as an admin wrote it; it says false to one in which nothing can be matched.
func (l *lexicon) add(rule int, written string) bool {
	written = strings.TrimSpace(written)
	open, closed := strings.HasPrefix(written, "*"), strings.HasSuffix(written, "*")
	var r reading
	r.read(strings.Trim(written, "*"))
	if len(r.tokens) == 0 {
		return false
	}
	e := entry{rule: rule, text: r.tokens[0].text}
	for _, t := range r.tokens[1:] {
		e.rest = append(e.rest, t.text)
	}
	if len(e.rest) > 0 {
		open, closed = false, false // a star is for a single word
	}
	switch {
	case open && closed:
		l.inside = append(l.inside, e)
	case closed:
		l.begins[e.text] = append(l.begins[e.text], e)
		l.span(len(e.text))
	case open:
		l.ends[e.text] = append(l.ends[e.text], e)
		l.span(len(e.text))
	default:
		if _, known := l.whole[e.text]; !known {
			short := squeeze(e.text)
			l.squeezed[short] = append(l.squeezed[short], e.text)
		}
		l.whole[e.text] = append(l.whole[e.text], e)
		joined := e.text + strings.Join(e.rest, "")
		if len(e.rest) > 0 {
			l.joined[joined] = append(l.joined[joined], e)
		}
		if n := len(joined); n < 64 {
			l.lengths |= 1 << n
			l.starts[joined[0]] |= 1 << n
			l.widest = max(l.widest, n)
		}
	}
	return true
}

func (l *lexicon) span(length int) {
	l.longest = max(l.longest, length)
	if l.shortest == 0 || length < l.shortest {
		l.shortest = length
	}
}

func (l *lexicon) empty() bool {
	return len(l.whole) == 0 && len(l.begins) == 0 && len(l.ends) == 0 && len(l.inside) == 0
}

// found is told of each word: the rule, and the tokens from the first to the last that it was read from.
type found func(rule int, first, last int, read string)

// search reports every word of a reading.
func (l *lexicon) search(r *reading, tell found) {
	if l.empty() {
		return
	}
	left := tries
	for i := range r.tokens {
		t := &r.tokens[i]
		l.try(r, i, i, t.text, tell)
		if t.run {
			l.stretched(r, i, i, t.text, tell)
		}
		if t.leet && left > 0 {
			spell(t.text, func(word string) {
				left--
				l.try(r, i, i, word, tell)
				l.stretched(r, i, i, word, tell)
			})
			if bare := withoutSigns(t.text); bare != t.text {
				l.try(r, i, i, bare, tell)
			}
		}
	}
	l.spaced(r, tell)
}

// try looks a word up, and what may follow it.
func (l *lexicon) try(r *reading, first, last int, word string, tell found) {
	for _, e := range l.whole[word] {
		if end := e.follows(r, last); end >= 0 {
			tell(e.rule, first, end, e.String())
		}
	}
	for n := l.shortest; n > 0 && n <= min(l.longest, len(word)); n++ {
		for _, e := range l.begins[word[:n]] {
			tell(e.rule, first, last, word)
		}
		for _, e := range l.ends[word[len(word)-n:]] {
			tell(e.rule, first, last, word)
		}
	}
	for _, e := range l.inside {
		if strings.Contains(word, e.text) {
			tell(e.rule, first, last, word)
		}
	}
}

// follows says where the rest of a phrase ends after a token; -1 where it does not stand there.
func (e *entry) follows(r *reading, last int) int {
	if last+len(e.rest) >= len(r.tokens) && len(e.rest) > 0 {
		return -1
	}
	for i, word := range e.rest {
		if !r.tokens[last+1+i].reads(word) {
			return -1
		}
	}
	return last + len(e.rest)
}

// reads says whether a token, with its disguises undone, is a word.
func (t *token) reads(word string) (same bool) {
	if t.text == word || t.run && stretches(t.text, word) {
		return true
	}
	if t.leet {
		spell(t.text, func(spelt string) { same = same || spelt == word || stretches(spelt, word) })
	}
	return same
}

// String is the word or phrase as it was matched.
func (e *entry) String() string {
	if len(e.rest) == 0 {
		return e.text
	}
	return e.text + " " + strings.Join(e.rest, " ")
}

// withoutSigns leaves out the signs that may as well stand between letters as for them: "b|l|o|r|p".
func withoutSigns(word string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("!|+(<", r) {
			return -1
		}
		return r
	}, word)
}

// stretched tries a word with repeated letters: "sluuur" is read as every word that has the same letters in the same
// order, none of them more often.
func (l *lexicon) stretched(r *reading, first, last int, word string, tell found) {
	for _, candidate := range l.squeezed[squeeze(word)] {
		if candidate != word && stretches(word, candidate) {
			l.try(r, first, last, candidate, tell)
		}
	}
}

// squeeze writes each run of the same letter as one.
func squeeze(word string) string {
	out := make([]byte, 0, len(word))
	for i := range len(word) {
		if i == 0 || word[i] != word[i-1] {
			out = append(out, word[i])
		}
	}
	return string(out)
}

// stretches says whether word is candidate with letters repeated.
func stretches(word, candidate string) bool {
	i := 0
	for j := 0; j < len(candidate); {
		want := 1
		for j+want < len(candidate) && candidate[j+want] == candidate[j] {
			want++
		}
		have := 0
		for i < len(word) && word[i] == candidate[j] {
			i++
			have++
		}
		if have < want {
			return false
		}
		j += want
	}
	return i == len(word)
}

// pieces is how long the parts of a word that was taken apart may be: "s l u r", "sl u r". "sl ur" is left alone, because
// two short words side by side are ordinary writing.
const (
	pieces      = 2
	pieceTokens = 3 // fewer are not looked at
)

// tries bounds how many spellings are looked up for one text. An ordinary message needs none or a few; 4 000 characters
// of "1a 1a 1a" took 160 ms without a bound, and take 1 ms with it.
const tries = 2000

// spaced puts neighbouring tokens of one or two letters together, three of them or more.
func (l *lexicon) spaced(r *reading, tell found) {
	var word [64]byte
	left := tries
	for first := 0; first+pieceTokens <= len(r.tokens); first++ {
		n, letters, leet := 0, 0, false
		for last := first; last < len(r.tokens); last++ {
			t := &r.tokens[last]
			if len(t.text) > pieces || n+len(t.text) > len(word) || n+len(t.text) > l.widest {
				break
			}
			n += copy(word[n:], t.text)
			letters += t.letters
			leet = leet || t.signs
			if last-first+1 < pieceTokens || letters == 0 || l.lengths&(1<<n) == 0 {
				continue
			}
			if l.starts[word[0]]&(1<<n) != 0 {
				l.together(string(word[:n]), r, first, last, tell)
			}
			if leet && left > 0 {
				spell(string(word[:n]), func(spelt string) {
					left--
					l.together(spelt, r, first, last, tell)
				})
			}
		}
	}
}

// together looks up what neighbouring pieces make: a whole word, or a phrase without its blanks.
func (l *lexicon) together(word string, r *reading, first, last int, tell found) {
	for _, e := range l.whole[word] {
		if len(e.rest) == 0 {
			tell(e.rule, first, last, word)
		}
	}
	for _, e := range l.joined[word] {
		tell(e.rule, first, last, e.String())
	}
}
