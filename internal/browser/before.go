package browser

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Before runs a script in every page that the tab opens from now on, before any script of the page and whatever its
// policy says.
func Before(t testing.TB, tab context.Context, script string) {
	t.Helper()
	Do(t, tab, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument,
			page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

// Click clicks the first element that matches the selector, as a mouse does.
func Click(t testing.TB, tab context.Context, selector string) {
	t.Helper()
	Do(t, tab, chromedp.Click(chromedp.CSS(selector)))
}

// Press sends keys to whatever has the focus; "\x1b" is Escape.
func Press(t testing.TB, tab context.Context, keys string) {
	t.Helper()
	Do(t, tab, chromedp.KeyEvent(keys))
}
