package raid

import (
	"fmt"
	"strings"
	"time"
)

// LevelName is a verification level as Discord calls it.
func LevelName(level int64) string {
	names := [...]string{"None", "Low", "Medium", "High", "Highest"}
	if level < 0 || int(level) >= len(names) {
		return fmt.Sprintf("Level %d", level)
	}
	return names[level]
}

// Doing says what raid mode does about each lever while it is on, or did, a sentence for each.
func (r *Raid) Doing() []string {
	return []string{r.pausing(), r.raising()}
}

func (r *Raid) pausing() string {
	switch r.Invites.State {
	case Spared:
		return "Invites were paused for longer already."
	case Refused:
		return "Invites could not be paused. " + r.Invites.Problem
	case Restored:
		return "Invites were paused, and are as before."
	case Kept:
		return "Invites were paused; somebody has changed that since, and it stays so."
	case Open, Intended:
		return "Discord is being asked to pause invites."
	}
	return "Invites are paused."
}

func (r *Raid) raising() string {
	l := r.Verification
	switch l.State {
	case Spared:
		return "The verification level was high enough already: " + LevelName(l.Was) + "."
	case Refused:
		return "The verification level could not be raised. " + l.Problem
	case Restored:
		return "The verification level was " + LevelName(l.Set) + ", and is " + LevelName(l.Was) + " again."
	case Kept:
		return "The verification level was raised; somebody has changed it since, and it stays so."
	case Open, Intended:
		return "Discord is being asked to raise the verification level."
	}
	return "The verification level is " + LevelName(l.Set) + " in place of " + LevelName(l.Was) + "."
}

// Announcement is what the log channel reads when raid mode is on, as Discord's markup; page is where it is shown, empty
// where nobody knows.
func (r *Raid) Announcement(page string) string {
	return "\U0001f6a8 **Raid mode is on:** " + r.Cause() + ".\n" + strings.Join(r.Doing(), "\n") +
		fmt.Sprintf("\nWhat it changed is put back %d minutes after the last sign, or with `/guildwatch raid off`.",
			int(Calm/time.Minute)) + at(page)
}

// Farewell is what the log channel reads when raid mode is over; by is who switched it off, as Discord mentions them.
func (r *Raid) Farewell(page string) string {
	why := fmt.Sprintf("nothing was seen for %d minutes", int(Calm/time.Minute))
	if r.EndedWhy == EndedByPerson {
		why = "<@" + r.EndedBy.String() + "> switched it off"
	}
	return "\u2705 **Raid mode is off:** " + why + ".\n" + strings.Join(r.Doing(), "\n") + at(page)
}

// Trouble is what the log channel reads, once, when something cannot be put back.
func (r *Raid) Trouble(page string) string {
	return "\u26a0\ufe0f **Raid mode cannot put back what it changed.** " + r.Problem + " It is tried again until it works." + at(page)
}

func at(page string) string {
	if page == "" {
		return ""
	}
	return "\n<" + page + ">"
}
