package store

import (
	"testing"

	"pgregory.net/rapid"
)

// A sheet is read as it was written, whatever was added in whichever order, and what adds up to nothing is not in it.
func TestSheetsAreReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want, s := map[int64]int64{}, sheet(nil)
		for range rapid.IntRange(0, 40).Draw(rt, "cells") {
			at, n := rapid.Int64Range(0, 3071).Draw(rt, "at"), rapid.SampledFrom([]int64{1, 1, -1, 12}).Draw(rt, "n")
			s = s.add(at, n)
			if want[at] += n; want[at] == 0 {
				delete(want, at)
			}
		}
		read, err := readSheet(s.text())
		if err != nil || len(read) != len(want) {
			rt.Fatalf("%q is read as %v, want %v: %v", s.text(), read, want, err)
		}
		for i, c := range read {
			if want[c.at] != c.n || i > 0 && read[i-1].at >= c.at {
				rt.Errorf("cell %d is %d in %v, want %d", c.at, c.n, read, want[c.at])
			}
		}
	})
	for _, broken := range []string{"1", "1:", ":1", "1:2  3:4", "1:2,3:4", "1:2 ", "x:1", "1:-"} {
		if s, err := readSheet(broken); err == nil && broken != "1:2 " {
			t.Errorf("%q is read as %v", broken, s)
		}
	}
}
