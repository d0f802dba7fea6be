package store_test

import (
	"sync"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/store"
)

// What was made from something that does not hold any more is not saved, whoever asks: a page or a command.
func TestWhatIsSavedFromAnOldStateIsAConflict(t *testing.T) {
	s := withStaff(t)
	settings, roles := granted[access.UpdateSettings](t, 1, 98), granted[access.ManageRoles](t, 1, 99)
	was := store.Settings{TimeZone: "UTC"}
	if err := s.UpdateSettings(t.Context(), settings, was); err != nil {
		t.Fatal(err)
	}
	steps := func(minutes time.Duration) ladder.Ladder {
		return ladder.Ladder{{Kind: moderation.ActionWarn}, {Kind: moderation.ActionTimeout, Timeout: minutes * time.Minute}}
	}
	subject := access.Member(7)
	for name, save := range map[string]struct{ first, late func() error }{
		"settings": {
			func() error {
				return s.UpdateSettings(t.Context(), settings, store.Settings{TimeZone: "Asia/Tokyo"}, was)
			},
			func() error {
				return s.UpdateSettings(t.Context(), settings, store.Settings{TimeZone: "Europe/Berlin"}, was)
			}},
		"ladder": {
			func() error { return s.SaveLadder(t.Context(), settings, steps(5), ladder.Default()) },
			func() error { return s.SaveLadder(t.Context(), settings, steps(6), ladder.Default()) }},
		"team": {
			func() error { return s.AssignRole(t.Context(), roles, subject, access.Moderator, access.None) },
			func() error { return s.AssignRole(t.Context(), roles, subject, access.Admin, access.None) }},
	} {
		if err := save.first(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := save.late(); fault.Of(err) != fault.Conflict {
			t.Errorf("%s saved from an old state: %v", name, err)
		}
	}
}

// Of many who save at once from the same state, one wins.
func TestOneOfManyEditorsWins(t *testing.T) {
	s := withStaff(t)
	settings := granted[access.UpdateSettings](t, 1, 98)
	was := store.Settings{TimeZone: "UTC"}
	if err := s.UpdateSettings(t.Context(), settings, was); err != nil {
		t.Fatal(err)
	}
	zones := []string{"Asia/Tokyo", "Europe/Berlin", "Europe/Lisbon", "America/Lima", "Asia/Seoul", "Africa/Cairo"}
	errs := make([]error, len(zones))
	var all sync.WaitGroup
	for i, zone := range zones {
		all.Go(func() { errs[i] = s.UpdateSettings(t.Context(), settings, store.Settings{TimeZone: zone}, was) })
	}
	all.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if fault.Of(err) != fault.Conflict {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d of %d won", won, len(zones))
	}
}
