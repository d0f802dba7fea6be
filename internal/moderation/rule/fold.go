package rule

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold undoes the disguise of one character: case, accents, lookalikes of other scripts, compatibility forms. It gives
// what the character reads as: usually one small letter, nothing for what cannot be seen (zero-width characters,
// variation selectors, accents that stand alone), and the character itself where it has no disguise.
func fold(r rune) string {
	if r < utf8.RuneSelf {
		return ascii[r]
	}
	if text, ok := folds[r]; ok {
		return text
	}
	return unfold(r)
}

// ascii holds every one-byte character, small.
var ascii = func() (table [utf8.RuneSelf]string) {
	for r := range table {
		table[r] = strings.ToLower(string(rune(r)))
	}
	for r := range rune(' ') {
		table[r] = " "
	}
	table[0x7f] = ""
	return table
}()

// unfold looks a character up in Unicode's own tables.
func unfold(r rune) string {
	if invisible(r) {
		return ""
	}
	if r >= 0xac00 && r <= 0xd7a3 { // Hangul: taking syllables apart undoes nothing
		return string(r)
	}
	parts := norm.NFKD.PropertiesString(string(r)).Decomposition()
	if parts == nil {
		return lower(r)
	}
	var out strings.Builder
	for _, part := range string(parts) {
		switch {
		case part < utf8.RuneSelf:
			out.WriteString(ascii[part])
		case invisible(part):
		default:
			if text, ok := folds[part]; ok {
				out.WriteString(text)
			} else {
				out.WriteString(lower(part))
			}
		}
	}
	return out.String()
}

func lower(r rune) string {
	small := unicode.ToLower(r)
	if text, ok := folds[small]; ok {
		return text
	}
	return string(small)
}

// invisible says whether r only changes how its neighbours look, or cannot be seen at all. Blanks that are no spaces
// (Hangul fillers, the braille blank) are used like zero-width characters.
func invisible(r rune) bool {
	switch r {
	case 0x115f, 0x1160, 0x2800, 0x3164, 0xffa0, 0x034f, 0x17b4, 0x17b5:
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Variation_Selector) || r >= 0xe0000 && r <= 0xe0fff
}
