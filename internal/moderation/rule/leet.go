package rule

// stands says which letters a digit or a sign may stand for.
var stands = [256]string{
	'0': "o", '1': "il", '2': "z", '3': "e", '4': "a", '5': "s", '6': "gb", '7': "t", '8': "b", '9': "g",
	'@': "a", '$': "s", '!': "il", '|': "il", '+': "t", '(': "c", '<': "c",
}

// spellings bounds how often one word is tried: four signs with two meanings each.
const spellings = 16

// spell gives the words that a token with digits and signs may stand for, letters alone, at most spellings of them.
func spell(token string, try func(word string)) {
	var word [64]byte
	if len(token) > len(word) {
		return
	}
	left := spellings
	var from func(at int)
	from = func(at int) {
		if left == 0 {
			return
		}
		for ; at < len(token); at++ {
			choices := stands[token[at]]
			if choices == "" {
				word[at] = token[at]
				continue
			}
			for i := range len(choices) {
				word[at] = choices[i]
				from(at + 1)
			}
			return
		}
		left--
		try(string(word[:len(token)]))
	}
	from(0)
}
