package handlers

import (
	"strings"
	"testing"
)

func TestDevicesInWords(t *testing.T) {
	const (
		chrome  = " AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
		mobile  = " AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
		samsung = " AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"
		iphone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"
	)
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64)" + chrome:                           "Chrome on Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64)" + chrome + " Edg/142.0.0.0":        "Edge on Windows",
		"Mozilla/5.0 (X11; Linux x86_64)" + chrome + " OPR/120.0.0.0":                  "Opera on Linux",
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)" + chrome:                            "Chrome on ChromeOS",
		"Mozilla/5.0 (Linux; Android 10; K)" + mobile:                                  "Chrome on Android",
		"Mozilla/5.0 (Linux; Android 15; K)" + samsung:                                 "Samsung Internet on Android",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":       "Firefox on Linux",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15": "Safari on Mac",
		iphone + " Version/18.1 Mobile/15E148 Safari/604.1":                            "Safari on iPhone",
		iphone + " CriOS/142.0.0.0 Mobile/15E148 Safari/604.1":                         "Chrome on iPhone",
		"curl/8.5.0":                             "curl",
		"Windows":                                "Unknown browser on Windows",
		"":                                       "Unknown browser",
		"<script>alert(1)</script>":              "Unknown browser",
		"\x00\u202e" + strings.Repeat("x", 4000): "Unknown browser",
	} {
		if got := deviceOf(agent); got != want {
			t.Errorf("%.90q is %q, want %q", agent, got, want)
		}
	}
}
