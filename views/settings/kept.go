package settings

import (
	"strconv"
	"time"

	"guildwatch/views/ui"
)

// Kept is for how long a guild keeps what it knows of single members, in days.
type Kept struct {
	Text int
	Rows int       // 0: for ever
	From time.Time // rows from before have been deleted; zero: none were
}

// KeepForm is how somebody has filled in for how long things are kept.
type KeepForm struct {
	Text, Rows string
	Problem    string
}

// text is for how long members' words are kept.
func (k Kept) text() string {
	if k.Text == 0 {
		return "Words: not at all."
	}
	return "Words for " + days(k.Text) + "."
}

// rows is for how long everything else is.
func (k Kept) rows() string {
	if k.Rows == 0 {
		return "Violations, actions, warnings, appeals and commands for ever."
	}
	return "Violations, actions, warnings, appeals and commands for " + days(k.Rows) + "."
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return ui.Count(int64(n)) + " days"
}

// NewKeepForm is the form filled in with what holds.
func NewKeepForm(k Kept) *KeepForm {
	return &KeepForm{Text: strconv.Itoa(k.Text), Rows: strconv.Itoa(k.Rows)}
}

func (f KeepForm) fields() []ui.Field {
	return []ui.Field{
		{Name: "text_days", Label: "Days to keep what members wrote", Type: "number", Value: f.Text,
			More: map[string]any{"min": "0", "max": "365", "required": true},
			Hint: "0 to 365, in violations, appeals and raids. With 0 only a hash is kept, and nobody can read what was wrong."},
		{Name: "rows_days", Label: "Days to keep rows", Type: "number", Value: f.Rows,
			More: map[string]any{"min": "0", "max": "3650", "required": true},
			Hint: "90 to 3650, or 0 for ever. What is older is deleted once a day. Counts stay, and that somebody was kicked or banned."},
	}
}
