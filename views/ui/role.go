package ui

import (
	"fmt"
	"strings"

	"guildwatch/internal/access"
)

// RoleName is a role on the dashboard as a heading or badge writes it: "Moderator".
func RoleName(r access.Role) string {
	word := r.String()
	return strings.ToUpper(word[:1]) + word[1:]
}

// RoleMark is a role as a badge.
func RoleMark(r access.Role) Badge {
	tone := Neutral
	switch r {
	case access.Owner:
		tone = Good
	case access.Admin:
		tone = Info
	}
	return Badge{Label: RoleName(r), Tone: tone}
}

// DiscordRole is a role of a guild in Discord as pages name it.
type DiscordRole struct {
	Name  string // of users; "@everyone" for that of all members
	Color int    // 0xRRGGBB; 0: none
	Gone  bool   // Discord has it no more; Name then says so
}

func (d DiscordRole) fill() string { return fmt.Sprintf("#%06x", d.Color&0xffffff) }
