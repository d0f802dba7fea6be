package identity

import "strings"

// nextMost is longer than any address of a page with its filters.
const nextMost = 1024

// OwnPath is path if a visitor can be sent back to it, else the start: a page of guildwatch, with or without a query.
// It is for whatever a visitor could have been given by somebody else.
//
// Browsers take more than https: for the way to another site: //evil.example, /\evil.example, /%09/evil.example. So the
// path may have letters, digits, hyphens, underscores and single slashes alone, and nothing of it is ever decoded.
func OwnPath(path string) string {
	place, query, _ := strings.Cut(path, "?")
	if len(path) > nextMost || !strings.HasPrefix(place, "/") || strings.Contains(path, "//") || !plain(place, "/-_") ||
		!plain(query, "-_.~=&%+:,") {
		return "/"
	}
	return path
}

// plain says whether text has nothing but ASCII letters, digits and the marks.
func plain(text, marks string) bool {
	for _, r := range text {
		switch {
		case '0' <= r && r <= '9', 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', strings.ContainsRune(marks, r):
		default:
			return false
		}
	}
	return true
}
