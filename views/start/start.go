// Package start is the page from which one gets to a guild: the list of one's own.
package start

import (
	"guildwatch/internal/access"
	"guildwatch/views/layout"
)

// Servers is the list of the viewer's guilds, or a page of it.
type Servers struct {
	Page     layout.Page
	Guilds   []layout.GuildLink
	Previous string // address of the page before; empty: there is none
	Next     string
	Shown    string // "101 to 200 of 2,500"; empty: all
}

func roleWord(r access.Role) string {
	switch r {
	case access.Owner:
		return "You are an owner"
	case access.Admin:
		return "You are an admin"
	case access.Moderator:
		return "You are a moderator"
	}
	return "You may look"
}
