package viewtest_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const css = "../../static/css/"

var (
	definition = regexp.MustCompile(`(?m)^\s*(--[a-z0-9-]+):\s*([^;]+);`)
	both       = regexp.MustCompile(`^light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)$`)
	use        = regexp.MustCompile(`var\((--[a-z0-9-]+)`)
)

func tokens(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(css + "tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	root, _, _ := strings.Cut(string(text), "\n}\n")
	all := map[string]string{}
	for _, m := range definition.FindAllStringSubmatch(root, -1) {
		if _, twice := all[m[1]]; twice {
			t.Errorf("%s is defined twice", m[1])
		}
		all[m[1]] = m[2]
	}
	return all
}

func TestTokensAreManyAndUsed(t *testing.T) {
	all := tokens(t)
	if len(all) < 50 {
		t.Errorf("%d tokens, want at least 50", len(all))
	}
	files, err := filepath.Glob(css + "*.css")
	if err != nil {
		t.Fatal(err)
	}
	used, own := map[string]bool{}, map[string]bool{"--pull": true} // set by the script
	sheets := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sheets[file] = string(text)
		if filepath.Base(file) != "tokens.css" {
			for _, m := range regexp.MustCompile(`(--[a-z0-9-]+):`).FindAllStringSubmatch(string(text), -1) {
				own[m[1]] = true
			}
			if colour := regexp.MustCompile(`#[0-9a-f]{3,8}\b|rgb|hsl`).FindString(string(text)); colour != "" {
				t.Errorf("%s has the colour %s: colours are tokens", file, colour)
			}
		}
	}
	for file, text := range sheets {
		for _, m := range use.FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
			if _, known := all[m[1]]; !known && !own[m[1]] {
				t.Errorf("%s uses %s, which nothing defines", file, m[1])
			}
		}
	}
	for name := range all {
		if !used[name] {
			t.Errorf("%s is used nowhere", name)
		}
	}
}

// WCAG 2.1 AA: text 4.5:1, marks, borders of controls and focus 3:1, in both themes.
func TestContrast(t *testing.T) {
	all := tokens(t)
	check := func(ratio float64, surface string, marks ...string) {
		for _, mark := range marks {
			for theme := range 2 {
				got := contrast(t, all, mark, surface, theme)
				if got < ratio {
					t.Errorf("--%s on --%s in the %s theme: %.2f:1, want %.1f:1", mark, surface, []string{"light",
						"dark"}[theme], got, ratio)
				}
			}
		}
	}
	for _, surface := range []string{"page", "surface", "surface-sunken", "surface-raised", "surface-hover",
		"surface-chosen"} {
		check(4.5, surface, "text", "text-muted", "accent-text")
		check(3, surface, "focus")
	}
	for _, surface := range []string{"page", "surface", "surface-sunken", "surface-raised"} {
		check(4.5, surface, "text-faint", "accent-hover")
		check(3, surface, "border-strong")
	}
	check(4.5, "surface-active", "accent-text", "text")
	check(4.5, "accent", "text-on-accent")
	check(4.5, "accent-hover", "text-on-accent")
	check(4.5, "accent-soft", "text", "accent-text")
	for _, tone := range []string{"neutral", "good", "warn", "bad", "info"} {
		check(4.5, tone+"-soft", tone+"-text")
		check(4.5, "surface", tone+"-text")
		check(3, "surface", tone+"-mark")
	}
	check(4.5, "neutral-soft", "text")
	for _, severity := range []string{"low", "medium", "high", "critical"} {
		check(4.5, "severity-"+severity+"-soft", "severity-"+severity+"-text")
	}
	for _, series := range []string{"messages", "commands", "violations", "actions", "members", "other", "gap"} {
		check(3, "surface", "chart-"+series)
	}
	for i := 1; i <= 6; i++ {
		check(4.5, fmt.Sprintf("avatar-%d", i), fmt.Sprintf("avatar-%d-text", i))
	}
}

// contrast is the ratio of WCAG 2 between two tokens in one theme: 0 light, 1 dark.
func contrast(t *testing.T, all map[string]string, a, b string, theme int) float64 {
	x, y := luminance(t, all, a, theme), luminance(t, all, b, theme)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, all map[string]string, name string, theme int) float64 {
	m := both.FindStringSubmatch(all["--"+name])
	if m == nil {
		t.Fatalf("--%s is %q, want light-dark(#rrggbb, #rrggbb)", name, all["--"+name])
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(m[theme+1][1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
