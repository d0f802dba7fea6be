package ui

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"guildwatch/internal/snowflake"
)

// hash is what Discord names pictures by. Anything else is no part of an address.
var hash = regexp.MustCompile(`^(a_)?[0-9a-f]{32}$`)

const cdn = "https://cdn.discordapp.com/"

// picture is the address of a user's avatar or a guild's icon, 64 pixels for 32 points; "" when there is none.
func picture(folder string, id int64, name string) string {
	if !hash.MatchString(name) {
		return ""
	}
	return fmt.Sprintf("%s%s/%d/%s.webp?size=64", cdn, folder, id, name)
}

// initials are the first letters of the first two words; "?" where there is no letter or digit.
func initials(name string) string {
	var out []rune
	apart := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for _, word := range strings.FieldsFunc(name, apart) {
		for _, r := range word {
			out = append(out, unicode.ToUpper(r))
			break
		}
		if len(out) == 2 {
			break
		}
	}
	if len(out) == 0 {
		return "?"
	}
	return string(out)
}

// tint is one of the six avatar colours, the same for an id on every page. The factor (2^64 over the golden ratio)
// spreads ids that differ only in their low bits, as those of one millisecond do.
func tint[T snowflake.ID](id T) string {
	return fmt.Sprintf("avatar-%d", uint64(id)*0x9E3779B97F4A7C15>>40%6+1)
}
