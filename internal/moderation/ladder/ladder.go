// Package ladder says what the next violation costs a member. It is a function of what happened and of the clock:
// nothing is stored or swept, so a restart or a missed job changes nothing.
package ladder

import (
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
)

// Decay is how long a member has to go without a violation to come one level down.
const Decay = 24 * time.Hour

// Step is what one level costs.
type Step struct {
	Kind    moderation.ActionKind `json:"kind"` // warn, timeout, kick or ban
	Timeout time.Duration         `json:"timeout,omitempty"`
}

// Ladder is a guild's steps, the mildest first. Above the last one, the last one is taken again.
type Ladder []Step

// Default is the ladder of a guild that has not made its own.
func Default() Ladder {
	return Ladder{{Kind: moderation.ActionWarn}, {moderation.ActionTimeout, 10 * time.Minute},
		{moderation.ActionTimeout, time.Hour}, {Kind: moderation.ActionKick}}
}

// Check says what is wrong with a ladder: a *fault.Error with a sentence.
func (l Ladder) Check() error {
	if len(l) == 0 || len(l) > 10 {
		return fault.New(fault.Invalid, "A ladder has one to ten steps.")
	}
	for i, step := range l {
		switch step.Kind {
		case moderation.ActionWarn, moderation.ActionKick, moderation.ActionBan:
		case moderation.ActionTimeout:
			if step.Timeout < time.Minute || step.Timeout > 28*24*time.Hour {
				return fault.New(fault.Invalid, "Step %d: a timeout takes from one minute to 28 days.", i+1)
			}
		default:
			return fault.New(fault.Invalid, "Step %d: choose warn, timeout, kick or ban.", i+1)
		}
	}
	return nil
}

// Level is how high a member stands at a moment, from the times of the warnings that count, in order. Each one raises
// the level by one; each whole Decay since the last one lowers it by one, never below zero.
func Level(warned []time.Time, now time.Time) (level int) {
	var last time.Time
	for _, at := range warned {
		if at.After(now) {
			break
		}
		level = decayed(level, last, at) + 1
		last = at
	}
	return decayed(level, last, now)
}

func decayed(level int, last, now time.Time) int {
	return max(0, level-int(max(0, now.Sub(last))/Decay))
}

// Next is what a violation costs a member who stands at a level. Who was kicked before is banned, whatever the level:
// that never decays.
func (l Ladder) Next(level int, kickedBefore bool) Step {
	if kickedBefore {
		return Step{Kind: moderation.ActionBan}
	}
	return l[min(level, len(l)-1)]
}
