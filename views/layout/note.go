package layout

import (
	"strconv"
	"strings"
	"time"
)

// Note is something that the viewer alone is told, once: on the pages that they have open as a frame, which carries
// this as JSON, or else on the next one.
type Note struct {
	Number  int64     `json:"number"` // counted for each user of a guild, from 1
	Kind    string    `json:"kind"`   // what happened: "export.done"
	At      time.Time `json:"at"`
	Message string    `json:"message"` // a sentence
	Tone    string    `json:"tone"`    // info, success, warning or error
	Href    string    `json:"href"`    // where there is more of it: a path of this site
}

// told are the numbers of what the page says, for its script.
func (p Page) told() string {
	numbers := make([]string, len(p.Notes))
	for i, n := range p.Notes {
		numbers[i] = strconv.FormatInt(n.Number, 10)
	}
	return strings.Join(numbers, " ")
}
