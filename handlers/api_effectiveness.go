package handlers

import (
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
)

// effectivenessAnswer is the JSON of GET /api/servers/{guild_id}/rule-effectiveness: every rule, those that found
// nothing included; a deleted one only where it found something. Every key is always there.
type effectivenessAnswer struct {
	Guild  snowflake.GuildID `json:"guild_id"`
	Period stats.Period      `json:"period"` // "custom" for from and to
	Rules  []effectAnswer    `json:"rules"`  // guildwatch's own by number, then Discord's by name
	Since  time.Time         `json:"since"`
	Until  time.Time         `json:"until"` // half-open
	ByKind map[string]int64  `json:"violations_by_kind"`

	Rounded  bool      `json:"rounded"`
	TimeZone string    `json:"time_zone"`
	At       time.Time `json:"at"`
	Seq      int64     `json:"seq"`
	Unknown  string    `json:"unknown"` // why nothing was counted, in words; empty: the time was watched
}

// effectAnswer is how often one rule was broken. mode is null for Discord's own; false_positive_share is the part of
// what the rule was enforced on, or found in shadow mode alone, that a moderator called wrong, null where there is nothing,
// and false_positive_95 where the true share lies with 95 % confidence.
type effectAnswer struct {
	Rule     string              `json:"rule"` // "rule:12", "automod:81384788765712384"
	Source   moderation.Source   `json:"source"`
	Name     string              `json:"name"`
	Mode     *rule.Mode          `json:"mode"`
	Severity moderation.Severity `json:"severity"`
	countsAnswer
	Share *float64 `json:"false_positive_share"`

	Within   []float64                     `json:"false_positive_95"` // lowest and highest; null where there is nothing
	Split    map[moderation.Severity]int64 `json:"counted_by_severity"`
	Before   *float64                      `json:"counted_before"` // in the time before, null where it was not watched
	Kind     string                        `json:"kind"`
	Deleted  bool                          `json:"deleted"`
	Versions []versionMark                 `json:"versions"` // made within the time, oldest first
}

// versionMark is when a rule got a new version.
type versionMark struct {
	Version int64     `json:"version"`
	At      time.Time `json:"at"`
	Note    string    `json:"note"`
}

// apiEffectiveness is GET /api/servers/{guild_id}/rule-effectiveness: what every rule found.
func (s *site) apiEffectiveness(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	return s.answerAnalytics(c, grant, func(a *stats.Analytics) any {
		answer := effectivenessAnswer{Guild: grant.Guild(), Period: a.Window.Period, Rules: []effectAnswer{},
			Since: a.Window.Span.From.UTC(), Until: a.Window.Span.Until.UTC(), ByKind: map[string]int64{},
			Rounded: a.Window.Rounded(), TimeZone: a.TimeZone, At: a.At.UTC(), Seq: a.Seq, Unknown: a.Temporal.Unknown}
		for _, kind := range a.Kinds {
			answer.ByKind[kind.Key] = kind.Count
		}
		for i := range a.Rules {
			answer.Rules = append(answer.Rules, effectOf(&a.Rules[i]))
		}
		return answer
	})
}

func effectOf(e *stats.RuleEffect) effectAnswer {
	a := effectAnswer{Rule: e.Rule, Source: e.Source, Name: e.Name, Severity: e.Severity,
		countsAnswer: countsAnswer{e.Found.Counted(), e.Found.Shadow, e.Found.FalsePositives},
		Split:        map[moderation.Severity]int64{}, Kind: stats.KindOf(&e.RuleLabel), Deleted: e.Deleted, Versions: []versionMark{}}
	if e.Number != 0 {
		a.Mode = &e.Mode
	}
	if e.Wrong.Known {
		a.Share, a.Within = &e.Wrong.Share, []float64{e.Wrong.Low, e.Wrong.High}
	}
	if e.Change.Known {
		a.Before = &e.Change.Previous
	}
	for i, severity := range moderation.Severities() {
		a.Split[severity] = e.Found.BySeverity[i]
	}
	for _, mark := range e.Marks {
		a.Versions = append(a.Versions, versionMark{mark.Version, mark.At.UTC(), mark.Note})
	}
	return a
}
