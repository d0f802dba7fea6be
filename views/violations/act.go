package violations

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"guildwatch/views/ui"
)

// ActForm is where a moderator acts, as it was filled in.
type ActForm struct {
	To       string // where it is posted to
	Reason   string
	Length   string // of a timeout, in minutes
	Problem  string // why nothing was done; empty: nothing was asked for yet
	Message  bool   // there is a message to delete
	TimedOut bool   // the member is timed out now
	Nobody   bool   // there is no member, only a message
}

// Lengths are the timeouts that are offered, in minutes.
var Lengths = []int{5, 10, 60, 6 * 60, 24 * 60, 7 * 24 * 60, 28 * 24 * 60}

// usual is the length that is chosen at first: an hour.
const usual = "60"

func (f ActForm) reason() ui.Field {
	return ui.Field{Name: "reason", Label: "Reason", Type: "text", Value: f.Reason,
		Hint: "The member and Discord's audit log are told. May be empty.", More: templ.Attributes{"maxlength": "400",
			"autocomplete": "off"}}
}

func (f ActForm) length() ui.Field {
	field := ui.Field{Name: "length", Label: "Length of a timeout", Value: f.Length}
	if field.Value == "" {
		field.Value = usual
	}
	for _, minutes := range Lengths {
		field.Options = append(field.Options, ui.Option{Value: strconv.Itoa(minutes),
			Label: ui.Span(time.Duration(minutes) * time.Minute)})
	}
	return field
}

func (a Action) anchor() string { return "action-" + strconv.FormatInt(a.ID, 10) }
