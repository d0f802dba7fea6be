package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation/edition"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

const canaryAddress = "https://hooks.gw-test.org/canary-4c1e-address"

// reporting is a store with guild 1 in it, whose clock is *now.
func reporting(t *testing.T, now *time.Time) *store.Store {
	t.Helper()
	*now = noon
	s := storetest.New(t, storetest.Clock(func() time.Time { return *now }), storetest.Sealing)
	seeGuild(t, s)
	return s
}

func addDestination(t *testing.T, s *store.Store, name string, reports store.Reports) int64 {
	t.Helper()
	number, err := s.AddDestination(t.Context(), granted[access.UpdateSettings](t, 1, 99), store.NewDestination{Kind: "webhook",
		Name: name, Shown: "hooks.gw-test.org/…ress", Address: canaryAddress, Reports: reports})
	if err != nil {
		t.Fatal(err)
	}
	return number
}

func destinations(t *testing.T, s *store.Store) (list []store.Destination) {
	t.Helper()
	if err := s.Read(t.Context(), func(now *store.Snapshot) { list = now.Destinations(1) }); err != nil {
		t.Fatal(err)
	}
	return list
}

func due(t *testing.T, s *store.Store, now time.Time) []store.Delivery {
	t.Helper()
	list, err := s.DueDeliveries(t.Context(), now, 100)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func came(t *testing.T, s *store.Store, d store.Delivery, was store.Settled) {
	t.Helper()
	if err := s.SettleDelivery(t.Context(), d, was); err != nil {
		t.Fatal(err)
	}
}

// An address is sealed, opens for its own guild and number alone, stands nowhere in clear, and goes when its
// destination does.
func TestAnAddressIsASecret(t *testing.T) {
	dir := t.TempDir()
	s := storetest.New(t, atNoon, storetest.Sealing, func(o *store.Options) { o.Dir = dir })
	seeGuild(t, s)
	number := addDestination(t, s, "Staff", store.Reports{Daily: true})
	if got, err := s.DestinationAddress(t.Context(), 1, number); got != canaryAddress || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := s.DestinationAddress(t.Context(), 2, number); got != "" || err != nil {
		t.Errorf("another guild reads %q, %v", got, err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "canary-4c1e") {
			t.Errorf("%s has the address in clear", file)
		}
	}
	for _, row := range auditRows(t, s) {
		if strings.Contains(row.Before+row.After, "canary") || strings.Contains(row.Before+row.After, "Staff") {
			t.Errorf("the audit log says %+v", row)
		}
	}
	if err := s.RemoveDestination(t.Context(), granted[access.UpdateSettings](t, 1, 99), number); err != nil {
		t.Fatal(err)
	}
	if got, err := s.DestinationAddress(t.Context(), 1, number); got != "" || err != nil || len(destinations(t, s)) != 0 {
		t.Errorf("removed, and still %q, %v", got, err)
	}
	if again := addDestination(t, s, "Staff", store.Reports{}); again == number {
		t.Errorf("the number %d was given again", number)
	}
}

// Another guild's destination is none at all, whatever is asked of it.
func TestDestinationsOfOthersAreNone(t *testing.T) {
	var now time.Time
	s := reporting(t, &now)
	number := addDestination(t, s, "Staff", store.Reports{Daily: true})
	theirs := granted[access.UpdateSettings](t, 2, 99)
	for what, err := range map[string]error{
		"set":    s.SetDestinationReports(t.Context(), theirs, number, store.Reports{}),
		"remove": s.RemoveDestination(t.Context(), theirs, number),
		"try":    errOf(s.TryDestination(t.Context(), theirs, number, "try:daily:2026-01-01")),
		"absent": s.RemoveDestination(t.Context(), granted[access.UpdateSettings](t, 1, 99), number+1),
	} {
		if fault.Of(err) != fault.NotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got := destinations(t, s); len(got) != 1 || !got[0].Reports.Daily {
		t.Errorf("%+v", got)
	}
}

func errOf(_ int64, err error) error { return err }

// Only so many, and none without a name.
func TestDestinationsAreBounded(t *testing.T) {
	var now time.Time
	s := reporting(t, &now)
	grant := granted[access.UpdateSettings](t, 1, 99)
	for _, name := range []string{"", "  ", strings.Repeat("ä", 61)} {
		if _, err := s.AddDestination(t.Context(), grant, store.NewDestination{Kind: "email", Name: name}); fault.Of(err) != fault.Invalid {
			t.Errorf("%q: %v", name, err)
		}
	}
	for range 10 {
		addDestination(t, s, strings.Repeat("ä", 60), store.Reports{})
	}
	if _, err := s.AddDestination(t.Context(), grant, store.NewDestination{Kind: "email", Name: "x"}); fault.Of(err) != fault.Conflict {
		t.Errorf("an eleventh: %v", err)
	}
	for range 20 {
		if _, err := s.TryDestination(t.Context(), grant, 1, "try:daily:2026-01-01"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.TryDestination(t.Context(), grant, 1, "try:daily:2026-01-01"); fault.Of(err) != fault.TooMany {
		t.Errorf("one more than may wait: %v", err)
	}
}

// An edition is filed once, for whoever wants it, whatever the time zone is set to in between.
func TestAnEditionIsFiledOnce(t *testing.T) {
	var now time.Time
	s := reporting(t, &now)
	grant := granted[access.UpdateSettings](t, 1, 99)
	daily := addDestination(t, s, "daily", store.Reports{Daily: true})
	addDestination(t, s, "weekly", store.Reports{Weekly: true})
	file := func(day string) int {
		t.Helper()
		e, err := edition.Parse(edition.Daily, day)
		if err != nil {
			t.Fatal(err)
		}
		filed, err := s.FileReport(t.Context(), 1, e)
		if err != nil {
			t.Fatal(err)
		}
		return filed
	}
	yesterday, today := noon.AddDate(0, 0, -1).Format("2006-01-02"), noon.Format("2006-01-02")
	if n := file(yesterday); n != 0 {
		t.Errorf("%d filed without a schedule", n)
	}
	if err := s.SaveSchedule(t.Context(), grant, edition.Daily, 7); err != nil {
		t.Fatal(err)
	}
	if n := file(yesterday); n != 0 {
		t.Errorf("%d filed of what had passed when the schedule began", n)
	}
	now = noon.AddDate(0, 0, 1)
	if first, again := file(today), file(today); first != 1 || again != 0 {
		t.Errorf("%d filed, then %d", first, again)
	}
	if n := file(yesterday); n != 0 {
		t.Errorf("%d filed of an earlier day", n)
	}
	list := due(t, s, now)
	if len(list) != 1 || list[0].Destination != daily || list[0].Subject != "report:daily:"+today {
		t.Errorf("%+v", list)
	}
	if err := s.SaveSchedule(t.Context(), grant, edition.Daily, -1); err != nil {
		t.Fatal(err)
	}
	if n := file(now.Format("2006-01-02")); n != 0 {
		t.Errorf("%d filed after the end of the schedule", n)
	}
	for _, bad := range []error{s.SaveSchedule(t.Context(), grant, edition.Daily, 24), s.SaveSchedule(t.Context(), grant, "hourly", 7)} {
		if fault.Of(bad) != fault.Invalid {
			t.Errorf("%v", bad)
		}
	}
}

// What an attempt came to holds for the delivery and for its destination: tried again later, given up, resting, stopped,
// and well again.
func TestAttemptsAreSettled(t *testing.T) {
	var now time.Time
	s := reporting(t, &now)
	grant := granted[access.UpdateSettings](t, 1, 99)
	number := addDestination(t, s, "Staff", store.Reports{Daily: true})
	for range 3 {
		if _, err := s.TryDestination(t.Context(), grant, number, "try:daily:2026-01-01"); err != nil {
			t.Fatal(err)
		}
	}
	list := due(t, s, now)
	came(t, s, list[0], store.Settled{Detail: "Not now.", Again: time.Minute, Failed: 1})
	if got := due(t, s, now); len(got) != 2 {
		t.Errorf("%d due after one was put off", len(got))
	}
	if next, err := s.NextDelivery(t.Context(), now); err != nil || !next.Equal(now.Add(time.Minute)) {
		t.Errorf("next at %s, %v", next, err)
	}
	came(t, s, list[1], store.Settled{Detail: "No.", Failed: 5, Rests: time.Hour})
	if got := due(t, s, now.Add(59*time.Minute)); len(got) != 0 {
		t.Errorf("%d due of a destination that rests", len(got))
	}
	if d := destinations(t, s)[0]; d.Failed != 5 || !d.Rests.Equal(now.Add(time.Hour)) || d.Last.Detail != "No." {
		t.Errorf("%+v", d)
	}
	now = now.Add(2 * time.Hour)
	again := due(t, s, now)
	if len(again) != 2 || again[0].Attempts+again[1].Attempts != 1 {
		t.Fatalf("%+v", again)
	}
	came(t, s, again[0], store.Settled{Sent: true})
	came(t, s, again[0], store.Settled{Detail: "Twice."})
	if d := destinations(t, s)[0]; d.Failed != 0 || !d.Rests.IsZero() || d.Last.Detail != "" || !d.Last.At.Equal(now) {
		t.Errorf("%+v", d)
	}
	came(t, s, again[1], store.Settled{Detail: "Gone.", Stopped: "Gone.", Failed: 1, Again: time.Minute})
	if d := destinations(t, s)[0]; d.Stopped != "Gone." || len(due(t, s, now.Add(time.Hour))) != 0 {
		t.Errorf("%+v", d)
	}
	if err := s.SetDestinationReports(t.Context(), grant, number, store.Reports{Daily: true}); err != nil {
		t.Fatal(err)
	}
	if d := destinations(t, s)[0]; d.Stopped != "" || d.Failed != 0 {
		t.Errorf("switched on again: %+v", d)
	}
}
