// Package leak ends the tests of a package with a look for goroutines that they left behind.
package leak

import (
	"testing"

	"go.uber.org/goleak"
)

// looks is how often Main looks, half a second each time, before a goroutine counts as left behind. What a test has
// closed ends a moment later, and on a machine that is busy a moment has been longer than goleak's one look.
const looks = 40

// Main runs the tests of a package and fails when a goroutine outlives them.
func Main(m *testing.M, options ...goleak.Option) {
	goleak.VerifyTestMain(&patient{m, options}, options...)
}

// patient is the tests of a package, and after them a wait until nothing of theirs is left.
type patient struct {
	tests   *testing.M
	options []goleak.Option
}

// Run is what goleak looks behind of.
func (p *patient) Run() (code int) {
	code = p.tests.Run()
	for n := 0; code == 0 && n < looks && goleak.Find(p.options...) != nil; n++ {
		continue
	}
	return code
}
