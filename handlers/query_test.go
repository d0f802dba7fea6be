package handlers

import (
	"strings"
	"testing"

	"guildwatch/internal/fault"
)

func TestCheckQuery(t *testing.T) {
	known := []string{"after", "period"}
	for _, raw := range []string{"", "period=day", "period=day&after=7", "period=", "period", "&&"} {
		if _, err := checkQuery(raw, known); err != nil {
			t.Errorf("%q: %v", raw, err)
		}
	}
	for raw, named := range map[string]string{"perio=day": "perio", "period=day&x=1": `"x"`,
		"period=day&period=week": "period", "PERIOD=day": "PERIOD",
		"period=%zz": "question mark", "period=day;x=1": "question mark", "%00=1": `\x00`, "period[]=day": "period[]"} {
		_, err := checkQuery(raw, known)
		if fault.Of(err) != fault.Invalid || !strings.Contains(problemOf(err).sentence, named) {
			t.Errorf("%q: %v, want Invalid naming %s", raw, err, named)
		}
	}
	if _, err := checkQuery(strings.Repeat("x", 9000)+"=1", nil); len(problemOf(err).sentence) > 200 {
		t.Errorf("a long name comes back whole: %d bytes", len(problemOf(err).sentence))
	}
}
