package bot

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestOneGuildHasAllRequestsToItselfAndTwoShareThem(t *testing.T) {
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
		if took := burn(raided, 100); took != 0 {
			t.Errorf("alone, 100 requests waited %s", took)
		}
		if took := burn(other, 1); took != 0 {
			t.Errorf("the first request of another guild waited %s", took)
		}
		if took, want := burn(raided, shareBurst+shareRate), time.Second; took < want || took > want+time.Millisecond {
			t.Errorf("beside another guild, %d requests took %s, want %s", shareBurst+shareRate, took, want)
		}
		if took := burn(t.Context(), 100); took != 0 {
			t.Errorf("what is no action waited %s", took)
		}
		time.Sleep(alone)
		if took := burn(raided, 100); took != 0 {
			t.Errorf("alone again, 100 requests waited %s", took)
		}
	})
}
