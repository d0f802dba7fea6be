package stats

import (
	"time"

	"guildwatch/internal/moderation/health"
	"guildwatch/internal/snowflake"
)

// HealthAnswer is the answer of GET /api/servers/{guild_id}/health and the data of its `health_update` frames: the last
// 24 hours. Every key is always there; null only where a value cannot be known. The shape only ever grows.
type HealthAnswer struct {
	Guild     snowflake.GuildID `json:"guild_id"`
	At        time.Time         `json:"at"`
	Seq       int64             `json:"seq"`
	Score     float64           `json:"score"` // 0 to 100
	Level     health.Level      `json:"level"` // good, warning below 70, alert below 50
	Limited   bool              `json:"limited_data"`
	Previous  *float64          `json:"previous"` // the score 24 hours ago
	Penalties []PenaltyAnswer   `json:"penalties"`
}

// PenaltyAnswer is what one cause costs: nothing up to from, most points from to on.
type PenaltyAnswer struct {
	Cause  health.Cause `json:"cause"`
	Points float64      `json:"points"`
	Most   float64      `json:"most"`
	Input  *float64     `json:"input"` // violations per 1000 messages, milliseconds, kicks and bans per action
	From   float64      `json:"from"`
	To     float64      `json:"to"`
}

// HealthAnswer is the score as scripts get it.
func (g *Guild) HealthAnswer() HealthAnswer {
	h := HealthAnswer{Guild: g.Profile.ID, At: g.At.UTC(), Seq: g.Seq, Score: g.Health.Value, Level: g.Health.Level(),
		Limited: g.Health.Limited, Previous: g.Health.Change.previous(), Penalties: make([]PenaltyAnswer, 0, 3)}
	for i := range g.Health.Penalties {
		p := &g.Health.Penalties[i]
		one := PenaltyAnswer{Cause: p.Cause, Points: p.Points, Most: p.Most, From: p.From, To: p.To}
		if p.Known {
			one.Input = &p.Input
		}
		h.Penalties = append(h.Penalties, one)
	}
	return h
}

func (c *Change) previous() *float64 {
	if !c.Known {
		return nil
	}
	return &c.Previous
}
