package raid

import (
	"unicode"
	"unicode/utf8"

	"guildwatch/internal/moderation"
)

const (
	// leastFolded and leastWritten are how many characters a message must have, folded or as written, to be compared at
	// all: "hello" ten times in 30 s is a lively evening.
	leastFolded  = 8
	leastWritten = 12
	// edge is how many folded characters at the start or at the end make two longer messages similar; shorter ones must
	// be the same. Whoever adds random letters to get past a comparison adds them at one end.
	edge       = 20
	leastEdged = 28
)

// keys are by what a message is compared: the whole of a short one, both edges of a longer one. None: it is not.
type keys struct {
	n   int
	key [2]uint64
}

const (
	fnvBasis uint64 = 14695981039346656037
	fnvPrime uint64 = 1099511628211
)

// folder reads a text once, without making another: letters alone, in lower case, each run of the same one as one.
// Digits, marks and what cannot be seen are left out, and so is what follows the host of a link.
type folder struct {
	hash    uint64 // of all so far
	head    uint64 // of the first edge characters
	folded  int
	written int
	last    rune
	tail    [edge]rune // the last characters, as a circle
}

func (f *folder) take(r rune) {
	if r == f.last {
		return
	}
	f.last = r
	f.hash = (f.hash ^ uint64(r)) * fnvPrime
	f.tail[f.folded%edge] = r
	if f.folded++; f.folded == edge {
		f.head = f.hash
	}
}

func (f *folder) text(text string) {
	const none, host, path = 0, 1, 2
	link, slashes := none, 0
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		i += size
		if r == ' ' || r == '\n' || r == '\t' {
			link, slashes = none, 0
			continue
		}
		f.written++
		if r == '/' {
			if slashes++; slashes == 2 {
				link = host
			} else if link == host {
				link = path
			}
			continue
		}
		slashes = 0
		switch {
		case link == path:
		case r >= 'a' && r <= 'z':
			f.take(r)
		case r >= 'A' && r <= 'Z':
			f.take(r + 'a' - 'A')
		case r < utf8.RuneSelf || unicode.In(r, unicode.Mn, unicode.Cf, unicode.Nd, unicode.Z):
		default:
			f.take(unicode.ToLower(r))
		}
	}
}

// keysOf reads what a member has written: texts of names and of what Discord adds are none of it.
func keysOf(texts []moderation.Text) (k keys) {
	f := folder{hash: fnvBasis, last: -1}
	for i := range texts {
		switch texts[i].Surface {
		case moderation.SurfaceContent, moderation.SurfaceForward, moderation.SurfacePoll, moderation.SurfaceSticker:
			f.text(texts[i].Value)
		}
	}
	switch {
	case f.folded < leastFolded && f.written < leastWritten || f.folded == 0:
	case f.folded < leastEdged:
		k.n, k.key[0] = 1, f.hash
	default:
		tail := fnvBasis ^ 1 // not the same as a head of the same letters
		for i := range edge {
			tail = (tail ^ uint64(f.tail[(f.folded+i)%edge])) * fnvPrime
		}
		k.n, k.key = 2, [2]uint64{f.head, tail}
	}
	return k
}
