package storetest

import (
	"time"

	"guildwatch/store"
)

// Clock lets a store live by a clock of the test's own.
func Clock(now func() time.Time) func(*store.Options) {
	return func(o *store.Options) { o.Clock = now }
}
