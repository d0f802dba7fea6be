package bot

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestAGuildLeavesRequestsForTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s shares
		// burn makes a guild's requests and says how long they took.
		burn := func(ctx context.Context, n int) time.Duration {
			began := time.Now()
			for range n {
				if err := s.wait(ctx); err != nil {
					t.Fatal(err)
				}
			}
			return time.Since(began)
		}
		raided, other := sharing(t.Context(), 1), sharing(t.Context(), 2)
		if took, want := burn(raided, shareBurst+shareRate), time.Second; took < want || took > want+time.Millisecond {
			t.Errorf("%d requests of one guild took %s, want %s", shareBurst+shareRate, took, want)
		}
		if took := burn(other, shareBurst); took != 0 {
			t.Errorf("the first requests of another guild waited %s", took)
		}
		if took := burn(t.Context(), 100); took != 0 {
			t.Errorf("what is no action waited %s", took)
		}
	})
}
