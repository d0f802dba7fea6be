package stats

import (
	"time"

	"guildwatch/internal/moderation/edition"
	"guildwatch/internal/snowflake"
)

// ReviewAnswer is a report in JSON, as webhooks get it. Every key is always there; null only where a value cannot be
// known. The shape only ever grows.
type ReviewAnswer struct {
	Guild    snowflake.GuildID       `json:"guild_id"`
	Cadence  edition.Cadence         `json:"cadence"` // "daily"
	Date     string                  `json:"date"`    // the first day: "2026-11-20"
	From     time.Time               `json:"from"`
	Until    time.Time               `json:"until"` // half-open
	TimeZone string                  `json:"time_zone"`
	Running  bool                    `json:"running"` // not over yet
	Whole    bool                    `json:"whole"`   // watched from its beginning on
	Messages MetricFigure            `json:"messages"`
	Commands MetricFigure            `json:"commands"`
	Joins    MetricFigure            `json:"joins"`
	Leaves   MetricFigure            `json:"leaves"`
	Found    MetricFigure            `json:"violations"`
	Rate     MetricFigure            `json:"violations_per_1000_messages"`
	Severity map[string]int64        `json:"violations_by_severity"`
	BySource map[string]int64        `json:"violations_by_source"`
	Actions  MetricFigure            `json:"actions"`
	ByKind   map[string]int64        `json:"actions_by_kind"`
	Acted    map[string]int64        `json:"actions_by_source"`
	Median   MetricFigure            `json:"response_median_ms"`
	P95      MetricFigure            `json:"response_p95_ms"`
	Endings  map[string]MetricFigure `json:"action_share_percent"`
	Repeat   RepeatAnswer            `json:"members_by_violations"`
	Rules    []RuleReviewAnswer      `json:"rules"`
	Top      []OffenderReviewAnswer  `json:"offenders"` // the 10 who broke most rules
}

// RuleReviewAnswer is what one rule found.
type RuleReviewAnswer struct {
	Rule           string `json:"rule"`
	Name           string `json:"name"`
	Source         string `json:"source"`
	Violations     int64  `json:"violations"`
	Before         int64  `json:"violations_before"`
	Shadow         int64  `json:"shadow"`
	FalsePositives int64  `json:"false_positives"`
}

// OffenderReviewAnswer is a member and how often they broke a rule.
type OffenderReviewAnswer struct {
	User       snowflake.UserID `json:"user_id"`
	Name       string           `json:"name"`
	Violations int64            `json:"violations"`
}

// Answer is the report as programs get it.
func (r *Review) Answer() ReviewAnswer {
	a := ReviewAnswer{Guild: r.Profile.ID, Cadence: r.Edition.Cadence, Date: r.Edition.Day(), From: r.Span.From.UTC(),
		Until: r.Span.Until.UTC(), TimeZone: r.TimeZone, Running: r.Running, Whole: !r.Begins,
		Messages: r.Messages.metric(), Commands: r.Commands.metric(), Joins: r.Joins.metric(), Leaves: r.Leaves.metric(),
		Found: r.Violations.metric(), Rate: r.Rate.metric(), Severity: counts(r.Severity), BySource: counts(r.FoundBySource),
		Actions: r.Actions.metric(), ByKind: counts(r.ByKind), Acted: counts(r.BySource),
		Median: r.ResponseMedian.metric(), P95: r.ResponseP95.metric(), Endings: make(map[string]MetricFigure, 4),
		Repeat: RepeatAnswer(r.Repeat), Rules: []RuleReviewAnswer{}, Top: []OffenderReviewAnswer{}}
	for _, ending := range r.Endings {
		a.Endings[string(ending.Kind)] = ending.Share.metric()
	}
	for _, rule := range r.Rules {
		a.Rules = append(a.Rules, RuleReviewAnswer{rule.Key, rule.Name, string(rule.Source), rule.Counted, rule.Before,
			rule.Shadow, rule.FalsePositives})
	}
	for _, offender := range r.Offenders {
		a.Top = append(a.Top, OffenderReviewAnswer{offender.ID, offender.Name, offender.Violations})
	}
	return a
}
