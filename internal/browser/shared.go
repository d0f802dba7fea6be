package browser

import (
	"context"
	"os"
	"sync"
	"testing"
)

// one is a Chromium that the tests of a package share; each gets a profile of its own in it.
type one struct {
	begin   sync.Once
	profile string
	ctx     context.Context
	stop    func()
	err     error
}

// shared is set by Main alone.
var shared *one

// Main runs a package's tests with one Chromium for all of them, started by the first that needs it: starting one takes
// a second, a fresh profile in it a few milliseconds. Call it in TestMain.
func Main(m *testing.M) {
	shared = &one{stop: func() {}}
	code := m.Run()
	shared.stop()
	os.RemoveAll(shared.profile)
	os.Exit(code)
}

func (o *one) get(path string) (context.Context, error) {
	o.begin.Do(func() {
		if o.profile, o.err = os.MkdirTemp("", "browser-profile-"); o.err == nil {
			o.ctx, o.stop, o.err = start(path, o.profile)
		}
	})
	return o.ctx, o.err
}
