package export

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// appendCell appends text as a cell of a CSV file, always in quotes, so that no spreadsheet takes it for anything but
// text. An apostrophe stands before whatever could begin a formula. Not at the cell's beginning alone: a program that
// splits lines at semicolons, tabs or bars takes what follows one of them for a cell of its own, and reads a line break in
// a cell that it does not see as quoted as the end of a row. An apostrophe that stands in such a place already gets
// another one, so plainCell finds the text again whatever it was.
func appendCell(to []byte, text string) []byte {
	to = append(to, '"')
	for {
		if risky(text) {
			to = append(to, '\'')
		}
		at := strings.IndexAny(text, "\"\t\n;|")
		for at >= 0 && text[at] == '"' { // doubled; what follows it begins no cell
			to = append(append(to, text[:at]...), '"', '"')
			text = text[at+1:]
			at = strings.IndexAny(text, "\"\t\n;|")
		}
		if at < 0 {
			return append(append(to, text...), '"')
		}
		to = append(to, text[:at+1]...)
		text = text[at+1:]
	}
}

// plainCell is the text that appendCell was given, from the cell as a CSV reader gives it.
func plainCell(cell string) string {
	var text strings.Builder
	begins := true
	for i := 0; i < len(cell); i++ {
		if c := cell[i]; !begins || c != '\'' {
			text.WriteByte(c)
			begins = c == '\t' || c == '\n' || c == ';' || c == '|'
			continue
		}
		begins = false
	}
	return text.String()
}

// risky says whether a cell that begins with text must not be left as it is: a program could compute it, whatever
// quotes, spaces and invisible characters stand before, or would drop what it begins with.
func risky(text string) bool {
	for i, r := range text {
		switch r {
		case '=', '+', '-', '@', '\t', '\n', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−':
			return true
		case '\'':
			if i == 0 {
				return true // or plainCell would take it for one of appendCell's
			}
		case '"', ' ':
		default:
			if r < 0x80 && r > ' ' || !unicode.In(r, unicode.White_Space, unicode.Cf, unicode.Cc, unicode.Quotation_Mark) {
				return false
			}
		}
	}
	return false
}

// tidy is text as files have it: valid UTF-8 with line breaks of one kind and without the character that ends a text
// for many programs. CSV readers change other line breaks, so both formats would differ.
func tidy(text string) string {
	if utf8.ValidString(text) && !strings.ContainsAny(text, "\r\x00") {
		return text
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd").Replace(strings.ToValidUTF8(text, "\ufffd"))
}
