package rule

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"time"
	"unicode"

	"github.com/cloudflare/ahocorasick"
)

// The limits of a regular expression. RE2 takes time in proportion to the text, but the factor is the author's: 24
// characters of nested repetitions took 68 ms for one message.
const (
	patternLength = 256
	programSize   = 1000                 // instructions
	worstCase     = 5 * time.Millisecond // for the longest message
	longest       = 4000                 // characters of a message
)

// expression is one compiled pattern.
type expression struct {
	rule int
	re   *regexp.Regexp
	cost *cost
}

// Pattern compiles a regular expression within the limits; the error is a sentence for its author.
func Pattern(text string) (*regexp.Regexp, error) {
	if len([]rune(text)) > patternLength {
		return nil, fmt.Errorf("the expression has %d characters; at most %d are allowed", len([]rune(text)), patternLength)
	}
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("the expression cannot be read: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil, fmt.Errorf("the expression cannot be compiled: %w", err)
	}
	if size := len(program.Inst); size > programSize {
		return nil, fmt.Errorf("the expression becomes %d steps; at most %d are allowed: use fewer or smaller repetitions", size,
			programSize)
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("the expression cannot be compiled: %w", err)
	}
	if re.MatchString("") {
		return nil, fmt.Errorf("the expression matches an empty message, so it would match every message")
	}
	return re, nil
}

// Cost measures how long an expression takes for the worst of several messages of the greatest length. Each is timed
// three times and the best counts, so that a busy machine does not refuse a cheap expression. allowed says whether that
// is fast enough to be saved.
func Cost(re *regexp.Regexp) (worst time.Duration, allowed bool) {
	for _, text := range hardTexts(re) {
		best := time.Duration(1<<63 - 1)
		for range 3 {
			began := time.Now()
			re.MatchString(text)
			best = min(best, time.Since(began))
			if best <= worst {
				break
			}
		}
		worst = max(worst, best)
	}
	return worst, worst <= worstCase
}

// hardTexts are messages that keep an expression busy: its own letters over and over, and plain ones.
func hardTexts(re *regexp.Regexp) []string {
	var own strings.Builder
	for _, r := range re.String() {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == ' ' {
			own.WriteRune(r)
		}
	}
	texts := []string{"a", "ab ", "0", "aA1 .", " ", "é"}
	if own.Len() > 0 {
		texts = append(texts, own.String())
		first := []rune(own.String())[:1]
		texts = append(texts, string(first))
	}
	for i, piece := range texts {
		texts[i] = string([]rune(strings.Repeat(piece, longest/len([]rune(piece))+1))[:longest])
	}
	return texts
}

// expressions finds, of many patterns, the few that are worth running on a text: those of which a literal occurs that
// every match must have. Patterns without such a literal always run.
type expressions struct {
	all    []expression
	always []int
	owners [][]int // for each literal: the patterns that have it
	finder *ahocorasick.Matcher

	rules   []compiled
	overrun overruns
}

func newExpressions(all []expression, rules []compiled) *expressions {
	e := &expressions{all: all, rules: rules}
	index := map[string]int{}
	var literals []string
	for i, x := range all {
		tree, err := syntax.Parse(x.re.String(), syntax.Perl)
		if err != nil {
			e.always = append(e.always, i)
			continue
		}
		needed := required(tree.Simplify())
		if len(needed) == 0 {
			e.always = append(e.always, i)
			continue
		}
		for _, literal := range needed {
			at, known := index[literal]
			if !known {
				at = len(literals)
				index[literal] = at
				literals, e.owners = append(literals, literal), append(e.owners, nil)
			}
			e.owners[at] = append(e.owners[at], i)
		}
	}
	if len(literals) > 0 {
		e.finder = ahocorasick.NewStringMatcher(literals)
	}
	return e
}

// run tells of each pattern that matches text, and where. small is text in small letters.
func (e *expressions) run(text string, small []byte, tell func(rule, from, to int)) {
	try := func(i int) {
		x := &e.all[i]
		began := time.Now()
		at := x.re.FindStringIndex(text)
		if problem := x.cost.note(x.re, text, began); problem != "" {
			e.overrun.Store(&Overrun{&e.rules[x.rule].Rule, problem})
		}
		if at != nil {
			tell(x.rule, at[0], at[1])
		}
	}
	for _, i := range e.always {
		try(i)
	}
	if e.finder == nil {
		return
	}
	hits := e.finder.MatchThreadSafe(small)
	if len(hits) == 0 {
		return
	}
	tried := make(map[int]struct{}, len(hits))
	for _, hit := range hits {
		for _, i := range e.owners[hit] {
			if _, done := tried[i]; !done {
				tried[i] = struct{}{}
				try(i)
			}
		}
	}
}

// literalLength is how long a literal must be to be worth looking for: shorter ones occur in every other message.
const literalLength = 3

// required gives literals, in small letters, of which every match of re contains at least one; nil for none.
func required(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		text := strings.ToLower(string(re.Rune))
		// Letters that grow or shrink with their case (the Kelvin sign is a k) could be missed.
		for _, r := range re.Rune {
			if r >= 0x80 {
				return nil
			}
		}
		if re.Flags&syntax.FoldCase != 0 && strings.ContainsAny(text, "ks") {
			return longestPart(text)
		}
		if len(text) >= literalLength {
			return []string{text}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return required(re.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if literals := required(sub); better(literals, best) {
				best = literals
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			literals := required(sub)
			if len(literals) == 0 {
				return nil
			}
			all = append(all, literals...)
		}
		return all
	}
	return nil
}

// longestPart is the longest piece of a literal that is the same in every spelling: ſ (U+017F) folds to s and K (U+212A)
// to k, so those two letters end a piece.
func longestPart(text string) []string {
	best := ""
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == 'k' || r == 's' }) {
		if len(part) > len(best) {
			best = part
		}
	}
	if len(best) < literalLength {
		return nil
	}
	return []string{best}
}

// better says whether literals are rarer than those found so far: fewer, or longer where they are as many.
func better(literals, best []string) bool {
	switch {
	case len(literals) == 0:
		return false
	case len(best) == 0, len(literals) < len(best):
		return true
	case len(literals) > len(best):
		return false
	}
	return shortestOf(literals) > shortestOf(best)
}

func shortestOf(literals []string) int {
	n := len(literals[0])
	for _, l := range literals {
		n = min(n, len(l))
	}
	return n
}
