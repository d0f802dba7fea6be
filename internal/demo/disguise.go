package demo

import (
	"math/rand/v2"
	"strings"
)

// unkind are the words that nobody in the town may use. They mean nothing in any language.
var unkind = []string{"blorp", "snarfle", "grimble", "frimp", "zoggle"}

// lateWord is one more, which the rules learn when the demo starts.
const lateWord = "quabber"

// disguises are the ways in which members write a word so that they and no rule shall read it.
var disguises = []func(word string) string{
	func(word string) string { return word },
	strings.ToUpper,
	strings.NewReplacer("o", "0", "e", "3", "a", "4", "i", "1", "s", "5").Replace,
	strings.NewReplacer("o", "\u043e", "e", "\u0435", "a", "\u0430", "p", "\u0440", "i", "\u0456").Replace, // Cyrillic
	strings.NewReplacer("o", "ö", "e", "é", "a", "â", "i", "ï").Replace,
	strings.NewReplacer("o", "ooooo", "a", "aaaa", "i", "iiiii").Replace,
	func(word string) string { return strings.Join(strings.Split(word, ""), " ") },
	func(word string) string { return strings.Join(strings.Split(word, ""), ".") },
	func(word string) string { return word[:2] + "\u200b" + word[2:] }, // a space without width
}

func disguised(random *rand.Rand, word string) string {
	return disguises[random.IntN(len(disguises))](word)
}
