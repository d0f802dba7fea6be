package raid

import (
	"testing"
	"time"
)

// A pause that is prolonged is known by either of its ends until Discord has confirmed the new one.
func TestAPauseIsProlonged(t *testing.T) {
	held := Lever{State: Held, Was: 0, Set: 1000}
	asked, move := held.Extend(1000, 2000)
	if !move.Ask || move.To != 2000 || asked.State != Intended || asked.Prev != 1000 {
		t.Fatalf("prolonging is %+v, %+v", asked, move)
	}
	for what, c := range map[string]struct {
		now  int64
		want LeverState
		ask  bool
	}{"the answer was lost": {2000, Held, false}, "it never arrived": {1000, Intended, true}, "it ran out": {0, Intended, true},
		"a person changed it": {1500, Kept, false}} {
		if l, move := asked.Raise(c.now, 3000); l.State != c.want || move.Ask != c.ask {
			t.Errorf("%s: %+v, %+v", what, l, move)
		}
	}
	for _, now := range []int64{1000, 2000} {
		if l, move := asked.Restore(now); !move.Ask || move.To != 0 {
			t.Errorf("restoring with %d held: %+v, %+v", now, l, move)
		}
	}
	refused := asked
	refused.Refuse("no")
	if l, move := refused.Restore(1000); refused.State != Held || !move.Ask || move.To != 0 {
		t.Errorf("after a refusal: %+v, then %+v, %+v", refused, l, move)
	}
	if l, move := held.Extend(1500, 2000); l.State != Kept || move.Ask {
		t.Errorf("a person's change is prolonged: %+v, %+v", l, move)
	}
}

// What was strict enough is left alone, before and after.
func TestWhatIsStrictEnoughIsLeftAlone(t *testing.T) {
	l, move := Lever{State: Open}.Raise(4, Level)
	if l.State != Spared || move.Ask || !l.Settled() {
		t.Errorf("raising is %+v, %+v", l, move)
	}
	if l, move = l.Restore(4); move.Ask || !l.Over() {
		t.Errorf("restoring is %+v, %+v", l, move)
	}
}

// A pause that has run out is over, also where nobody knows whether it was ever set.
func TestAPauseRunsOut(t *testing.T) {
	now := noon
	ago := now.Add(-time.Minute).Unix()
	if l := (Lever{State: Intended, Set: ago}).Ended(now); l.State != Open {
		t.Errorf("an intended one is %+v", l)
	}
	l, move := (Lever{State: Held, Set: ago}).Ended(now).Restore(0)
	if l.State != Restored || move.Ask {
		t.Errorf("a held one is restored by %+v, %+v", l, move)
	}
	if Paused(now, now) != 0 || Paused(now.Add(time.Second), now) == 0 {
		t.Error("a pause ends at its end")
	}
}
