package layout

import (
	"strconv"
	"strings"

	"guildwatch/internal/access"
)

// path is a page's path without its query.
func path(address string) string {
	before, _, _ := strings.Cut(address, "?")
	return before
}

func roles() []access.Role {
	return []access.Role{access.Owner, access.Admin, access.Moderator, access.Viewer}
}

func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

func pressed(on bool) string { return strconv.FormatBool(on) }
