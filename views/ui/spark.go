package ui

import (
	"fmt"
	"slices"
	"strconv"
)

// A spark is a field of 4 by 24 for each value, which the style sheet stretches. Whole numbers and one stroke a value
// keep it small: a frame of cards has seven of them.
const sparkStep, sparkHeight = 4, 24

func sparkBox(values []int64) string {
	return fmt.Sprintf("0 0 %d %d", len(values)*sparkStep, sparkHeight)
}

// sparkPath is one upright stroke for each value; a value above 0 is at least 2 high, 0 is a hairline.
func sparkPath(values []int64) string {
	top := max(1, slices.Max(values))
	var d []byte
	for i, v := range values {
		h := int64(1)
		if v > 0 {
			h = max(2, v*sparkHeight/top)
		}
		d = strconv.AppendInt(append(d, 'M'), int64(i*sparkStep+sparkStep/2), 10)
		d = strconv.AppendInt(append(d, " 24v-"...), h, 10)
	}
	return string(d)
}
