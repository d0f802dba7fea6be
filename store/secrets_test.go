package store

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/secret"
)

// canary is a secret that must be found nowhere in clear.
const canary = "canary-0123456789-wxyz"

var (
	oldKey = strings.Repeat("0a", 32)
	newKey = strings.Repeat("b1", 32)
)

// sealing opens a store that has keys.
func sealing(t testing.TB, dir string, log *strings.Builder, keys ...string) *Store {
	t.Helper()
	key, err := secret.Parse(strings.Join(keys, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), Options{Dir: dir, Key: key, Logger: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closeStore(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func operation(t testing.TB) access.Operation {
	t.Helper()
	operation, err := access.CheckOperator(access.Person(7, true))
	if err != nil {
		t.Fatal(err)
	}
	return operation
}

func TestASecretIsKeptAndShownNowhere(t *testing.T) {
	dir, log := t.TempDir(), &strings.Builder{}
	s := sealing(t, dir, log, oldKey)
	ctx := access.WithRequest(t.Context(), "r5")
	if value, err := s.Secret(ctx, 0, SecretClient); value != "" || err != nil {
		t.Fatal(value, err)
	}
	if err := s.PutInstanceSecret(ctx, operation(t), SecretClient, canary); err != nil {
		t.Fatal(err)
	}
	if err := s.PutSecret(ctx, granted[access.UpdateSettings](t, 8, 42), "webhook", canary+"!"); err != nil {
		t.Fatal(err)
	}
	if value, err := s.Secret(ctx, 0, SecretClient); value != canary || err != nil {
		t.Errorf("got %q, %v", value, err)
	}
	if value, err := s.Secret(ctx, 42, SecretClient); value != "" || err != nil {
		t.Errorf("another guild's: %q, %v", value, err)
	}
	info, set, err := s.SecretInfo(ctx, 0, SecretClient)
	if err != nil || !set || info.Hint != "wxyz" || info.SetBy != 7 || info.Lost || info.SetAt.IsZero() {
		t.Errorf("info: %+v, %v, %v", info, set, err)
	}
	row := s.auditOf(t, 0, AuditFilter{}, 5)[0]
	if row.Action != "secret.set" || row.Target != "secret:"+SecretClient || row.Before != "" || row.After != `{"set":true}` ||
		row.Actor.User != 7 || row.Request != "r5" {
		t.Errorf("the log says %+v", row)
	}
	if row := s.auditOf(t, 42, AuditFilter{}, 5)[0]; row.Role != access.Owner || row.Actor.User != 8 {
		t.Errorf("the guild's log says %+v", row)
	}
	if err := s.PutInstanceSecret(ctx, operation(t), SecretClient, ""); err != nil {
		t.Fatal(err)
	}
	if value, err := s.Secret(ctx, 0, SecretClient); value != "" || err != nil {
		t.Errorf("taken away: %q, %v", value, err)
	}
	row = s.auditOf(t, 0, AuditFilter{}, 5)[0]
	if row.Action != "secret.removed" || row.Before != `{"set":true}` || row.After != "" {
		t.Errorf("the log says %+v", row)
	}
	if err := s.PutInstanceSecret(ctx, operation(t), SecretClient, ""); err != nil || len(s.auditOf(t, 0, AuditFilter{}, 5)) != 2 {
		t.Error("taking away what is not there is no deed", err)
	}
	closeStore(t, s)
	everything := log.String()
	for _, path := range globAll(t, dir) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		everything += string(data)
	}
	if strings.Contains(everything, canary[:12]) || strings.Contains(everything, oldKey) {
		t.Error("the secret or its key lies about in clear")
	}
}

func TestOnlyALongSecretHasAHint(t *testing.T) {
	for value, want := range map[string]string{"": "", "short": "", "12345678901": "", "123456789012": "9012", "ääääääääääää": "ääää"} {
		if got := secretHint(value); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}

// A sealed value that somebody moves to another guild or another name does not open there.
func TestAMovedSecretDoesNotOpen(t *testing.T) {
	dir, log := t.TempDir(), &strings.Builder{}
	s := sealing(t, dir, log, oldKey)
	defer closeStore(t, s)
	if err := s.PutInstanceSecret(t.Context(), operation(t), SecretClient, canary); err != nil {
		t.Fatal(err)
	}
	raw := rawHandle(t, s.dir.database())
	for _, move := range []string{"UPDATE secrets SET guild_id = 42", "UPDATE secrets SET guild_id = 0, name = 'webhook'",
		"UPDATE secrets SET name = 'discord_client_secret', sealed = substr(sealed, 1, 12)", "UPDATE secrets SET sealed = x''"} {
		if _, err := raw.Exec(move); err != nil {
			t.Fatal(err)
		}
		var opened int
		for guild := range 43 {
			for _, name := range []string{SecretClient, "webhook"} {
				value, err := s.Secret(t.Context(), 0, name)
				if value != "" {
					opened++
				}
				if err != nil && (fault.Of(err) != fault.Conflict || !strings.Contains(err.Error(), "Set it again")) {
					t.Errorf("guild %d: %v", guild, err)
				}
			}
		}
		if opened > 0 {
			t.Errorf("%s: it still opens", move)
		}
	}
}

// A lost or another key: the start goes on, the secret counts as not set, the error and the log say what to do, and the
// right key brings it back.
func TestALostKeyLosesNothingButTheSecret(t *testing.T) {
	dir, log := t.TempDir(), &strings.Builder{}
	s := sealing(t, dir, log, oldKey)
	if err := s.PutInstanceSecret(t.Context(), operation(t), SecretClient, canary); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)

	s = sealing(t, dir, log, newKey)
	value, err := s.Secret(t.Context(), 0, SecretClient)
	if value != "" || fault.Of(err) != fault.Conflict || !strings.Contains(err.Error(), secret.FileName) {
		t.Errorf("with another key: %q, %v", value, err)
	}
	if info, set, err := s.SecretInfo(t.Context(), 0, SecretClient); !set || !info.Lost || err != nil {
		t.Errorf("info: %+v, %v, %v", info, set, err)
	}
	if !strings.Contains(log.String(), "counts as not set") || !strings.Contains(log.String(), SecretClient) {
		t.Errorf("the log does not say so: %s", log)
	}
	closeStore(t, s)

	s = sealing(t, dir, log, oldKey)
	if value, err := s.Secret(t.Context(), 0, SecretClient); value != canary || err != nil {
		t.Errorf("with its own key again: %q, %v", value, err)
	}
	closeStore(t, s)

	s = openIn(t, dir)
	if value, err := s.Secret(t.Context(), 0, SecretClient); value != "" || fault.Of(err) != fault.Conflict {
		t.Errorf("without any key: %q, %v", value, err)
	}
	if err := s.PutInstanceSecret(t.Context(), operation(t), "other", canary); fault.Of(err) != fault.Unavailable {
		t.Errorf("keeping one without any key: %v", err)
	}
}

// A new key above the old one in the file: after one start the old one can go.
func TestAKeyIsReplaced(t *testing.T) {
	dir, log := t.TempDir(), &strings.Builder{}
	s := sealing(t, dir, log, oldKey)
	if err := s.PutInstanceSecret(t.Context(), operation(t), SecretClient, canary); err != nil {
		t.Fatal(err)
	}
	if err := s.PutSecret(t.Context(), granted[access.UpdateSettings](t, 8, 42), "webhook", canary+"!"); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	closeStore(t, sealing(t, dir, log, newKey, oldKey))
	if !strings.Contains(log.String(), "the old one can go") {
		t.Errorf("the log does not say so: %s", log)
	}
	s = sealing(t, dir, log, newKey)
	defer closeStore(t, s)
	ctx := context.Background()
	first, err := s.Secret(ctx, 0, SecretClient)
	second, failed := s.Secret(ctx, 42, "webhook")
	if first != canary || second != canary+"!" || err != nil || failed != nil {
		t.Errorf("got %q, %v and %q, %v", first, err, second, failed)
	}
	if info, _, err := s.SecretInfo(ctx, 42, "webhook"); err != nil || info.SetBy != 8 || info.Hint != "xyz!" {
		t.Errorf("info: %+v, %v", info, err)
	}
}

func globAll(t testing.TB, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	return paths
}
