package handlers

import (
	"context"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// rulesAnswer is the JSON of GET /api/servers/{guild_id}/rules: the rules page for scripts. Every key is always there.
type rulesAnswer struct {
	Guild   snowflake.GuildID `json:"guild_id"`
	Rules   []ruleAnswer      `json:"rules"`        // by number
	Natives []nativeAnswer    `json:"native_rules"` // Discord's own AutoMod, by name
	Ladder  ladderAnswer      `json:"ladder"`
}

// ruleAnswer is one rule with what it found. Lengths of time are whole seconds; timeout_seconds is null where no
// timeout follows, problem where guildwatch has not switched it off.
type ruleAnswer struct {
	Number   int64                 `json:"number"`
	Version  int64                 `json:"version"`
	Name     string                `json:"name"`
	Kind     rule.Kind             `json:"kind"`
	Mode     rule.Mode             `json:"mode"`
	Severity moderation.Severity   `json:"severity"`
	Delete   bool                  `json:"delete"`
	Respond  rule.Response         `json:"respond"`
	Timeout  *int64                `json:"timeout_seconds"`
	Raw      bool                  `json:"raw"`
	Channels []snowflake.ChannelID `json:"exempt_channels"`
	Roles    []snowflake.RoleID    `json:"exempt_roles"`
	Looks    specAnswer            `json:"looks_for"`
	Problem  *string               `json:"problem"`
	Made     time.Time             `json:"made_at"`
	Updated  time.Time             `json:"updated_at"`
	Week     countsAnswer          `json:"last_7_days"`
	Month    countsAnswer          `json:"last_30_days"`
}

// specAnswer is what a rule looks for: the keys that its kind reads, and no others.
type specAnswer struct {
	Words   []string `json:"words,omitempty"`
	Pattern string   `json:"pattern,omitempty"`
	Deny    []string `json:"deny,omitempty"`
	Allow   []string `json:"allow,omitempty"`
	Scams   bool     `json:"scams,omitempty"`
	Masked  bool     `json:"masked,omitempty"`
	Most    int      `json:"most,omitempty"`
	Within  int64    `json:"within_seconds,omitempty"`
	Share   int      `json:"share,omitempty"`
	Letters int      `json:"letters,omitempty"`
	Endings []string `json:"endings,omitempty"`
	Age     int64    `json:"age_seconds,omitempty"`
	Linked  bool     `json:"linked,omitempty"`
}

// countsAnswer is how often a rule was broken, by what became of it.
type countsAnswer struct {
	Counted        int64 `json:"counted"`
	Shadow         int64 `json:"shadow"`
	FalsePositives int64 `json:"false_positives"`
}

// ladderAnswer is what each violation costs a member.
type ladderAnswer struct {
	Own   bool         `json:"own"` // false: as guildwatch comes with it
	Steps []stepAnswer `json:"steps"`
}

type stepAnswer struct {
	Kind    moderation.ActionKind `json:"kind"`
	Timeout *int64                `json:"timeout_seconds"` // null: no timeout
}

// apiRules is GET /api/servers/{guild_id}/rules: every rule, what it found, and the ladder.
func (s *site) apiRules(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	return s.answer(c, grant.Guild(), func(ctx context.Context) (any, error) {
		read, err := s.readRules(ctx, grant.Guild())
		if err != nil {
			return nil, err
		}
		answer := rulesAnswer{Guild: grant.Guild(), Rules: []ruleAnswer{}, Natives: []nativeAnswer{},
			Ladder: ladderAnswer{Own: read.steps().Own, Steps: []stepAnswer{}}}
		for i := range read.rows {
			answer.Rules = append(answer.Rules, ruleAnswerOf(&read.rows[i]))
		}
		for _, n := range read.natives {
			answer.Natives = append(answer.Natives, nativeAnswerOf(n, read.caught[n.Rule]))
		}
		for _, step := range read.ladder {
			answer.Ladder.Steps = append(answer.Ladder.Steps, stepAnswer{step.Kind, seconds(step.Timeout)})
		}
		return answer, nil
	})
}

func ruleAnswerOf(row *store.RuleRow) ruleAnswer {
	s := &row.Spec
	answer := ruleAnswer{
		Number: row.Number, Version: row.Version, Name: row.Name, Kind: row.Kind, Mode: row.Mode, Severity: row.Severity,
		Delete: row.Delete, Respond: row.Respond, Timeout: seconds(row.Timeout), Raw: row.Raw,
		Channels: append([]snowflake.ChannelID{}, row.ExemptChannels...),
		Roles:    append([]snowflake.RoleID{}, row.ExemptRoles...),
		Looks: specAnswer{Words: s.Words, Pattern: s.Pattern, Deny: s.Deny, Allow: s.Allow, Scams: s.Scams,
			Masked: s.Masked, Most: s.Most, Within: int64(s.Within / time.Second), Share: s.Share, Letters: s.Letters,
			Endings: s.Endings, Age: int64(s.Age / time.Second), Linked: s.Linked},
		Made: row.Made.UTC(), Updated: row.Updated.UTC(), Week: countsAnswer(row.Week), Month: countsAnswer(row.Month),
	}
	if row.Problem != "" {
		answer.Problem = &row.Problem
	}
	return answer
}

// seconds is a length of time in JSON; null for none.
func seconds(d time.Duration) *int64 {
	if d == 0 {
		return nil
	}
	n := int64(d / time.Second)
	return &n
}
