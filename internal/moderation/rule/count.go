package rule

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// capitals gives how many percent of a text's letters are large, and how many letters have a case at all. Addresses and
// mentions are not the writer's shouting.
func capitals(text string) (share, letters int) {
	large := 0
	for word := range strings.FieldsSeq(text) {
		if strings.Contains(word, "://") || strings.HasPrefix(word, "<") && strings.HasSuffix(word, ">") {
			continue
		}
		for _, r := range word {
			switch {
			case unicode.IsUpper(r):
				large++
				letters++
			case unicode.IsLower(r):
				letters++
			}
		}
	}
	if letters == 0 {
		return 0, 0
	}
	return large * 100 / letters, letters
}

// repetitions is the largest number of times that something follows itself within a text: a character, a word, or a
// line. Characters count a fourth, because "hmmmm" is no spam.
func repetitions(r *reading) int {
	most := runs(r.original) / 4
	same := 1
	for i := 1; i < len(r.tokens); i++ {
		if r.tokens[i].text != r.tokens[i-1].text {
			same = 1
			continue
		}
		same++
		most = max(most, same)
	}
	last, lines := "", 0
	for line := range strings.Lines(r.original) {
		line = strings.TrimSpace(line)
		if line == "" || line != last {
			last, lines = line, 1
			continue
		}
		lines++
		most = max(most, lines)
	}
	return most
}

// runs is the length of the longest run of one character that is no space.
func runs(text string) (longest int) {
	var last rune
	same := 0
	for _, c := range text {
		if c == last && !unicode.IsSpace(c) {
			same++
		} else {
			last, same = c, 1
		}
		longest = max(longest, same)
	}
	return longest
}

// endings says whether a file's name has one of the endings anywhere behind its first dot: "invoice.pdf.exe" and
// "setup.exe.png" are both programs to somebody.
func endings(name string, wanted []string) (ending string, ok bool) {
	parts := strings.Split(strings.ToLower(name), ".")
	for _, part := range parts[1:] {
		part = strings.TrimSpace(part)
		for _, want := range wanted {
			if part == want {
				return want, true
			}
		}
	}
	return "", false
}

// clip shortens what is shown of a member's text.
func clip(text string) string {
	const most = 100
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
