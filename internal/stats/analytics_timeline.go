package stats

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"guildwatch/store"
)

// MomentKind is a kind of what stands on a timeline.
type MomentKind string

// The kinds.
const (
	MomentBurst  MomentKind = "burst"  // 10 violations or more within 5 minutes
	MomentRaid   MomentKind = "raid"   // raid mode was on, or is
	MomentChange MomentKind = "change" // somebody changed rules or settings
	MomentGap    MomentKind = "gap"    // events may have been missed
	MomentOutage MomentKind = "outage" // Discord could not reach the guild, and cannot yet
)

// Moment is something of note that happened in a window.
type Moment struct {
	Kind        MomentKind
	From, Until time.Time // the same for a change; Until is zero for what has not ended
	Violations  int64     // of a burst
	Number      int64     // of a raid
	By          Person    // of a change; zero: guildwatch
	Action      string    // of a change, as in the audit log: "rule.saved"
	Target      string    // of a change: the rule's name, or what the audit log has; of a gap: the reason
}

// Timeline is what was of note, the newest first.
type Timeline struct {
	Moments []Moment
	// Since is from when on bursts are listed, where there were too many violations to look at all of them; zero: all.
	Since time.Time
	Cut   bool // there was more of a kind than TimelineLength: the older ones are not listed
}

const (
	burstSize  = 10
	burstWidth = 5 * time.Minute
	// burstsRead is how many of the newest violations are looked at for bursts: reading so many takes 3 ms.
	burstsRead = 12_000
	// TimelineLength is how many moments of each kind are listed at most.
	TimelineLength = 100
)

// timeline collects what was of note. labels name the rules that were changed.
func (a *analysis) timeline(counts quarters, labels []store.RuleLabel) (t Timeline) {
	newest := store.Span{From: counts.backTo(a.window.Span, burstsRead), Until: a.window.Span.Until}
	if newest.From.After(a.window.Span.From) {
		t.Since = newest.From
	}
	bursts := burstsIn(a.FoundAt(a.guild, newest))
	t.Moments = append(t.Moments, newestOf(bursts, &t)...)
	for _, r := range newestOf(a.RaidsIn(a.guild, a.window.Span, TimelineLength+1), &t) {
		t.Moments = append(t.Moments, Moment{Kind: MomentRaid, From: r.Started, Until: r.Ended, By: Person{ID: r.By},
			Number: r.Number})
	}
	names := make(map[string]string, len(labels))
	for _, label := range labels {
		names[label.Rule] = label.Name
	}
	for _, change := range newestOf(a.SettingsChanges(a.guild, a.window.Span, TimelineLength+1), &t) {
		t.Moments = append(t.Moments, Moment{Kind: MomentChange, From: change.At, Until: change.At,
			By: Person{ID: change.By}, Action: change.Action, Target: targetOf(change, names)})
	}
	var gaps []Moment
	for _, gap := range slices.Concat(a.coverage().running, a.coverage().over) {
		switch {
		case !gap.From.Before(a.window.Span.Until), !gap.To.IsZero() && !gap.To.After(a.window.Span.From):
		case gap.Reason == unreachable:
			t.Moments = append(t.Moments, Moment{Kind: MomentOutage, From: gap.From})
		default:
			gaps = append(gaps, Moment{Kind: MomentGap, From: gap.From, Until: gap.To, Target: gap.Reason})
		}
	}
	t.Moments = append(t.Moments, newestOf(gaps, &t)...)
	slices.SortStableFunc(t.Moments, func(x, y Moment) int { return y.From.Compare(x.From) })
	return t
}

// newestOf are as many of one kind as are listed; they come newest first.
func newestOf[M any](list []M, t *Timeline) []M {
	t.Cut = t.Cut || len(list) > TimelineLength
	return list[:min(TimelineLength, len(list))]
}

// targetOf names the rule that was changed, by its own name where it has one still. Other changes are all of a kind: what the
// audit log has of them are ids.
func targetOf(change store.SettingsChange, names map[string]string) string {
	if !strings.HasPrefix(change.Action, "rule.") && !strings.HasPrefix(change.Action, "native_rule.") {
		return ""
	}
	return cmp.Or(names[change.Target], change.Target)
}

// burstsIn finds where ten violations or more lie within five minutes; what overlaps is one burst. Times come newest
// first, and so do bursts.
func burstsIn(times []time.Time) (bursts []Moment) {
	for i := 0; i+burstSize <= len(times); i++ {
		if times[i].Sub(times[i+burstSize-1]) >= burstWidth {
			continue
		}
		end := i + burstSize - 1 // the oldest that belongs to it
		for next := i + 1; next <= end && next+burstSize <= len(times); next++ {
			if times[next].Sub(times[next+burstSize-1]) < burstWidth {
				end = next + burstSize - 1
			}
		}
		bursts = append(bursts, Moment{Kind: MomentBurst, From: times[end], Until: times[i], Violations: int64(end - i + 1)})
		i = end
	}
	return bursts
}
