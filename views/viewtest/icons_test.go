package viewtest_test

import (
	"os"
	"regexp"
	"testing"
)

// Every icon that a page names is in the sprite, and the sprite holds no other: a phone loads all of it.
func TestIcons(t *testing.T) {
	sprite, err := os.ReadFile("../../static/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, m := range regexp.MustCompile(`<symbol id="([a-z0-9-]+)"`).FindAllStringSubmatch(string(sprite), -1) {
		there[m[1]] = true
	}
	used := map[string]bool{}
	for _, s := range states() {
		for _, m := range regexp.MustCompile(`icons\.svg#([a-z0-9-]+)`).FindAllStringSubmatch(render(t, s), -1) {
			if used[m[1]] = true; !there[m[1]] {
				t.Errorf("%s shows the icon %s, which the sprite does not have", s.name, m[1])
			}
		}
	}
	for name := range there {
		if !used[name] {
			t.Errorf("the icon %s is shown by no page", name)
		}
	}
}
