package stats

import (
	"time"

	"guildwatch/internal/snowflake"
)

// OffendersAnswer is the answer of GET /api/servers/{guild_id}/top-offenders. Every key is always there. The shape only
// ever grows.
type OffendersAnswer struct {
	Guild     snowflake.GuildID `json:"guild_id"`
	Period    Period            `json:"period"` // "custom" for from and to
	Since     time.Time         `json:"since"`
	Until     time.Time         `json:"until"` // half-open
	Rounded   bool              `json:"rounded"`
	At        time.Time         `json:"at"`
	Seq       int64             `json:"seq"`
	Offenders []OffenderAnswer  `json:"offenders"` // at most 10, most violations first
	Repeat    RepeatAnswer      `json:"members_by_violations"`
	Before    RepeatBefore      `json:"members_by_violations_before"`
	Moderated MetricFigure      `json:"ever_moderated_percent"` // of the members active this calendar month
	Active    int64             `json:"active_members"`
	TimeZone  string            `json:"time_zone"`
	RowsFrom  *time.Time        `json:"rows_from"` // offenders are told by rows, which are kept from then on; null: all are
	Unknown   string            `json:"unknown"`   // why offenders are not known, in words; empty: they are
}

// RepeatBefore is RepeatAnswer of the time before; null where it was not watched.
type RepeatBefore struct {
	One  *float64 `json:"1"`
	Two  *float64 `json:"2"`
	More *float64 `json:"3_or_more"`
}

// OffenderAnswer is a member who broke rules.
type OffenderAnswer struct {
	User       WirePart  `json:"user"`
	Violations int64     `json:"violations"`
	Last       time.Time `json:"last"`
}

// OffendersAnswer is who broke most rules, as scripts get it.
func (a *Analytics) OffendersAnswer() OffendersAnswer {
	m := &a.Members
	o := OffendersAnswer{Guild: a.Profile.ID, Period: a.Window.Period, Since: a.Window.Span.From.UTC(),
		Until: a.Window.Span.Until.UTC(), Rounded: a.Window.Rounded(), At: a.At.UTC(), Seq: a.Seq,
		Offenders: make([]OffenderAnswer, 0, len(m.Offenders)), Repeat: RepeatAnswer(m.Repeat),
		Before:    RepeatBefore{m.Change[0].previous(), m.Change[1].previous(), m.Change[2].previous()},
		Moderated: m.Moderated.metric(), Active: m.Active, TimeZone: a.TimeZone, RowsFrom: known(a.RowsFrom), Unknown: m.Unknown}
	for _, offender := range m.Offenders {
		o.Offenders = append(o.Offenders, OffenderAnswer{offender.wire(), offender.Violations, offender.Last.UTC()})
	}
	return o
}
