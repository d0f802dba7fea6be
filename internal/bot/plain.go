package bot

import (
	"fmt"
	"strings"
	"unicode"
)

// markup is what means something to Discord within a text: emphasis, code, quotes, headings, links, mentions.
const markup = "\\*_~`|>#[]()<@"

// Plain is a text of users as it may stand in a message: Discord shows it as it is. Markup is escaped, line breaks are
// spaces, and characters that would turn or hide the rest are named instead.
func Plain(text string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(text, "\ufffd") {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029':
			b.WriteByte(' ')
		case unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r):
			fmt.Fprintf(&b, "⟨U+%04X⟩", r)
		case strings.ContainsRune(markup, r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
