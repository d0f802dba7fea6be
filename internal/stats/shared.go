package stats

import "guildwatch/store"

// What figures are made of has the store's own types; pages name them without knowing it.
type (
	// Span is a time from and until, half-open.
	Span = store.Span
	// RuleLabel is what a rule of any source is called.
	RuleLabel = store.RuleLabel
	// RuleFound is what a rule found in a time.
	RuleFound = store.RuleFound
)
