package secret

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"guildwatch/internal/fault"
)

func key(t testing.TB, lines ...string) Key {
	t.Helper()
	k, err := Parse(strings.Join(lines, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var (
	first  = strings.Repeat("0a", size)
	second = strings.Repeat("f9", size)
)

// What was sealed opens in its own place, by its own key, unchanged to the last bit; and nowhere else.
func TestOnlyTheSameOpens(t *testing.T) {
	k := key(t, first, second)
	rapid.Check(t, func(r *rapid.T) {
		place, text := rapid.String().Draw(r, "place"), rapid.String().Draw(r, "text")
		id, sealed, err := k.Seal(place, text)
		if err != nil || id != k.ID() {
			r.Fatal(id, err)
		}
		if got, err := k.Open(id, place, sealed); got != text || err != nil {
			r.Fatalf("got %q, %v", got, err)
		}
		if len(text) > 8 && bytes.Contains(sealed, []byte(text)) {
			r.Fatal("sealed in clear")
		}
		if _, again, _ := k.Seal(place, text); bytes.Equal(again, sealed) {
			r.Fatal("the same text is sealed alike twice")
		}
		if got, err := k.Open(id, place+"x", sealed); !errors.Is(err, ErrForged) || got != "" {
			r.Fatalf("elsewhere: %q, %v", got, err)
		}
		if got, err := k.Open(key(t, second).ID(), place, sealed); !errors.Is(err, ErrForged) || got != "" {
			r.Fatalf("by the other key: %q, %v", got, err)
		}
		if got, err := key(t, second).Open(id, place, sealed); !errors.Is(err, ErrOtherKey) || got != "" {
			r.Fatalf("without its key: %q, %v", got, err)
		}
		bit := rapid.IntRange(0, 8*len(sealed)-1).Draw(r, "bit")
		sealed[bit/8] ^= 1 << (bit % 8)
		if got, err := k.Open(id, place, sealed); !errors.Is(err, ErrForged) || got != "" {
			r.Fatalf("with bit %d turned: %q, %v", bit, got, err)
		}
		if got, err := k.Open(id, place, sealed[:rapid.IntRange(0, len(sealed)-1).Draw(r, "length")]); !errors.Is(err, ErrForged) {
			r.Fatalf("cut short: %q, %v", got, err)
		}
	})
}

func TestTheFirstKeySealsAndAllOpen(t *testing.T) {
	id, sealed, err := key(t, first).Seal("here", "text")
	if err != nil {
		t.Fatal(err)
	}
	both := key(t, "# new", second, "", " "+first+" ")
	if got, err := both.Open(id, "here", sealed); got != "text" || err != nil {
		t.Errorf("the old key does not open: %q, %v", got, err)
	}
	if both.ID() != key(t, second).ID() || both.ID() == id {
		t.Errorf("%s seals", both.ID())
	}
}

func TestTheZeroKeyDoesNothing(t *testing.T) {
	var none Key
	if _, _, err := none.Seal("here", "text"); !errors.Is(err, ErrNoKey) || none.IsSet() || none.ID() != "" {
		t.Error(err)
	}
	if _, err := none.Open("", "here", nil); !errors.Is(err, ErrOtherKey) {
		t.Error(err)
	}
}

func TestWhatIsNoKeyIsRefusedAndNotShown(t *testing.T) {
	for _, text := range []string{"", "# nothing", first[1:], first + "00", first + "\n" + strings.Repeat("zz", size)} {
		_, err := Parse(text)
		if fault.Of(err) != fault.Invalid || len(text) > 20 && strings.Contains(err.Error(), text[2:20]) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestAKeyNeverShows(t *testing.T) {
	k := key(t, first)
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "key", k)
	data, _ := json.Marshal(k)
	shown := log.String() + string(data) + fmt.Sprintf("%v %+v %#v %s", k, k, k, k)
	if strings.Contains(shown, first[:8]) || strings.Contains(shown, "10 10 10") || !strings.Contains(shown, k.ID()) {
		t.Errorf("shown as %s", shown)
	}
}

func TestTheKeyFileIsMadeOnceAndForItsOwnerAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	ids := make([]string, 8)
	var starters sync.WaitGroup
	for i := range ids {
		starters.Go(func() {
			k, err := Load(dir, "", slog.New(slog.DiscardHandler))
			if err != nil {
				t.Error(err)
			}
			ids[i] = k.ID()
		})
	}
	starters.Wait()
	k, err := Load(dir, "", logger)
	if err != nil || log.Len() > 0 {
		t.Fatalf("a later start: %v, %s", err, &log)
	}
	for _, id := range ids {
		if id != k.ID() || id == "" {
			t.Errorf("several who start at once have the keys %v", ids)
			break
		}
	}
	path := filepath.Join(dir, FileName)
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	if filepath.Separator != '/' {
		return
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if again, err := Load(dir, "", logger); err != nil || again.ID() != k.ID() || !strings.Contains(log.String(), "chmod 600") {
		t.Errorf("readable by all: %v, %s", err, &log)
	}
}

func TestLoadSaysWhatToDo(t *testing.T) {
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	if _, err := Load(t.TempDir(), "", logger); err != nil || !strings.Contains(log.String(), "keep a copy") {
		t.Errorf("a key that was just made: %v, %s", err, &log)
	}
	dir := t.TempDir()
	k, err := Load(dir, first, logger)
	if err != nil || k.ID() != key(t, first).ID() {
		t.Error(k, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 0 {
		t.Errorf("with a key in the settings a file was made: %v", left)
	}
	if _, err := Load(dir, "nonsense", logger); fault.Of(err) != fault.Invalid || !strings.Contains(err.Error(), "GUILDWATCH_KEY") {
		t.Error(err)
	}
	path := filepath.Join(dir, FileName)
	if err := os.WriteFile(path, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir, "", logger); fault.Of(err) != fault.Invalid || !strings.Contains(err.Error(), path) {
		t.Error(err)
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "nonsense" {
		t.Error("a file that is no key was replaced", err)
	}
}
