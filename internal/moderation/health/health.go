// Package health says how well a guild is, from 0 to 100, and what each thing that is amiss costs. It is a function of
// counts: the same counts always give the same score, and there are none for which it fails.
package health

import (
	"math"
	"time"
)

// Input is what a guild's last 24 hours have come to. What counts is counted alone: neither hits of rules in shadow
// mode nor false positives.
type Input struct {
	Messages   int64
	Violations int64
	Answered   int64         // violations of guildwatch's own rules after which something was done
	Median     time.Duration // from detection to the first thing done; of no meaning while Answered is 0
	Actions    int64         // of every kind and source
	Removals   int64         // the kicks and bans among them
}

// Cause is what a penalty is for.
type Cause string

// The causes.
const (
	CauseRate     Cause = "violation_rate"
	CauseResponse Cause = "response_time"
	CauseRemovals Cause = "removal_share"
)

// Penalty is what one cause costs.
type Penalty struct {
	Cause  Cause
	Points float64 // from 0 to Most, in tenths
	Most   float64
	Input  float64 // violations per 1000 messages; milliseconds; kicks and bans per action, 0 to 1
	Known  bool    // false: there is nothing to take Input from
	From   float64 // the Input above which it costs
	To     float64 // the Input from which on it costs Most
}

// Level is how urgent a score is.
type Level string

// The levels: a score below 70 is a warning, below 50 an alert.
const (
	LevelGood    Level = "good"
	LevelWarning Level = "warning"
	LevelAlert   Level = "alert"
)

const (
	warnBelow  = 70
	alertBelow = 50
	// fewMessages is where a score begins to mean something: below it one violation is a tenth of everything said.
	fewMessages = 10
)

// Score is how well a guild is.
type Score struct {
	Value     float64 // 0 to 100, in tenths: 100 less the points of all penalties
	Limited   bool    // fewer than 10 messages: little to judge by
	Penalties [3]Penalty
}

// Level is how urgent the score is.
func (s Score) Level() Level {
	switch {
	case s.Value < alertBelow:
		return LevelAlert
	case s.Value < warnBelow:
		return LevelWarning
	}
	return LevelGood
}

// Of gives the score. Without violations it is 100, whatever else there is. Counts below 0 are taken for 0.
func Of(in Input) Score {
	score := Score{Value: 100, Limited: in.Messages < fewMessages, Penalties: penalties(in)}
	for i := range score.Penalties {
		p := &score.Penalties[i]
		if in.Violations > 0 {
			p.Points = tenths(p.Most * min(max((p.Input-p.From)/(p.To-p.From), 0), 1))
		}
		score.Value -= p.Points
	}
	score.Value = tenths(min(max(score.Value, 0), 100))
	return score
}

// penalties are all causes with their input.
func penalties(in Input) [3]Penalty {
	rate := Penalty{Cause: CauseRate, Most: 30, From: 5, To: 20, Known: in.Messages > 0,
		// Violations without any message cost as much as if there had been one.
		Input: 1000 * float64(max(in.Violations, 0)) / float64(max(in.Messages, 1))}
	response := Penalty{Cause: CauseResponse, Most: 20, From: 100, To: 1000, Known: in.Answered > 0}
	if response.Known {
		response.Input = float64(max(in.Median, 0)) / float64(time.Millisecond)
	}
	removed := max(in.Removals, 0)
	removals := Penalty{Cause: CauseRemovals, Most: 50, From: 0.1, To: 0.5, Known: in.Actions > 0,
		Input: float64(removed) / float64(max(in.Actions, removed, 1))}
	return [3]Penalty{rate, response, removals}
}

func tenths(v float64) float64 { return math.Round(v*10) / 10 }
