package main

import (
	"strings"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/store/storetest"
)

func TestRecountMendsWhatDiffers(t *testing.T) {
	dir := t.TempDir()
	if code, _, errs := shell(t, "recount", "--data", dir); code != 3 || !strings.Contains(errs, "no database in "+dir) {
		t.Errorf("no database: exit %d: %s", code, errs)
	}
	s, err := storetest.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 4, 5, 16, 0, 0, time.UTC)
	if _, err := s.RecordExecution(t.Context(), moderation.AutoModExecution{Origin: moderation.Origin{Guild: 12, At: at},
		Rule: 5, Trigger: moderation.TriggerKeyword, User: 21, Message: 31, Did: moderation.ActionDelete}); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := shell(t, "recount", "--data", dir); code != 3 || !strings.Contains(errs, "Stop guildwatch first") {
		t.Errorf("in use: exit %d: %s", code, errs)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	well := func(what string) {
		t.Helper()
		if code, out, errs := shell(t, "recount", "--data", dir); code != 0 || !strings.Contains(out, "Every counter in "+dir) {
			t.Errorf("%s: exit %d: %s%s", what, code, out, errs)
		}
	}
	well("as it was written")
	storetest.Tamper(t, dir, "UPDATE action_counts SET deletes = 7 WHERE guild_id = 12",
		"DELETE FROM violation_days WHERE guild_id = 0")
	for args, says := range map[string]string{"--check": "2 rows of counters", "--check=true": "Without --check"} {
		code, out, errs := shell(t, "recount", "--data", dir, args)
		if code != 1 || !strings.Contains(errs, says) || !strings.Contains(out,
			"server 12, action_counts: 1 rows, the first of 2026-03-04 05:15 UTC") ||
			!strings.Contains(out, "all servers together, violation_days: 1 rows, the first of 2026-03-04 00:00 UTC") {
			t.Errorf("%s: exit %d: %s%s", args, code, out, errs)
		}
	}
	if code, out, errs := shell(t, "recount", "--data", dir); code != 1 || !strings.Contains(errs, "They are now") {
		t.Errorf("mended: exit %d: %s%s", code, out, errs)
	}
	well("mended")
}
