package ui

import (
	"slices"
	"strconv"
)

// sparkPath draws values as bars on a field of 92 by 24; a value above 0 is at least 1.5 high, 0 is a hairline.
func sparkPath(values []int64) string {
	const width, height = 92.0, 24.0
	top := float64(max(1, slices.Max(values)))
	step := width / float64(len(values))
	var d []byte
	for i, v := range values {
		h := float64(v) / top * height
		if v > 0 {
			h = max(h, 1.5)
		} else {
			h = 0.75
		}
		d = append(d, 'M')
		d = decimal(d, float64(i)*step)
		d = append(d, ' ')
		d = decimal(d, height)
		d = append(d, 'v')
		d = decimal(d, -h)
		d = append(d, 'h')
		d = decimal(d, step*0.72)
		d = append(d, 'v')
		d = decimal(d, h)
		d = append(d, 'z')
	}
	return string(d)
}

// decimal writes v to two places without trailing zeros: bytes matter in a frame.
func decimal(d []byte, v float64) []byte {
	d = strconv.AppendFloat(d, v, 'f', 2, 64)
	for d[len(d)-1] == '0' {
		d = d[:len(d)-1]
	}
	if d[len(d)-1] == '.' {
		d = d[:len(d)-1]
	}
	return d
}
