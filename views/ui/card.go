package ui

import (
	"guildwatch/internal/stats"
)

// Meaning is what a rising figure means to the one who reads it.
type Meaning int

// The meanings. Most figures are neither good nor bad in themselves and stay calm.
const (
	Plain     Meaning = iota
	Welcome           // more is better
	Unwelcome         // more is worse
)

// Card is one key figure.
type Card struct {
	Label   string
	Icon    string
	Figure  stats.Figure
	Unit    string // "ms"; may be empty
	Against string // what Change compares with: "last month"
	Delta   bool   // show the change as a difference in Unit, not as a percentage
	Rising  Meaning
	Note    string  // one line below: "14 registered"; may be empty
	Spark   []int64 // the last 24 hours, oldest first; nil: none
	Series  string  // the series that Spark belongs to, for its colour: "messages"
}

// way is the direction of the change as the card writes it: up 1, down -1, otherwise 0.
func (c Card) way() int {
	change := c.Figure.Change
	switch {
	case !c.Figure.Known || !change.Known:
		return 0
	case c.Delta || change.New:
		return direction(change.Delta)
	}
	return direction(change.Percent)
}

// trend is the change in words: "+12.4 % from last month".
func (c Card) trend() string {
	change := c.Figure.Change
	switch {
	case !c.Figure.Known:
		return c.Figure.Why
	case !change.Known:
		return change.Why
	case c.way() == 0:
		return "no change from " + c.Against
	case change.New:
		return "new, none in " + c.Against
	case c.Delta && c.Unit == "%":
		return signed(change.Delta) + " points from " + c.Against
	case c.Delta && c.Unit != "":
		return signed(change.Delta) + " " + c.Unit + " from " + c.Against
	case c.Delta:
		return signed(change.Delta) + " from " + c.Against
	}
	return signed(change.Percent) + " % from " + c.Against
}

// tone colours the change where its direction means something.
func (c Card) tone() Tone {
	if c.way() == 0 || c.Rising == Plain {
		return Neutral
	}
	if (c.way() > 0) == (c.Rising == Welcome) {
		return Good
	}
	return Warn
}

// arrow is the icon of the change; "" for none.
func (c Card) arrow() string {
	if !c.Figure.Known || !c.Figure.Change.Known {
		return ""
	}
	return [...]string{"arrow-down-right", "minus", "arrow-up-right"}[c.way()+1]
}

// ResponseNote is the line below a response time, which is told by ten buckets (moderation.Latency): between their bounds it
// is near, and what took longer than the last counts as that.
func ResponseNote(f stats.Figure) string {
	const longest = 2500 // ms
	if f.Known && f.Value >= longest {
		return "or longer, from detection to action"
	}
	return "about, from detection to action"
}
