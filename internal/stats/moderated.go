package stats

import (
	"context"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/health"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// Health is a guild's score with what it was computed from.
type Health struct {
	health.Score
	Input  health.Input
	Change Change // from the 24 hours before, in points
}

// Ending is how large a part of all actions was of a kind that punishes.
type Ending struct {
	Kind  moderation.ActionKind
	Share Figure // percent of all actions of the period
}

// Repeat is how many members broke a rule once, twice, and three times or more in the period.
type Repeat struct{ One, Two, More int64 }

// Offender is a member and how often they broke a rule.
type Offender struct {
	Person
	Violations int64
	Last       time.Time
}

// comparison is what figures of a period are compared with: the span before, if all of it was watched.
type comparison struct {
	watched  history
	previous store.Span
	why      string
}

func (c comparison) with(current, previous float64) Change {
	return c.watched.compare(current, previous, c.previous, c.why)
}

// ratio is a part of something.
type ratio struct{ part, whole int64 }

func (r ratio) times(n float64) float64 { return n * float64(r.part) / float64(r.whole) }

// figure is a ratio times n, if there is a whole; each with its own reason for there being none.
func (c comparison) figure(now, before ratio, n float64, why, whyNot string) Figure {
	if now.whole == 0 {
		return Figure{Why: why, Change: Unknown(why)}
	}
	f := Figure{Value: now.times(n), Known: true, Change: c.with(0, 0)}
	switch {
	case !f.Change.Known:
	case before.whole == 0:
		f.Change = Unknown(whyNot)
	default:
		f.Change = Compare(f.Value, before.times(n))
	}
	return f
}

func (c comparison) rate(now, before ratio) Figure {
	return c.figure(now, before, 1000, "no messages in this time", "no messages in the time before")
}

// endings are the shares of the kinds that punish.
func (c comparison) endings(now map[moderation.ActionKind]int64, before store.Endings) []Ending {
	total := sum(now)
	ending := func(kind moderation.ActionKind, previous int64) Ending {
		return Ending{kind, c.figure(ratio{now[kind], total}, ratio{previous, before.Total}, 100,
			"no actions in this time", "no actions in the time before")}
	}
	return []Ending{ending(moderation.ActionWarn, before.Warns), ending(moderation.ActionTimeout, before.Timeouts),
		ending(moderation.ActionKick, before.Kicks), ending(moderation.ActionBan, before.Bans)}
}

// responses are the median and the 95th percentile of the time from detection to the first action done.
func (c comparison) responses(now, before moderation.Latency) (median, p95 Figure) {
	figure := func(part float64) Figure {
		if now.Count == 0 {
			const why = "no rule has acted in this time"
			return Figure{Why: why, Change: Unknown(why)}
		}
		f := Figure{Value: inMS(now.Quantile(part)), Known: true, Change: c.with(0, 0)}
		switch {
		case !f.Change.Known:
		case before.Count == 0:
			f.Change = Unknown("no rule has acted in the time before")
		default:
			f.Change = Compare(f.Value, inMS(before.Quantile(part)))
		}
		return f
	}
	return figure(0.5), figure(0.95)
}

func inMS(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// healthOf is the score of the last 24 hours and how it stood 24 hours before.
func healthOf(p *guildParts, now time.Time, watched history) Health {
	vitals, running := &p.vitals.value, &p.found.value
	byKind := p.actions.value.ByKind
	h := Health{Input: inputOf(store.Vitals{
		Messages:   vitals.current.Messages + p.counters.value.Messages,
		Violations: vitals.current.Violations + sum(running.counts.BySeverity),
		Actions:    vitals.current.Actions + sum(byKind),
		Removals:   vitals.current.Removals + byKind[moderation.ActionKick] + byKind[moderation.ActionBan],
	}, vitals.answered.Plus(running.responses))}
	h.Score = health.Of(h.Input)
	before := health.Of(inputOf(vitals.before, vitals.answeredBefore))
	_, previous := windows(now, PeriodDay.Length())
	h.Change = watched.compare(h.Value, before.Value, previous, PeriodDay.needs())
	return h
}

func inputOf(v store.Vitals, responses moderation.Latency) health.Input {
	return health.Input{Messages: v.Messages, Violations: v.Violations, Answered: responses.Count,
		Median: responses.Quantile(0.5), Actions: v.Actions, Removals: v.Removals}
}

func (s *Stats) offenders(ctx context.Context, list []store.Offender) ([]Offender, error) {
	ids := make([]snowflake.UserID, len(list))
	for i, offender := range list {
		ids[i] = offender.User
	}
	names, err := s.store.Names().Look(ctx, ids)
	if err != nil {
		return nil, err
	}
	offenders := make([]Offender, len(list))
	for i, offender := range list {
		offenders[i] = Offender{Person: personOf(names[offender.User]), Violations: offender.Violations,
			Last: offender.Last}
	}
	return offenders, nil
}
