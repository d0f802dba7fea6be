package native

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// The places where RE2 and Rust's expressions part: what RE2 takes and Rust refuses, or takes for something else.
var foreign = []struct {
	re    *regexp.Regexp
	about string
}{
	{regexp.MustCompile(`\\[QE]`), `\Q and \E`},
	{regexp.MustCompile(`\\C`), `\C`},
	{regexp.MustCompile(`\\[<>]`), `\< and \>, which are word boundaries to Discord`},
	{regexp.MustCompile(`\\[0-7]`), "characters by their octal number"},
	{regexp.MustCompile(`\[[^\]]*(&&|--|~~)[^\]]*\]`), "&&, -- or ~~ in a class, with which Discord joins classes"},
	{regexp.MustCompile(`\[\^?[^\]\\]*\[[^:]`), "a bracket within a class that has no backslash before it"},
}

// counted are repetitions as both dialects write them; literal braces are written \{ in Rust's.
var counted = regexp.MustCompile(`^\{\d+(,\d*)?\}`)

// Carry turns an expression of guildwatch's own into one of Discord's: anycase for one that reads texts in small letters.
// Its error is a sentence: why Discord would not take it, or would read it as something else.
func Carry(pattern string, anycase bool) (string, error) {
	bare := strings.ReplaceAll(pattern, `\\`, "  ")
	for _, f := range foreign {
		if f.re.MatchString(bare) {
			return "", fmt.Errorf("it has %s", f.about)
		}
	}
	for i := 0; i < len(bare); i++ {
		switch {
		case bare[i] == '\\' && i+2 < len(bare) && strings.IndexByte("pPx", bare[i+1]) >= 0 && bare[i+2] == '{':
			i += strings.IndexByte(bare[i:]+"}", '}')
		case bare[i] == '\\':
			i++
		case bare[i] == '{' && !counted.MatchString(bare[i:]):
			return "", fmt.Errorf("it has a brace without a backslash before it, which Discord takes for a repetition")
		}
	}
	if anycase && !strings.HasPrefix(pattern, "(?i") {
		pattern = "(?i)" + pattern
	}
	if n := utf8.RuneCountInString(pattern); n > patternLength {
		return "", fmt.Errorf("it has %d characters, and Discord takes %d", n, patternLength)
	}
	return pattern, nil
}

// ascii are the classes that RE2 takes for ASCII alone and Rust for all of Unicode.
var ascii = regexp.MustCompile(`\\[wWdDsSbB]`)

// wider says whether an expression finds more in Discord than here.
func wider(pattern string) bool { return ascii.MatchString(strings.ReplaceAll(pattern, `\\`, "  ")) }
