package moderation

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A quantile lies in the same bucket as the duration that it stands for, whatever the durations are.
func TestQuantilesLieInTheRightBucket(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		took := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.Int64Range(1, 4000).Draw(t, "ms")) * time.Millisecond
		}), 1, 60).Draw(t, "took")
		var l Latency
		for _, d := range took {
			l.Add(d)
		}
		slices.Sort(took)
		part := rapid.SampledFrom([]float64{0.5, 0.95, 1}).Draw(t, "part")
		rank := int(part * float64(len(took)))
		if float64(rank) < part*float64(len(took)) {
			rank++
		}
		exact, got := took[rank-1], l.Quantile(part)
		bucket := func(d time.Duration) int {
			i, _ := slices.BinarySearch(latencyBounds[:], d)
			return min(i, len(latencyBounds)-1)
		}
		if bucket(got) != bucket(exact) {
			t.Fatalf("the %v quantile of %v is %v, exactly it is %v", part, took, got, exact)
		}
	})
}

func TestQuantilesAtTheBounds(t *testing.T) {
	var none, same, slow Latency
	for range 4 {
		same.Add(100 * time.Millisecond)
		slow.Add(time.Hour)
	}
	if none.Quantile(0.5) != 0 || same.Quantile(1) != 100*time.Millisecond || slow.Quantile(0.5) != 2500*time.Millisecond {
		t.Errorf("quantiles are %v, %v and %v", none.Quantile(0.5), same.Quantile(1), slow.Quantile(0.5))
	}
	both := same.Plus(slow)
	if both.Count != 8 || both.Sum != same.Sum+slow.Sum || both.Quantile(0.5) != 100*time.Millisecond {
		t.Errorf("both together are %+v", both)
	}
}
