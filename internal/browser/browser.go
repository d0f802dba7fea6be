// Package browser starts headless Chromium for tests: a profile of its own for each test, names of this machine only,
// and waits on conditions in the page instead of on the clock. Only tests import it.
package browser

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// required says, by an environment variable, that a missing Chromium is a failure and not a reason to skip.
const required = "GUILDWATCH_BROWSER"

// patience is how long a step may take: two cores that also run the race detector need a second for what takes 50 ms
// alone, and more while another package's tests have both. Only a test that fails waits that long.
const patience = time.Minute

// names are what Chromium is called, in the order in which they are tried. CHROME_PATH comes before them.
var names = []string{
	"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell",
}

// New gives the test a browser with a fresh profile and returns the context of its first tab. It ends with the test.
// Without Chromium the test is skipped aloud, or fails when GUILDWATCH_BROWSER=required.
func New(t testing.TB) context.Context {
	t.Helper()
	path, found := find()
	if !found {
		if os.Getenv(required) == "required" {
			t.Fatal("Chromium was not found and " + required + "=required: install it or set CHROME_PATH")
		}
		t.Skip("SKIPPED: Chromium was not found, so this test of a real page did not run; install it or set CHROME_PATH")
	}
	if shared != nil {
		parent, err := shared.get(path)
		if err != nil {
			t.Fatalf("start Chromium: %v", err)
		}
		return tab(t, parent, chromedp.WithNewBrowserContext())
	}
	ctx, stop, err := start(path, t.TempDir())
	t.Cleanup(stop)
	if err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return ctx
}

// Tab opens another tab of the same browser and profile in a window of its own, so that it is visible and its timers
// run.
func Tab(t testing.TB, ctx context.Context) context.Context {
	t.Helper()
	return tab(t, ctx)
}

func tab(t testing.TB, ctx context.Context, options ...chromedp.ContextOption) context.Context {
	t.Helper()
	tab, closeTab := chromedp.NewContext(ctx, options...)
	t.Cleanup(closeTab)
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	return tab
}

// Close closes one tab now, as its reader would.
func Close(t testing.TB, tab context.Context) {
	t.Helper()
	if err := chromedp.Cancel(tab); err != nil {
		t.Fatalf("close the tab: %v", err)
	}
}

// start runs Chromium; stop is never nil.
func start(path, profile string) (ctx context.Context, stop func(), err error) {
	allocator, end := chromedp.NewExecAllocator(context.Background(), options(path, profile)...)
	ctx, closeTab := chromedp.NewContext(allocator)
	// The first run binds the life of the browser to its context, so it has no time limit of its own.
	err = chromedp.Do(ctx)
	return ctx, func() { closeTab(); end() }, err
}

func find() (string, bool) {
	for _, name := range append([]string{os.Getenv("CHROME_PATH")}, names...) {
		if path, err := exec.LookPath(name); err == nil {
			return path, true
		}
	}
	return "", false
}

func options(path, profile string) []chromedp.ExecAllocatorOption {
	flags := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.Flag("headless", "new"),
		// Only this machine has a name: whatever a page or the browser itself asks for elsewhere fails at once.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.* , EXCLUDE localhost , EXCLUDE *.localhost"),
	}
	for _, name := range []string{"no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-sync",
		"disable-background-networking", "disable-component-update", "disable-default-apps", "disable-dev-shm-usage",
		"disable-renderer-backgrounding", "disable-background-timer-throttling", "disable-backgrounding-occluded-windows"} {
		flags = append(flags, chromedp.Flag(name, true))
	}
	return flags
}
