package ui

import (
	"fmt"
	"strings"
	"unicode"
)

// run is a part of a text: plain, or one character that would not be seen.
type run struct {
	Text string
	Name string // of an invisible character; empty for plain text
}

// names of what people hide in texts, for the title of its mark.
var invisible = map[rune]string{
	0x00ad: "soft hyphen", 0x034f: "combining grapheme joiner", 0x061c: "Arabic letter mark",
	0x115f: "Hangul filler", 0x1160: "Hangul filler", 0x17b4: "Khmer vowel", 0x17b5: "Khmer vowel",
	0x180e: "Mongolian vowel separator", 0x200b: "zero-width space", 0x200c: "zero-width non-joiner",
	0x200d: "zero-width joiner", 0x200e: "left-to-right mark", 0x200f: "right-to-left mark",
	0x202a: "left-to-right embedding", 0x202b: "right-to-left embedding", 0x202c: "end of embedding",
	0x202d: "left-to-right override", 0x202e: "right-to-left override", 0x2060: "word joiner",
	0x2061: "invisible function", 0x2062: "invisible times", 0x2063: "invisible separator", 0x2064: "invisible plus",
	0x2066: "left-to-right isolate", 0x2067: "right-to-left isolate", 0x2068: "first strong isolate",
	0x2069: "end of isolate", 0x2800: "blank braille", 0x3164: "Hangul filler", 0xfeff: "zero-width no-break space",
	0xffa0: "Hangul filler",
}

// marks is how many invisible characters of one text are shown; a message full of them must not fill a frame.
const marks = 24

// runs splits a text so that every character that would turn or hide the rest stands alone, with its name. Line breaks
// and tabs become spaces. Joiners stay where scripts and emoji need them.
func runs(text string) []run {
	letters := []rune(strings.ToValidUTF8(text, "�"))
	var out []run
	unseen := 0
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			out = append(out, run{Text: plain.String()})
			plain.Reset()
		}
	}
	for i, r := range letters {
		switch name := hidden(r); {
		case r == '\t' || breaks(r):
			plain.WriteByte(' ')
		case name == "" || joins(letters, i):
			plain.WriteRune(r)
		default:
			if unseen++; unseen <= marks {
				flush()
				out = append(out, run{Text: fmt.Sprintf("⟨U+%04X⟩", r), Name: name})
			}
		}
	}
	flush()
	if unseen > marks {
		out = append(out, run{Text: fmt.Sprintf("⟨%d more⟩", unseen-marks), Name: "invisible characters"})
	}
	return out
}

// breaks says whether some reader takes r for the end of a line.
func breaks(r rune) bool {
	return r >= '\n' && r <= '\r' || r == 0x85 || r == 0x2028 || r == 0x2029
}

// hidden names a character that is not seen or that turns the text around it; "" for all others.
func hidden(r rune) string {
	if name, found := invisible[r]; found {
		return name
	}
	switch {
	case r >= 0xe0000 && r <= 0xe007f:
		return "tag character"
	case r >= 0xe0100 && r <= 0xe01ef:
		return "variation selector"
	case unicode.IsControl(r):
		return "control character"
	case unicode.Is(unicode.Cf, r):
		return "format character"
	}
	return ""
}

// joins says whether the joiner at i does honest work: between emoji, or between letters of a script that shapes them.
func joins(letters []rune, i int) bool {
	r := letters[i]
	if (r != 0x200d && r != 0x200c) || i == 0 || i == len(letters)-1 {
		return false
	}
	before, after := letters[i-1], letters[i+1]
	if r == 0x200d && pictures(before) && pictures(after) {
		return true
	}
	shaped := []*unicode.RangeTable{unicode.Arabic, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi,
		unicode.Gujarati, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala}
	return unicode.In(before, shaped...) && unicode.In(after, shaped...)
}

// pictures says whether r is part of an emoji: a pictograph, a variation selector, a skin tone.
func pictures(r rune) bool {
	return r == 0xfe0f || r >= 0x1f000 && r <= 0x1faff || r >= 0x2190 && r <= 0x2bff
}

// Clip cuts a text to at most n characters, the last an ellipsis: a frame has room for 16 KB.
func Clip(text string, n int) string {
	count := 0
	for i := range text {
		if count++; count > n {
			letters := []rune(text[:i])
			return string(letters[:n-1]) + "…"
		}
	}
	return text
}

// Visible is a text of users for an attribute, with its invisible characters written out.
func Visible(text string) string {
	var out strings.Builder
	for _, r := range runs(text) {
		out.WriteString(r.Text)
	}
	return out.String()
}
