package stats

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// WorkloadAnswer is the answer of GET /api/servers/{guild_id}/workload. Every key is always there. The shape only ever
// grows.
type WorkloadAnswer struct {
	Guild      snowflake.GuildID   `json:"guild_id"`
	Period     Period              `json:"period"` // "custom" for from and to
	Since      time.Time           `json:"since"`
	Until      time.Time           `json:"until"` // half-open
	Rounded    bool                `json:"rounded"`
	TimeZone   string              `json:"time_zone"`
	At         time.Time           `json:"at"`
	Seq        int64               `json:"seq"`
	Moderators []WorkerAnswer      `json:"moderators"`  // at most 50, who did most first
	Median     MetricFigure        `json:"response_ms"` // from detection to the first action done
	P95        MetricFigure        `json:"response_p95_ms"`
	Responses  int64               `json:"responses"`   // how many violations that tells of
	Answers    []ConsistencyAnswer `json:"consistency"` // the least alike first
	Others     int                 `json:"others"`      // how many more were active
	Unknown    string              `json:"unknown"`     // why nothing was counted, in words; empty: the time was watched
}

// WorkerAnswer is a moderator and what they did. Hours are clock hours in which they acted or wrote.
type WorkerAnswer struct {
	User    WirePart                        `json:"user"`
	Actions int64                           `json:"actions"`
	ByKind  map[moderation.ActionKind]int64 `json:"actions_by_kind"`
	Hours   int                             `json:"active_hours"`
}

// ConsistencyAnswer is how moderators answered the violations of one rule and severity.
type ConsistencyAnswer struct {
	Rule     string                          `json:"rule"`
	Name     string                          `json:"name"`
	Severity moderation.Severity             `json:"severity"`
	ByKind   map[moderation.ActionKind]int64 `json:"answers_by_kind"`
	Total    int64                           `json:"answers"`
	Usual    moderation.ActionKind           `json:"usual"`
	Share    float64                         `json:"usual_share"` // 1: always alike
}

// WorkloadAnswer is what moderators did, as scripts get it.
func (a *Analytics) WorkloadAnswer() WorkloadAnswer {
	w := &a.Workload
	answer := WorkloadAnswer{Guild: a.Profile.ID, Period: a.Window.Period, Since: a.Window.Span.From.UTC(),
		Until: a.Window.Span.Until.UTC(), Rounded: a.Window.Rounded(), TimeZone: a.TimeZone, At: a.At.UTC(), Seq: a.Seq,
		Moderators: make([]WorkerAnswer, 0, len(w.Moderators)), Median: w.Responses.Median.metric(),
		P95: w.Responses.P95.metric(), Responses: w.Responses.Count, Answers: make([]ConsistencyAnswer, 0, len(w.Answers)),
		Others: w.Others, Unknown: a.Temporal.Unknown}
	for i := range w.Moderators {
		m := &w.Moderators[i]
		answer.Moderators = append(answer.Moderators, WorkerAnswer{m.wire(), m.Actions, countsByKind(&m.ByKind), m.Hours})
	}
	for i := range w.Answers {
		one := &w.Answers[i]
		answer.Answers = append(answer.Answers, ConsistencyAnswer{one.Rule, one.Name, one.Severity, countsByKind(&one.ByKind),
			one.Total, one.Usual, one.Share})
	}
	return answer
}

// countsByKind has every kind of action.
func countsByKind(counts *[8]int64) map[moderation.ActionKind]int64 {
	m := make(map[moderation.ActionKind]int64, len(counts))
	for i, kind := range moderation.ActionKinds() {
		m[kind] = counts[i]
	}
	return m
}
