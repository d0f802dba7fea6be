// Package chart draws figures as SVG on the server: shapes by attributes, colours by classes, and the same numbers as
// text.
package chart

// Bar is one line of a list of shares.
type Bar struct {
	Label string
	Icon  string
	Count int64
	Part  float64 // of the whole, 0 to 1
	Class string  // colour: "tone-bad", "series-actions"
}
