package browser

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Do runs the steps in the tab and fails the test on the first error.
func Do(t testing.TB, tab context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	limited, cancel := context.WithTimeout(tab, patience)
	defer cancel()
	if err := chromedp.Do(limited, steps...); err != nil {
		t.Fatal(err)
	}
}

// Open goes to the URL and waits for its load event. An open stream does not hold that event back.
func Open(t testing.TB, tab context.Context, url string) {
	t.Helper()
	Do(t, tab, chromedp.Navigate(url))
}

// Eval answers the value of a JavaScript expression; a promise is awaited.
func Eval[T any](t testing.TB, tab context.Context, expression string) T {
	t.Helper()
	value, err := try[T](tab, expression, patience)
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// Wait waits until a JavaScript expression is true. It asks from outside, every 20 ms: a page that is being replaced
// has no script that could, and a hidden tab gets no animation frames.
func Wait(t testing.TB, tab context.Context, expression string) {
	t.Helper()
	Within(t, tab, patience, expression)
}

// Within is Wait with a limit of its own.
func Within(t testing.TB, tab context.Context, limit time.Duration, expression string) {
	t.Helper()
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		yes, err := try[bool](tab, "Boolean("+expression+")", limit)
		if yes {
			return
		}
		select {
		case <-deadline.C:
			body, _ := try[string](tab, "document.documentElement.outerHTML", patience)
			t.Fatalf("after %s still not true: %s (%v)\n%s", limit, expression, err, body)
		case <-tab.Done():
			t.Fatalf("the tab closed while waiting for: %s", expression)
		case <-again.C:
		}
	}
}

func try[T any](tab context.Context, expression string, limit time.Duration) (T, error) {
	limited, cancel := context.WithTimeout(tab, limit)
	defer cancel()
	value, err := chromedp.Run(limited, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if errors.Is(err, chromedp.ErrJSUndefined) {
		err = nil
	}
	return value, err
}
