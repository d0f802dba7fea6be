package health

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// anyInput draws counts, unlikely and impossible ones too.
func anyInput(t *rapid.T) Input {
	count := rapid.OneOf(rapid.Int64Range(0, 40), rapid.Int64Range(0, 100_000), rapid.Int64())
	return Input{
		Messages: count.Draw(t, "messages"), Violations: count.Draw(t, "violations"), Answered: count.Draw(t, "answered"),
		Median:  time.Duration(rapid.OneOf(rapid.Int64Range(0, 3e9), rapid.Int64()).Draw(t, "median")),
		Actions: count.Draw(t, "actions"), Removals: count.Draw(t, "removals"),
	}
}

func TestScoresAreWholeWhateverTheData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput(t)
		score := Of(in)
		sum := 0.0
		for _, p := range score.Penalties {
			if !(p.Points >= 0 && p.Points <= p.Most) || math.IsNaN(p.Input) || math.IsInf(p.Input, 0) || p.Input < 0 {
				t.Fatalf("%+v costs %+v", in, p)
			}
			sum += p.Points
		}
		switch {
		case !(score.Value >= 0 && score.Value <= 100):
			t.Fatalf("the score of %+v is %v", in, score.Value)
		case math.Abs(score.Value+sum-100) > 1e-9:
			t.Fatalf("the score of %+v is %v, its penalties add up to %v", in, score.Value, sum)
		case in.Violations <= 0 && score.Value != 100:
			t.Fatalf("without violations the score of %+v is %v", in, score.Value)
		case score.Limited != (in.Messages < 10):
			t.Fatalf("%d messages: limited is %t", in.Messages, score.Limited)
		}
	})
}

// More of what is bad never raises a score, and more of what is good never lowers it.
func TestScoresAreMonotone(t *testing.T) {
	worse := map[string]func(*Input, int64){
		"violations": func(in *Input, n int64) { in.Violations += n },
		"messages":   func(in *Input, n int64) { in.Messages -= n },
		"median":     func(in *Input, n int64) { in.Median += time.Duration(n) * time.Millisecond },
		"removals":   func(in *Input, n int64) { in.Removals += n },
		"actions":    func(in *Input, n int64) { in.Actions -= n },
	}
	for what, make := range worse {
		t.Run(what, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				count := rapid.Int64Range(0, 300)
				in := Input{Messages: count.Draw(t, "messages"), Violations: count.Draw(t, "violations") / 30,
					Answered: 1, Median: time.Duration(count.Draw(t, "median")*5) * time.Millisecond,
					Actions: count.Draw(t, "actions"), Removals: count.Draw(t, "removals")}
				after := in
				make(&after, rapid.Int64Range(0, 300).Draw(t, "more"))
				if Of(after).Value > Of(in).Value {
					t.Fatalf("%+v has %v, but %+v has %v", in, Of(in).Value, after, Of(after).Value)
				}
			})
		})
	}
}

func TestTheBoundsAreExact(t *testing.T) {
	well := Input{Messages: 1000, Violations: 1, Answered: 1, Actions: 10}
	for name, c := range map[string]struct {
		change func(*Input)
		cause  int
		points float64
		value  float64
	}{
		"nothing amiss":   {func(*Input) {}, 0, 0, 100},
		"rate at 5":       {func(in *Input) { in.Violations = 5 }, 0, 0, 100},
		"rate at 6":       {func(in *Input) { in.Violations = 6 }, 0, 2, 98},
		"rate at 12.5":    {func(in *Input) { in.Messages, in.Violations = 2000, 25 }, 0, 15, 85},
		"rate at 20":      {func(in *Input) { in.Violations = 20 }, 0, 30, 70},
		"rate above":      {func(in *Input) { in.Violations = 900 }, 0, 30, 70},
		"no messages":     {func(in *Input) { in.Messages = 0 }, 0, 30, 70},
		"median at 100":   {func(in *Input) { in.Median = 100 * time.Millisecond }, 1, 0, 100},
		"median at 145":   {func(in *Input) { in.Median = 145 * time.Millisecond }, 1, 1, 99},
		"median at 550":   {func(in *Input) { in.Median = 550 * time.Millisecond }, 1, 10, 90},
		"median at 1000":  {func(in *Input) { in.Median = time.Second }, 1, 20, 80},
		"median above":    {func(in *Input) { in.Median = time.Hour }, 1, 20, 80},
		"nobody answered": {func(in *Input) { in.Median, in.Answered = time.Hour, 0 }, 1, 0, 100},
		"removals at 0.1": {func(in *Input) { in.Removals = 1 }, 2, 0, 100},
		"removals at 0.2": {func(in *Input) { in.Removals = 2 }, 2, 12.5, 87.5},
		"removals at 0.5": {func(in *Input) { in.Removals = 5 }, 2, 50, 50},
		"removals above":  {func(in *Input) { in.Removals = 10 }, 2, 50, 50},
		"no actions":      {func(in *Input) { in.Actions = 0 }, 2, 0, 100},
		"no violations":   {func(in *Input) { in.Violations, in.Removals, in.Median = 0, 10, time.Hour }, 2, 0, 100},
		"all amiss":       {func(in *Input) { in.Violations, in.Removals, in.Median = 20, 5, time.Second }, 2, 50, 0},
	} {
		in := well
		c.change(&in)
		score := Of(in)
		if got := score.Penalties[c.cause].Points; math.Abs(got-c.points) > 1e-9 || score.Value != c.value {
			t.Errorf("%s: %v points and a score of %v, want %v and %v", name, got, score.Value, c.points, c.value)
		}
	}
}

func TestLevels(t *testing.T) {
	for value, want := range map[float64]Level{100: LevelGood, 70: LevelGood, 69.9: LevelWarning, 50: LevelWarning,
		49.9: LevelAlert, 0: LevelAlert} {
		if got := (Score{Value: value}).Level(); got != want {
			t.Errorf("%v is %s, want %s", value, got, want)
		}
	}
}
