package static_test

import (
	"testing"

	"guildwatch/internal/browser"
	"guildwatch/static"
)

// firstTheme keeps the theme as it was when the body began: nothing was painted before.
const firstTheme = `new MutationObserver((_, observer) => {
	if (!document.body) return;
	window.first = document.documentElement.dataset.theme ?? "system";
	observer.disconnect();
}).observe(document, {subtree: true, childList: true});`

func TestAStoredThemeIsThereBeforeTheFirstPaint(t *testing.T) {
	t.Parallel()
	s := newSite(t, brisk(nil))
	tab := browser.New(t)
	browser.Before(t, tab, firstTheme)
	view(t, tab, s, "/page")
	const label = `document.querySelector("[data-theme-label]").textContent`
	const colour = `[...document.querySelectorAll("meta[name=theme-color]")]
		.filter(m => matchMedia(m.media).matches).map(m => m.content).join()`
	steps := []struct{ theme, colour string }{{"system", "#ffffff"}, {"light", "#ffffff"}, {"dark", "#000000"}}
	for _, step := range steps {
		browser.Wait(t, tab, label+` === "`+step.theme+`"`)
		if got := browser.Eval[string](t, tab, colour); got != step.colour {
			t.Errorf("theme %s has the colour %s, want %s", step.theme, got, step.colour)
		}
		browser.Open(t, tab, s.url("/page"))
		if got := browser.Eval[string](t, tab, "first"); got != step.theme {
			t.Errorf("theme %s began as %s", step.theme, got)
		}
		browser.Click(t, tab, "[data-theme-toggle]")
	}
	browser.Wait(t, tab, label+` === "system"`)

	other := browser.Tab(t, tab)
	view(t, other, s, "/page")
	browser.Click(t, other, "[data-theme-toggle]")
	browser.Wait(t, tab, `document.documentElement.dataset.theme === "light"`)
	browser.Wait(t, tab, label+` === "light"`)
	name := browser.Eval[string](t, tab, `document.querySelector("[data-theme-toggle]").getAttribute("aria-label")`)
	if name != "Theme: light. Change" {
		t.Errorf("the button is called %q", name)
	}
}

func TestTheBlockingScriptIsSmall(t *testing.T) {
	t.Parallel()
	for _, name := range static.Names("js/theme.js") {
		address := static.Path(name)
		asset, found := static.Open(address[len(static.Root):])
		if !found || len(asset.Body) >= 1024 {
			t.Errorf("%s has %d bytes, want under 1 KB", name, len(asset.Body))
		}
	}
}
