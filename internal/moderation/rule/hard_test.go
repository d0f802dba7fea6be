package rule

import (
	"strings"
	"testing"
	"time"
)

// hard are messages of the greatest length that keep one part of a Set busy.
var hard = map[string]string{
	"digits apart":       "1 ",
	"signs and letters":  "1a ",
	"pairs":              "b1 0r ",
	"signs in one word":  "1!",
	"one long word":      "b",
	"stretched":          "bl000rp",
	"dots":               ".",
	"hosts":              "a.co ",
	"one host":           "a.",
	"disguised dots":     "[.]",
	"brackets":           "](",
	"masked":             "[a.co](b.co)",
	"open brackets":      "[",
	"bare invites":       ".gg/",
	"accents":            "b\u0301",
	"ligatures":          "ﷺ",
	"lookalikes":         "о",
	"invisible":          "\u200b",
	"lines":              "a\n",
	"words of the rules": "free nitr blorq ",
}

func whole(piece string) string {
	return string([]rune(strings.Repeat(piece, longest/len([]rune(piece))+1))[:longest])
}

// BenchmarkHardMessages is what the worst message of each sort costs a busy guild.
func BenchmarkHardMessages(b *testing.B) {
	s := busy(b)
	for name, piece := range hard {
		m := message(whole(piece))
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s.Judge(m, nil)
			}
		})
	}
}

// F40: no message of the greatest length keeps a busy guild's rules busy for long. The worst takes 4 ms; without bounds on
// spellings it took 460 ms.
func TestF40NoMessageOfTheGreatestLengthTakesLong(t *testing.T) {
	s := busy(t)
	for name, piece := range hard {
		m := message(whole(piece))
		const most = 150 * time.Millisecond
		best := time.Hour
		for n := 0; n < 20 && best > most; n++ { // a busy machine has interrupted the others
			began := time.Now()
			s.Judge(m, nil)
			best = min(best, time.Since(began))
		}
		if best > most {
			t.Errorf("%s: %s", name, best)
		}
	}
}
