package ui

import (
	"math"
	"strconv"
	"strings"
)

// Count writes a whole number with commas: 12,431.
func Count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "−", digits[1:]
	}
	var out strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(d)
	}
	return sign + out.String()
}

// Number writes a figure: whole above 100, one decimal below where there is one.
func Number(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	if tenths := math.Round(math.Abs(v)*10) / 10; tenths < 100 && tenths != math.Trunc(tenths) {
		text := strconv.FormatFloat(tenths, 'f', 1, 64)
		if v < 0 {
			return "−" + text
		}
		return text
	}
	return Count(int64(math.Round(v)))
}

// Percent writes a part of a whole: 0.042 is "4.2 %".
func Percent(part float64) string { return Number(part*100) + " %" }

// signed is Number with a plus sign: changes name their direction in text, not by colour alone.
func signed(v float64) string {
	if v > 0 {
		return "+" + Number(v)
	}
	return Number(v)
}

// direction is where a value leads as it is written: 1 up, -1 down, 0 nowhere. What rounds to nothing is no change.
func direction(v float64) int {
	switch {
	case math.Abs(v) < 0.05:
		return 0
	case v > 0:
		return 1
	}
	return -1
}
