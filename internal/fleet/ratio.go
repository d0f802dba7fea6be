package fleet

import (
	"fmt"
	"os"
	"slices"
	"testing"
)

// Spread is a figure over several rounds.
type Spread struct{ Median, Min, Max float64 }

// SpreadOf is the spread of at least one figure.
func SpreadOf(figures []float64) Spread {
	sorted := slices.Sorted(slices.Values(figures))
	return Spread{sorted[len(sorted)/2], sorted[0], sorted[len(sorted)-1]}
}

// Report gives b the median of a figure over the rounds, and prints its range.
func Report(b *testing.B, unit string, figures []float64) {
	s := SpreadOf(figures)
	Print("%s: %.2f (%.2f-%.2f)", unit, s.Median, s.Min, s.Max)
	b.ReportMetric(s.Median, unit)
}

// Print writes a line of figures to standard error: a benchmark's own log keeps ten lines only.
func Print(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// Ratio reports the median of the rounds' ratios of a figure, and prints their range. Round by round: the machine's
// mood moves both by up to two times, and their ratio hardly at all.
func Ratio(b *testing.B, unit string, over, under []float64) {
	ratios := make([]float64, len(over))
	for i := range ratios {
		ratios[i] = over[i] / under[i]
	}
	Report(b, unit, ratios)
}
