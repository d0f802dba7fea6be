package browser

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Complaints gathers what a tab's browser holds against its pages: broken Content-Security-Policy, uncaught exceptions,
// console errors.
type Complaints struct {
	mu   sync.Mutex
	list []string
}

// Listen gathers from now on.
func Listen(t testing.TB, tab context.Context) *Complaints {
	t.Helper()
	c := &Complaints{}
	err := chromedp.Listen(tab, func(event any) {
		switch event := event.(type) {
		case *log.EventEntryAdded:
			// A refused connection is what tests of reconnecting are about, and says "network".
			if event.Entry.Level == log.EntryLevelError && event.Entry.Source != log.EntrySourceNetwork {
				c.add("%s: %s", event.Entry.Source, event.Entry.Text)
			}
		case *runtime.EventExceptionThrown:
			c.add("uncaught: %v", (&chromedp.ExceptionError{ExceptionDetails: event.ExceptionDetails}).Error())
		case *runtime.EventConsoleAPICalled:
			if event.Type == runtime.ConsoleAPICalledTypeError {
				c.add("console.error: %s", event.Args[0].Value)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *Complaints) add(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, fmt.Sprintf(format, args...))
}

// All lists what was gathered so far.
func (c *Complaints) All() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.list)
}

// None fails the test when there is any.
func (c *Complaints) None(t testing.TB) {
	t.Helper()
	for _, complaint := range c.All() {
		t.Error(complaint)
	}
}
