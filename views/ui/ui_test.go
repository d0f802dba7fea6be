package ui

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
)

func TestNumbers(t *testing.T) {
	for value, want := range map[float64]string{
		0: "0", 7: "7", 9.96: "10", 41.64: "41.6", -2.54: "−2.5", 99.94: "99.9", 99.96: "100", 123.4: "123",
		12431:    "12,431",
		-1234567: "−1,234,567", math.NaN(): "–", math.Inf(1): "–", 0.04: "0",
	} {
		if got := Number(value); got != want {
			t.Errorf("Number(%v) = %q, want %q", value, got, want)
		}
	}
	for part, want := range map[float64]string{0: "0 %", 0.042: "4.2 %", 0.5: "50 %", 1: "100 %"} {
		if got := Percent(part); got != want {
			t.Errorf("Percent(%v) = %q, want %q", part, got, want)
		}
	}
}

func TestTrendsSayTheirDirectionInWords(t *testing.T) {
	card := func(now, before float64, delta bool) Card {
		return Card{Figure: stats.Figure{Value: now, Known: true, Change: stats.Compare(now, before)},
			Against: "yesterday", Delta: delta, Unit: "ms"}
	}
	unknown := card(1, 1, false)
	unknown.Figure.Change = stats.Unknown("needs a month of history")
	for _, c := range []struct {
		card Card
		want string
	}{
		{card(120, 100, false), "+20 % from yesterday"},
		{card(80, 100, false), "−20 % from yesterday"},
		{card(80, 100, true), "−20 ms from yesterday"},
		{card(100, 100, false), "no change from yesterday"},
		{card(10001, 10000, false), "no change from yesterday"},
		{card(10001, 10000, true), "+1 ms from yesterday"},
		{card(5, 0, false), "new, none in yesterday"},
		{unknown, "needs a month of history"},
		{Card{Figure: stats.Figure{Why: "no heartbeat yet"}}, "no heartbeat yet"},
	} {
		if got := c.card.trend(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.card.Figure, got, c.want)
		}
	}
}

func TestAges(t *testing.T) {
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	for age, want := range map[time.Duration]string{
		-time.Hour: "just now", 0: "just now", 44 * time.Second: "just now", 45 * time.Second: "1 min ago",
		89 * time.Second: "1 min ago",
		90 * time.Second: "2 min ago", 59 * time.Minute: "59 min ago", time.Hour: "1 h ago", 23*time.Hour +
			59*time.Minute: "23 h ago",
		24 * time.Hour: "yesterday", 48 * time.Hour: "2 days ago", 29 * 24 * time.Hour: "29 days ago",
		30 * 24 * time.Hour: "12 Feb 2026",
	} {
		if got := (Moment{At: now.Add(-age), Now: now}).ago(); got != want {
			t.Errorf("%s: %q, want %q", age, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		-time.Second: "0 s", 42 * time.Second: "42 s", 5 * time.Minute: "5 min", 2 * time.Hour: "2 h",
		130 * time.Minute: "2 h 10 min",
		24 * time.Hour:    "1 day", 76 * time.Hour: "3 days 4 h",
	} {
		if got := Span(d); got != want {
			t.Errorf("Span(%s) = %q, want %q", d, got, want)
		}
	}
}

// Whatever people write, nothing of it is lost without a mark, and nothing that turns or hides text is left in it.
func TestTextsOfUsersAreSeenWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.Rune(),
			rapid.SampledFrom([]rune("a \n\u202e\u200b\u200d\u2066\ufeff👩🔧ی")))).Draw(t, "text")
		visible := Visible(text)
		hiddenRunes := 0
		for _, r := range text {
			if hidden(r) != "" && r != '\t' && !breaks(r) {
				hiddenRunes++
			}
		}
		letters := []rune(visible)
		for i, r := range letters {
			if breaks(r) || hidden(r) != "" && !joins(letters, i) {
				t.Fatalf("%q leaves %U in %q", text, r, visible)
			}
		}
		if hiddenRunes == 0 && strings.Map(spaced, text) != visible {
			t.Fatalf("%q became %q", text, visible)
		}
	})
}

func spaced(r rune) rune {
	if unicode.IsSpace(r) && (r == '\t' || breaks(r)) {
		return ' '
	}
	return r
}

func TestClipCountsCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, n := rapid.String().Draw(t, "text"), rapid.IntRange(1, 40).Draw(t, "n")
		got := []rune(Clip(text, n))
		whole := []rune(text)
		if len(whole) <= n && string(got) != text || len(got) > n {
			t.Fatalf("Clip(%q, %d) = %q", text, n, string(got))
		}
	})
}

func TestRegionURLStaysOnThisServer(t *testing.T) {
	for page, want := range map[string]string{
		"/":                        "/?region=panel-cards",
		"/g/1?period=week":         "/g/1?period=week&region=panel-cards",
		"/g/1?region=x&period=day": "/g/1?period=day&region=panel-cards",
		"https://evil.example/":    "?region=panel-cards",
		"//evil.example/x":         "?region=panel-cards",
		"%zz":                      "?region=panel-cards",
	} {
		if got := RegionURL(page, frame.PanelCards); got != want {
			t.Errorf("RegionURL(%q) = %q, want %q", page, got, want)
		}
	}
}

func TestInitialsAndTints(t *testing.T) {
	for name, want := range map[string]string{"Mara Voss": "MV", "évi": "É", "xX_spam": "XS", "": "?", "🎉🎉": "?",
		"a b c": "AB", "世界 人": "世人"} {
		if got := initials(name); got != want {
			t.Errorf("initials(%q) = %q, want %q", name, got, want)
		}
	}
	tints := map[string]int{}
	for i := range 600 {
		tints[tint(snowflake.UserID(1<<60+i))]++
	}
	if len(tints) != 6 || tints["avatar-1"] < 50 || tint(snowflake.UserID(-5)) == "avatar-0" {
		t.Errorf("ids of one moment get the tints %v", tints)
	}
}
