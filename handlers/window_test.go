package handlers

import (
	"strings"
	"testing"
)

// Who wants any other time is shown the form for it, over the last day; scripts must say the time.
func TestTheFormForAnyOtherTime(t *testing.T) {
	h := open(t, nil)
	const form = `<details class="find" open`
	for _, path := range []string{homePath, homePath + "/analytics"} {
		for query, shown := range map[string]bool{"period=custom": true, "period=day": false, "": false,
			"from=2026-11-19&to=2026-11-19": true} {
			if got := h.get(t, 200, path+"?"+query); strings.Contains(got.body, form) != shown {
				t.Errorf("%s, %q: the form is open: %v, want %v", path, query, !shown, shown)
			}
		}
		if got := h.get(t, 200, path); !strings.Contains(got.body, `href="`+path+`?period=custom"`) {
			t.Errorf("%s has no way to it", path)
		}
		for _, wrong := range []string{"from=2026-11-19&to=2026-11-18", "from=yesterday", "to=2026-11-18", "from=2926-01-01"} {
			got := h.get(t, 422, path+"?"+wrong)
			if text := plainText(got.body); !strings.Contains(got.body, form) || !strings.Contains(text, "Last 24 hours") {
				t.Errorf("%s, %q: %.300s", path, wrong, text)
			}
		}
		region := map[string]string{homePath: "panel-severity", homePath + "/analytics": "analytics-week"}[path]
		if got := h.get(t, 200, path+"?from=yesterday&region="+region); !strings.Contains(plainText(got.body), "last 24 hours") {
			t.Errorf("%s: a region beside a time that makes no sense is %s", path, got.body)
		}
	}
	const begin = "Say also when the time begins."
	if got := h.get(t, 400, apiPath(home, "temporal-analytics")+"?period=custom&to=2026-11-19"); !strings.Contains(got.body, begin) {
		t.Errorf("without a beginning: %s", got.body)
	}
	if got := h.get(t, 422, homePath+"/analytics?period=custom&to=2026-11-19"); !strings.Contains(got.body, begin) {
		t.Error("the form does not say that the beginning is missing")
	}
	h.get(t, 400, apiPath(home, "temporal-analytics")+"?period=custom")
	h.get(t, 400, apiPath(home, "metrics")+"?period=custom")
}

// The dashboard of a chosen time has figures of that time, and what is of now says so. Each region can be fetched by itself.
func TestTheDashboardOfAChosenTime(t *testing.T) {
	h := open(t, nil)
	const whole, none = "from=2026-11-20T10:00&to=2026-11-20T12:00", "from=2026-11-18&to=2026-11-18"
	page := h.get(t, 200, homePath+"?"+whole).body
	text := plainText(page)
	if want := "20 Nov 2026, 10:00 to 20 Nov 2026, 12:00, compared with the time before, as long"; !strings.Contains(text, want) {
		t.Errorf("the page does not say %q: %s", want, text)
	}
	for _, now := range []string{"Active members", "last 24 hours", "Recent events"} {
		if strings.Contains(text, now) {
			t.Errorf("%q stands beside figures of then", now)
		}
	}
	region := h.get(t, 200, homePath+"?"+whole+"&region=panel-cards").body
	if cards := inside(page, `id="panel-cards"`, "</section>"); cards == "" || cards != inside(region, `id="panel-cards"`, "</section>") {
		t.Errorf("the region is\n%s\non the page it is\n%s", region, cards)
	}
	if got := h.get(t, 200, apiPath(home, "metrics")+"?"+whole).body; !strings.Contains(got, `"period":"custom"`) ||
		!strings.Contains(got, `"since":"2026-11-20T10:00:00Z","until":"2026-11-20T12:00:00Z","rounded":false`) {
		t.Errorf("the answer is %.300s", got)
	}
	if text := plainText(h.get(t, 200, homePath+"?"+none).body); strings.Count(text, "guildwatch did not watch yet") < 8 {
		t.Errorf("a time before guildwatch watched shows as %s", text)
	}
}

// inside is what lies between two marks; empty where one is missing.
func inside(text, from, until string) string {
	_, text, _ = strings.Cut(text, from)
	text, _, found := strings.Cut(text, until)
	if !found {
		return ""
	}
	return text
}
