package export

import "math"

const hexDigits = "0123456789abcdef"

// appendString appends valid UTF-8 as a JSON string. json.Marshal would allocate for each of the ten million cells of a
// large file, and write < and > as six characters.
func appendString(to []byte, text string) []byte {
	to = append(to, '"')
	from := 0
	for i := range len(text) {
		c := text[i]
		if c >= ' ' && c != '"' && c != '\\' && c != 0x7f {
			continue
		}
		to = append(to, text[from:i]...)
		switch c {
		case '"', '\\':
			to = append(to, '\\', c)
		case '\n':
			to = append(to, '\\', 'n')
		case '\t':
			to = append(to, '\\', 't')
		default:
			to = append(to, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		from = i + 1
	}
	return append(append(to, text[from:]...), '"')
}

// roundTo4 cuts off what is noise of the computation.
func roundTo4(n float64) float64 { return math.Round(n*1e4) / 1e4 }
