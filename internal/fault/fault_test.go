package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestKindSurvivesWrapping(t *testing.T) {
	cause := errors.New("disk on fire")
	err := fmt.Errorf("store: %w", Wrap(cause, Unavailable, "The database is not answering."))
	if Of(err) != Unavailable || !errors.Is(err, cause) {
		t.Fatalf("Of = %v, Is = %v", Of(err), errors.Is(err, cause))
	}
	if Of(cause) != Internal || Wrap(nil, NotFound, "x") != nil {
		t.Fatal("a plain error must be internal, and nothing must stay nothing")
	}
}

func TestEveryKindHasAStatusAndACode(t *testing.T) {
	seen := map[string]bool{}
	for k := Internal; k <= Unavailable; k++ {
		if k.Status() < 400 || k.Code() == "" || seen[k.Code()] {
			t.Errorf("kind %d: status %d, code %q", k, k.Status(), k.Code())
		}
		seen[k.Code()] = true
	}
}
