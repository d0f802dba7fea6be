package rule

import (
	"unicode"
	"unicode/utf8"
)

// token is one word of a text, read without its disguises.
type token struct {
	text     string // small letters, digits, and signs that stand for letters
	from, to int    // in the original text, in bytes
	run      bool   // has a letter three times or more in a row
	signs    bool   // has digits, or signs that stand for letters
	leet     bool   // has letters as well
	letters  int    // characters
}

// reading is a text taken apart. It is reused from message to message.
type reading struct {
	original string
	folded   []byte  // the whole text, folded, for expressions and for pieces of words
	origin   []int32 // for each byte of folded, where in the original it comes from
	tokens   []token
}

// readable bounds what is read of one text, in bytes once it is folded: Discord's longest message has 4 000 characters, but
// a single one may stand for a sentence of 18 letters.
const readable = 16 << 10

// read takes a text apart. What r held before is gone.
func (r *reading) read(text string) {
	r.original = text
	r.folded, r.origin, r.tokens = r.folded[:0], r.origin[:0], r.tokens[:0]
	for at := 0; at < len(text) && len(r.folded) < readable; {
		if c := text[at]; c < utf8.RuneSelf {
			r.put(ascii[c], at)
			at++
			continue
		}
		char, size := utf8.DecodeRuneInString(text[at:])
		r.put(fold(char), at)
		at += size
	}
	r.split()
}

func (r *reading) put(folded string, at int) {
	for i := range len(folded) {
		r.folded = append(r.folded, folded[i])
		r.origin = append(r.origin, int32(at))
	}
}

// split finds the words. A sign that may stand for a letter belongs to a word if a letter or digit follows it.
func (r *reading) split() {
	text := string(r.folded) // shared by all tokens: one allocation for each text
	start := -1
	var t token
	var last rune
	same := 0
	end := func(to int) {
		if start < 0 {
			return
		}
		t.text, t.from, t.to = text[start:to], r.begins(start), r.ends(to)
		t.leet = t.signs && t.letters > 0
		r.tokens = append(r.tokens, t)
		start = -1
	}
	for at := 0; at < len(text); {
		char, size := rune(text[at]), 1
		if char >= utf8.RuneSelf {
			char, size = utf8.DecodeRuneInString(text[at:])
		}
		letter := 'a' <= char && char <= 'z' || char >= utf8.RuneSelf && unicode.IsLetter(char)
		digit := '0' <= char && char <= '9' || char >= utf8.RuneSelf && unicode.IsDigit(char)
		sign := !letter && !digit && char < 256 && stands[char] != "" && wordFollows(text[at+size:]) &&
			(start >= 0 || char == '$' || char == '@') // others open brackets and spoilers where a word begins
		if !letter && !digit && !sign {
			end(at)
			at += size
			continue
		}
		if start < 0 {
			start, t, same, last = at, token{}, 0, 0
		}
		if char == last {
			same++
		} else {
			same = 1
		}
		last = char
		t.run = t.run || letter && same >= 3
		t.signs = t.signs || digit || sign
		if letter {
			t.letters++
		}
		at += size
	}
	end(len(text))
}

func wordFollows(text string) bool {
	char, _ := utf8.DecodeRuneInString(text)
	return 'a' <= char && char <= 'z' || '0' <= char && char <= '9' || char >= utf8.RuneSelf && unicode.IsLetter(char)
}

func (r *reading) begins(at int) int { return int(r.origin[at]) }

// ends is where the character before at ends in the original.
func (r *reading) ends(at int) int {
	if at >= len(r.origin) {
		return len(r.original)
	}
	from := int(r.origin[at-1])
	_, size := utf8.DecodeRuneInString(r.original[from:])
	return from + size
}

// written is what stands in the original between two places of the folded text.
func (r *reading) written(from, to int) string { return r.original[r.begins(from):r.ends(to)] }

// readPlain takes a text apart without undoing anything but large letters.
func (r *reading) readPlain(text string) {
	r.original = text
	r.folded, r.origin, r.tokens = r.folded[:0], r.origin[:0], r.tokens[:0]
	for at, char := range text {
		if len(r.folded) >= readable {
			break
		}
		r.put(string(unicode.ToLower(char)), at)
	}
	r.split()
}
