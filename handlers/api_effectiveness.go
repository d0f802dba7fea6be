package handlers

import (
	"context"
	"fmt"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// effectivenessAnswer is the JSON of GET /api/servers/{guild_id}/rule-effectiveness: every rule, those that found
// nothing included. Every key is always there.
type effectivenessAnswer struct {
	Guild  snowflake.GuildID `json:"guild_id"`
	Period stats.Period      `json:"period"`
	Rules  []effectAnswer    `json:"rules"` // guildwatch's own by number, then Discord's by name
}

// effectAnswer is how often one rule was broken. mode is null for Discord's own; false_positive_share is the part of
// what counted or would have that a moderator called wrong, null where there is nothing.
type effectAnswer struct {
	Rule     string              `json:"rule"` // "rule:12", "automod:81384788765712384"
	Source   moderation.Source   `json:"source"`
	Name     string              `json:"name"`
	Mode     *rule.Mode          `json:"mode"`
	Severity moderation.Severity `json:"severity"`
	countsAnswer
	Share *float64 `json:"false_positive_share"`
}

// apiEffectiveness is GET /api/servers/{guild_id}/rule-effectiveness.
func (s *site) apiEffectiveness(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	span, err := period(c.QueryParam("period"))
	if err != nil {
		return err
	}
	return s.answer(c, grant.Guild(), func(ctx context.Context) (any, error) {
		read, err := s.readRules(ctx, grant.Guild())
		if err != nil {
			return nil, err
		}
		answer := effectivenessAnswer{Guild: grant.Guild(), Period: span, Rules: []effectAnswer{}}
		now := s.now()
		within := store.Span{From: now.Add(-span.Length()), Until: now.Add(moderation.Bucket)} // the running bucket included
		err = s.Store.Read(ctx, func(snapshot *store.Snapshot) {
			for i := range read.rows {
				row := &read.rows[i]
				one := effectAnswer{Rule: fmt.Sprintf("rule:%d", row.Number), Source: moderation.SourceRule, Name: row.Name,
					Mode: &row.Mode, Severity: row.Severity}
				answer.Rules = append(answer.Rules, one.counted(snapshot, grant.Guild(), within))
			}
			for _, n := range read.natives {
				one := effectAnswer{Rule: fmt.Sprintf("automod:%d", n.Rule), Source: moderation.SourceAutoMod, Name: n.Name,
					Severity: n.Trigger.Severity()}
				answer.Rules = append(answer.Rules, one.counted(snapshot, grant.Guild(), within))
			}
		})
		return answer, err
	})
}

// counted is the answer with what the rule found within a time.
func (a effectAnswer) counted(now *store.Snapshot, guild snowflake.GuildID, within store.Span) effectAnswer {
	a.countsAnswer = countsAnswer(now.RuleCounts(guild, a.Rule, within))
	if all := a.Counted + a.FalsePositives; all > 0 {
		share := float64(a.FalsePositives) / float64(all)
		a.Share = &share
	}
	return a
}
