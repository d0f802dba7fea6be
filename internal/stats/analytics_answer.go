package stats

import (
	"time"

	"guildwatch/internal/snowflake"
)

// TemporalAnswer is the answer of GET /api/servers/{guild_id}/temporal-analytics. Every key is always there. The shape
// only ever grows.
type TemporalAnswer struct {
	Guild     snowflake.GuildID  `json:"guild_id"`
	Period    Period             `json:"period"` // "custom" for from and to
	Since     time.Time          `json:"since"`  // on a quarter of an hour
	Until     time.Time          `json:"until"`  // half-open, on a quarter of an hour
	Rounded   bool               `json:"rounded"`
	TimeZone  string             `json:"time_zone"`
	At        time.Time          `json:"at"`
	Seq       int64              `json:"seq"`
	Found     MetricFigure       `json:"violations"`
	Severity  map[string]int64   `json:"violations_by_severity"`
	BySource  map[string]int64   `json:"violations_by_source"`
	Heatmap   []SlotAnswer       `json:"heatmap"` // 168, from Monday 00:00 on the clock of the time zone
	Peaks     []PeakAnswer       `json:"peaks"`   // at most 5, most first
	Step      Step               `json:"step"`
	Series    []PointAnswer      `json:"series"` // oldest first
	Weeks     int                `json:"usual_weeks"`
	NeedWeeks int                `json:"usual_needs_weeks"`
	Alone     []UnattendedAnswer `json:"without_moderator"` // at most 5, most violations first
	// ModeratorsActive is how many were. That they wrote is known from WroteSince on; null: from the beginning.
	ModeratorsActive int        `json:"moderators_active"`
	WroteSince       *time.Time `json:"moderators_write_since"`
	// Timeline is what was of note, the newest first. Bursts are listed from BurstsSince on, and told by rows, which are kept
	// from RowsFrom on; null: from the beginning.
	Timeline    []MomentAnswer `json:"timeline"`
	BurstsSince *time.Time     `json:"timeline_bursts_since"`
	RowsFrom    *time.Time     `json:"rows_from"`
	// TimelineCut says that there was more of a kind than the 100 that are listed.
	TimelineCut bool   `json:"timeline_cut"`
	Unknown     string `json:"unknown"` // why nothing was counted, in words; empty: the time was watched
}

// MomentAnswer is something of note. What is null or empty does not belong to its kind.
type MomentAnswer struct {
	Kind       MomentKind `json:"kind"`
	From       time.Time  `json:"from"`
	Until      *time.Time `json:"until"` // null: it is not over
	Violations int64      `json:"violations"`
	Raid       int64      `json:"raid"`
	By         WirePart   `json:"by"`     // of a change; empty: guildwatch
	Action     string     `json:"action"` // of a change: "rule.saved"
	About      string     `json:"about"`  // of a change: what was changed; of a gap: the reason
}

// SlotAnswer is one hour of the week. What lies in no hour of the time has hours 0.
type SlotAnswer struct {
	Weekday    string `json:"weekday"` // "monday"
	Hour       int    `json:"hour"`
	Violations int64  `json:"violations"`
	Hours      int    `json:"hours"`
	Attended   int    `json:"hours_with_moderator"`
	Missed     bool   `json:"gap"` // events may have been missed
}

// PeakAnswer is one of the hours of the week with most violations.
type PeakAnswer struct {
	Weekday    string `json:"weekday"`
	Hour       int    `json:"hour"`
	Violations int64  `json:"violations"`
}

// PointAnswer is one step of the series; usual is null where too few weeks are known.
type PointAnswer struct {
	From       time.Time    `json:"from"`
	Until      time.Time    `json:"until"`
	Violations int64        `json:"violations"`
	Missed     bool         `json:"gap"`
	Running    bool         `json:"running"`
	Usual      *UsualAnswer `json:"usual"`
}

// UsualAnswer is what the same time of earlier weeks was like: half of them lie from low to high.
type UsualAnswer struct {
	Weeks  int     `json:"weeks"`
	Low    float64 `json:"low"`
	Median float64 `json:"median"`
	High   float64 `json:"high"`
}

// UnattendedAnswer is a part of the week without any moderator.
type UnattendedAnswer struct {
	FromWeekday  string `json:"from_weekday"`
	FromHour     int    `json:"from_hour"`
	UntilWeekday string `json:"until_weekday"`
	UntilHour    int    `json:"until_hour"`
	Violations   int64  `json:"violations"`
}

// weekdays are the words of days in JSON, Monday first.
var weekdays = [7]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// TemporalAnswer is when rules were broken, as scripts get it.
func (a *Analytics) TemporalAnswer() TemporalAnswer {
	t := &a.Temporal
	answer := TemporalAnswer{Guild: a.Profile.ID, Period: a.Window.Period, Since: a.Window.Span.From.UTC(),
		Until: a.Window.Span.Until.UTC(), Rounded: a.Window.Rounded(), TimeZone: a.TimeZone, At: a.At.UTC(), Seq: a.Seq,
		Found: t.Violations.metric(), Severity: counts(t.Severity), BySource: counts(t.Sources),
		Heatmap: make([]SlotAnswer, 0, 168), Peaks: make([]PeakAnswer, 0, peaks), Step: t.Series.Step,
		Series: make([]PointAnswer, 0, len(t.Series.Points)), Weeks: t.Series.Weeks, NeedWeeks: NeedWeeks,
		Alone: make([]UnattendedAnswer, 0, peaks), ModeratorsActive: t.Moderators}
	answer.WroteSince, answer.BurstsSince, answer.RowsFrom = known(t.WroteSince), known(a.Timeline.Since), known(a.RowsFrom)
	answer.TimelineCut, answer.Unknown = a.Timeline.Cut, t.Unknown
	answer.Timeline = make([]MomentAnswer, 0, len(a.Timeline.Moments))
	for _, m := range a.Timeline.Moments {
		answer.Timeline = append(answer.Timeline, MomentAnswer{m.Kind, m.From.UTC(), known(m.Until), m.Violations, m.Number,
			m.By.wire(), m.Action, m.Target})
	}
	for weekday, day := range t.Heatmap.Slots {
		for hour, slot := range day {
			answer.Heatmap = append(answer.Heatmap, SlotAnswer{weekdays[weekday], hour, slot.Violations, slot.Hours,
				slot.Attended, slot.Missed})
		}
	}
	for _, peak := range t.Heatmap.Peaks {
		answer.Peaks = append(answer.Peaks, PeakAnswer{weekdays[(peak.Weekday+6)%7], peak.Hour, peak.Violations})
	}
	for _, p := range t.Series.Points {
		one := PointAnswer{From: p.From.UTC(), Until: p.Until.UTC(), Violations: p.Violations, Missed: p.Missed,
			Running: p.Running}
		if u := p.Usual; u.Known {
			one.Usual = &UsualAnswer{u.Weeks, u.Low, u.Median, u.High}
		}
		answer.Series = append(answer.Series, one)
	}
	for _, part := range t.Unattended {
		answer.Alone = append(answer.Alone, UnattendedAnswer{weekdays[part.From/24%7], part.From % 24,
			weekdays[part.Until/24%7], part.Until % 24, part.Violations})
	}
	return answer
}

// known is a moment in UTC; nil for the zero one.
func known(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}
