package stats_test

import (
	"math/rand/v2"
	"strings"
)

// vocabulary makes up what members of a town write: 30 000 words of syllables, each as common as Zipf's law has it.
type vocabulary struct {
	random *rand.Rand
	common *rand.Zipf
	list   []string
}

func newVocabulary(random *rand.Rand) *vocabulary {
	syllables := strings.Fields("ba re to mi ka lo sen der ing the an on er st ti al en ra no ve com pro ou ch sh ea gr " +
		"in es ar")
	v := &vocabulary{random: random, list: make([]string, 30_000)}
	v.common = rand.NewZipf(random, 1.1, 3, uint64(len(v.list)-1))
	for i := range v.list {
		for n := 1 + random.IntN(3) + min(i/300, 1); n > 0; n-- {
			v.list[i] += syllables[random.IntN(len(syllables))]
		}
	}
	return v
}

func (v *vocabulary) one() string { return v.list[v.common.Uint64()] }

// message is 6 to 17 words, 66 characters on average.
func (v *vocabulary) message() string {
	words := make([]string, 6+v.random.IntN(12))
	for i := range words {
		words[i] = v.one()
	}
	return strings.Join(words, " ")
}
