package rules

import (
	"time"

	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// Versions is the page of what a rule was.
type Versions struct {
	Page  layout.Page
	Place Place
	Rule  rule.Rule
	Rows  []Version // newest first
}

// Version is one saved state of a rule.
type Version struct {
	Number  int64
	At      time.Time
	By      stats.Person // zero: guildwatch
	Note    string       // of users, or of guildwatch
	Changes []Change     // from the version before; none for the first
}

func (v Versions) page() layout.Page { return v.Page.Part(v.Rule.Name) }

// Shadow is the page of what a rule in shadow mode would have done.
type Shadow struct {
	Page  layout.Page
	Place Place
	Row   Row
	Hits  []ShadowHit // newest first
	Pages ui.Pages
}

// ShadowHit is one message that the rule would have acted on.
type ShadowHit struct {
	Number  int64 // of the violation
	At      time.Time
	Person  stats.Person
	Channel string // of users; empty: none, or it is gone
	Text    string // of users; empty: it is not kept
	Follows string // what would have been done
}

func (s Shadow) page() layout.Page { return s.Page.Part(s.Row.Rule.Name) }
