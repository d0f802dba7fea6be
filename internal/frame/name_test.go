package frame

import (
	"regexp"
	"testing"
)

// A name stands in HTML attributes, in event fields of the wire and in scripts: letters, digits, - and _ survive all
// three.
func TestNamesAreSafeEverywhereAndUnique(t *testing.T) {
	safe, seen := regexp.MustCompile(`^[a-z][a-z0-9_-]*$`), map[Name]bool{}
	for _, name := range Names() {
		if !safe.MatchString(string(name)) || seen[name] || name.Class() == Unknown {
			t.Errorf("name %q: class %d, seen %t", name, name.Class(), seen[name])
		}
		seen[name] = true
	}
	if Name("made-up").Class() != Unknown {
		t.Error("a name outside the set has a class")
	}
}
