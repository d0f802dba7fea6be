package static_test

import (
	"strings"
	"testing"

	"guildwatch/internal/browser"
	"guildwatch/static"
)

// Paper has no scroll bars: a list that scrolls on a screen is printed whole.
func TestListsThatScrollArePrintedWhole(t *testing.T) {
	t.Parallel()
	s, tab := newSite(t, brisk(nil)), browser.New(t)
	view(t, tab, s, "/page")
	browser.Wait(t, tab, isLive)
	s.tell("panel-cards", `<section id="panel-cards" data-region="panel-cards"><link rel="stylesheet" href="`+static.Path("css/app.css")+
		`"><div class="board-analytics"><section class="scroll timeline-scroll"><ol class="timeline">`+
		strings.Repeat("<li><p>20 Nov, 21:22</p></li>", 100)+`</ol></section></div></section>`)
	const list = `document.querySelector(".timeline-scroll")`
	browser.Wait(t, tab, list+` !== null && getComputedStyle(`+list+`).overflowY === "auto"`)
	const hidden = list + `.scrollHeight - ` + list + `.clientHeight`
	if n := browser.Eval[int](t, tab, hidden); n == 0 {
		t.Error("on a screen nothing scrolls")
	}
	// What is for paper is put on the screen.
	printed := browser.Eval[int](t, tab, `[...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
		.filter(rule => rule.media?.mediaText === "print").map(rule => { rule.media.mediaText = "screen" }).length`)
	if n := browser.Eval[int](t, tab, hidden); printed == 0 || n != 0 {
		t.Errorf("%d pixels are not printed, by %d rules", n, printed)
	}
}
