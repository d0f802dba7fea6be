package ladder

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/moderation"
)

var start = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// The level follows a clock that is looked at every minute, by whoever looks once.
func TestTheLevelIsThatOfAClockThatNeverSleeps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var warned []time.Time
		at := start
		for range rapid.IntRange(0, 8).Draw(t, "warnings") {
			at = at.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "minutes")) * time.Minute)
			warned = append(warned, at)
		}
		end := at.Add(time.Duration(rapid.IntRange(0, 8000).Draw(t, "after")) * time.Minute)
		level, next, clean := 0, 0, start
		for now := start; !now.After(end); now = now.Add(time.Minute) {
			if level > 0 && now.Sub(clean) == Decay {
				level, clean = level-1, now
			}
			for next < len(warned) && warned[next].Equal(now) {
				level, clean = level+1, now
				next++
			}
		}
		if got := Level(warned, end); got != level {
			t.Fatalf("warned %v, at %v: level %d, the clock says %d", warned, end, got, level)
		}
	})
}

// Without a warning in between, time only lowers the level, one step for each clean day.
func TestTimeNeverRaisesTheLevel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		warned := make([]time.Time, rapid.IntRange(1, 9).Draw(t, "warnings"))
		for i := range warned {
			warned[i] = start.Add(time.Duration(i) * time.Minute)
		}
		last := warned[len(warned)-1]
		at := last
		before := Level(warned, at)
		if before != len(warned) {
			t.Fatalf("%d warnings within an hour: level %d", len(warned), before)
		}
		for range rapid.IntRange(1, 30).Draw(t, "looks") {
			at = at.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "minutes")) * time.Minute)
			level := Level(warned, at)
			if want := max(0, len(warned)-int(at.Sub(last)/Decay)); level != want || level > before {
				t.Fatalf("%v after the last warning: level %d, want %d, it was %d", at.Sub(last), level, want, before)
			}
			before = level
		}
	})
}

func TestWhatIsYetToComeDoesNotCount(t *testing.T) {
	warned := []time.Time{start, start.Add(time.Hour)}
	if got := Level(warned, start.Add(-time.Minute)); got != 0 {
		t.Errorf("before the first warning: level %d", got)
	}
	if got := Level(warned, start.Add(time.Minute)); got != 1 {
		t.Errorf("between the two: level %d", got)
	}
}

func TestTheDefaultLadder(t *testing.T) {
	l := Default()
	if err := l.Check(); err != nil {
		t.Fatal(err)
	}
	var steps []Step
	for level := range 6 {
		steps = append(steps, l.Next(level, false))
	}
	want := []Step{{Kind: moderation.ActionWarn}, {moderation.ActionTimeout, 10 * time.Minute}, {moderation.ActionTimeout, time.Hour},
		{Kind: moderation.ActionKick}, {Kind: moderation.ActionKick}, {Kind: moderation.ActionKick}}
	if !slices.Equal(steps, want) {
		t.Errorf("steps %v", steps)
	}
	for level := range 6 {
		if got := l.Next(level, true); got.Kind != moderation.ActionBan {
			t.Errorf("after an earlier kick, at level %d: %v", level, got)
		}
	}
}

func TestLaddersThatCannotBe(t *testing.T) {
	for name, l := range map[string]Ladder{"none": {}, "too many": make(Ladder, 11), "an unban": {{Kind: moderation.ActionUnban}},
		"a timeout of seconds": {{moderation.ActionTimeout, 59 * time.Second}},
		"a timeout too long":   {{moderation.ActionTimeout, 28*24*time.Hour + 1}}} {
		if l.Check() == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
