package stats

import (
	"time"

	"guildwatch/internal/snowflake"
)

// Metrics is the answer of GET /api/servers/{guild_id}/metrics and the data of its `metrics_update` frames. Every key
// is always there; null only where a value cannot be known. The shape only ever grows.
type Metrics struct {
	Guild    snowflake.GuildID `json:"guild_id"`
	Period   Period            `json:"period"` // "custom" for from and to
	Since    time.Time         `json:"since"`  // on a quarter of an hour
	Until    time.Time         `json:"until"`  // half-open, on a quarter of an hour
	Rounded  bool              `json:"rounded"`
	RowsFrom *time.Time        `json:"rows_from"` // who broke rules is told by rows, which are kept from then on; null: from the beginning
	Unknown  string            `json:"unknown"`   // why nothing was counted, in words; empty: the time was watched
	At       time.Time         `json:"at"`
	Seq      int64             `json:"seq"`
	Messages MetricFigure      `json:"messages"`
	Commands MetricFigure      `json:"commands"`
	Joins    MetricFigure      `json:"joins"`
	Leaves   MetricFigure      `json:"leaves"`
	Actions  MetricFigure      `json:"actions"`
	Found    MetricFigure      `json:"violations"`
	Active   MetricFigure      `json:"active_members"`
	Latency  MetricFigure      `json:"latency_ms"`
	BySource map[string]int64  `json:"actions_by_source"`
	ByKind   map[string]int64  `json:"actions_by_kind"`
	Severity map[string]int64  `json:"violations_by_severity"`
	Activity []MetricHour      `json:"activity"` // 24 points, oldest first

	FoundBySource map[string]int64        `json:"violations_by_source"`
	FoundByKind   map[string]int64        `json:"violations_by_kind"`
	Rate          MetricFigure            `json:"violations_per_1000_messages"`
	Median        MetricFigure            `json:"response_median_ms"`
	P95           MetricFigure            `json:"response_p95_ms"`
	Endings       map[string]MetricFigure `json:"action_share_percent"` // warn, timeout, kick, ban
	Repeat        RepeatAnswer            `json:"members_by_violations"`
}

// RepeatAnswer is how many members broke a rule so often.
type RepeatAnswer struct {
	One  int64 `json:"1"`
	Two  int64 `json:"2"`
	More int64 `json:"3_or_more"`
}

// MetricFigure is a figure in JSON: value is null when it cannot be known, change_percent also when the earlier value
// was 0.
type MetricFigure struct {
	Value         *float64 `json:"value"`
	Previous      *float64 `json:"previous"`
	ChangePercent *float64 `json:"change_percent"`
	New           bool     `json:"new"`
}

// MetricHour is one hour of a guild's activity.
type MetricHour struct {
	Hour       time.Time `json:"hour"`
	Messages   int64     `json:"messages"`
	Commands   int64     `json:"commands"`
	Joins      int64     `json:"joins"`
	Leaves     int64     `json:"leaves"`
	Actions    int64     `json:"actions"`
	Violations int64     `json:"violations"`
	Gap        bool      `json:"gap"` // events may have been missed
}

// Metrics is the dashboard as scripts get it.
func (g *Guild) Metrics() Metrics {
	m := Metrics{Guild: g.Profile.ID, Period: g.Window.Period, Since: g.Window.Span.From.UTC(),
		Until: g.Window.Span.Until.UTC(), Rounded: g.Window.Rounded(), RowsFrom: known(g.RowsFrom), Unknown: g.Unknown,
		At: g.At.UTC(), Seq: g.Seq,
		Messages: g.Messages.metric(), Commands: g.Commands.metric(), Joins: g.Joins.metric(), Leaves: g.Leaves.metric(),
		Actions: g.Actions.metric(), Found: g.Violations.metric(), Active: g.Active.metric(), Latency: g.Latency.metric(),
		BySource: counts(g.BySource), ByKind: counts(g.ByKind), Severity: counts(g.Severity),
		Activity: make([]MetricHour, 0, len(g.Activity)), FoundBySource: counts(g.FoundBySource), FoundByKind: counts(g.FoundByKind), Rate: g.Rate.metric(),
		Median: g.ResponseMedian.metric(), P95: g.ResponseP95.metric(), Endings: make(map[string]MetricFigure, 4),
		Repeat: RepeatAnswer(g.Repeat)}
	for _, ending := range g.Endings {
		m.Endings[string(ending.Kind)] = ending.Share.metric()
	}
	for _, h := range g.Activity {
		m.Activity = append(m.Activity, MetricHour{h.Start.UTC(), h.Messages, h.Commands, h.Joins, h.Leaves, h.Actions, h.Violations, h.Gap})
	}
	return m
}

func (f Figure) metric() MetricFigure {
	m := MetricFigure{ChangePercent: f.Change.percent(), New: f.Change.New}
	if f.Known {
		m.Value = &f.Value
	}
	if f.Change.Known {
		m.Previous = &f.Change.Previous
	}
	return m
}

func counts(shares []Share) map[string]int64 {
	m := make(map[string]int64, len(shares))
	for _, s := range shares {
		m[s.Key] = s.Count
	}
	return m
}
