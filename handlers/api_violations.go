package handlers

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// violationsAnswer is the JSON of GET /api/servers/{guild_id}/violations. Every key is always there.
type violationsAnswer struct {
	Guild      snowflake.GuildID `json:"guild_id"`
	Violations []violationAnswer `json:"violations"`  // newest first
	Next       *string           `json:"next_cursor"` // null: these are the last
}

// violationAnswer is a violation with what became of it. What there is not is null.
type violationAnswer struct {
	Number   int64                     `json:"number"`
	At       time.Time                 `json:"at"`
	State    moderation.ViolationState `json:"state"`
	Source   moderation.Source         `json:"source"`
	Severity moderation.Severity       `json:"severity"`
	Rule     string                    `json:"rule"`
	RuleName string                    `json:"rule_name"`
	Version  *int64                    `json:"rule_version"` // null: not one of guildwatch's own rules
	User     *namedAnswer              `json:"user"`
	Channel  *string                   `json:"channel_id"`
	Message  *string                   `json:"message_id"`
	Surface  *string                   `json:"surface"`
	Keyword  *string                   `json:"keyword"`
	Content  *string                   `json:"content"`
	Response *int64                    `json:"response_ms"` // from detection to the first action done
	MarkedBy *namedAnswer              `json:"marked_by"`
	Claim    *namedAnswer              `json:"claimed_by"`
	Actions  []actionAnswer            `json:"actions"` // the oldest first
}

// actionAnswer is what was done about a violation.
type actionAnswer struct {
	ID      string                `json:"id"`
	At      time.Time             `json:"at"`
	Kind    moderation.ActionKind `json:"kind"`
	Source  moderation.Source     `json:"source"`
	Outcome moderation.Outcome    `json:"outcome"`
	Actor   *namedAnswer          `json:"actor"`
	Reason  *string               `json:"reason"`
	Until   *time.Time            `json:"until"` // of a timeout
	Problem *string               `json:"problem"`
}

// namedAnswer is somebody by id and name.
type namedAnswer struct {
	User snowflake.UserID `json:"user_id"`
	Name string           `json:"name"`
}

// apiViolations is GET /api/servers/{guild_id}/violations: a page of them. The filters are severity, source, rule, state,
// user (an id), channel (an id), from and to (RFC 3339, half-open), text and cursor.
func (s *site) apiViolations(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	filter, err := violationFilter(c.QueryParams())
	if err != nil {
		return err
	}
	return s.answer(c, grant.Guild(), func(ctx context.Context) (any, error) {
		read, err := s.readViolations(ctx, access.Actor{}, grant.Guild(), filter, listed+1)
		if err != nil {
			return nil, err
		}
		answer := violationsAnswer{Guild: grant.Guild(), Violations: []violationAnswer{}}
		for i := range read.rows {
			if i == listed {
				answer.Next = cursorAt(read.rows[i-1].Number)
				break
			}
			answer.Violations = append(answer.Violations, read.answer(&read.rows[i]))
		}
		return answer, nil
	})
}

// violationFilter reads the filter of a script.
func violationFilter(query url.Values) (f store.ViolationFilter, err error) {
	if f, err = violationChoice(query, "channel"); err != nil {
		return f, err
	}
	if f.User, err = userAsked(query.Get("user")); err != nil {
		return f, err
	}
	if f.From, err = instant(query, "from"); err != nil {
		return f, err
	}
	if f.To, err = instant(query, "to"); err != nil {
		return f, err
	}
	f.Before, err = rowNumber(query.Get("cursor"))
	return f, err
}

// userAsked reads the user whom a script asks for; 0: everybody.
func userAsked(text string) (user snowflake.UserID, err error) {
	if text == "" {
		return 0, nil
	}
	user, err = snowflake.Parse[snowflake.UserID](text)
	return user, fault.Wrap(err, fault.Invalid, "The user %.30q is no user's id.", text)
}

func (n names) answer(row *store.ViolationRow) violationAnswer {
	answer := violationAnswer{Number: row.Number, At: row.At.UTC(), State: row.State, Source: row.Source,
		Severity: row.Severity,
		Rule:     row.Rule, RuleName: row.RuleName, User: namedOrNull(n.people[row.User]), Channel: idOrNull(row.Channel),
		Message: idOrNull(row.Message), Surface: orNull(string(row.Surface)), Keyword: orNull(row.Keyword),
		Content: orNull(row.Content), MarkedBy: namedOrNull(n.people[row.MarkedBy]),
		Claim:   namedOrNull(n.people[row.Claim.By]),
		Actions: []actionAnswer{}}
	if row.Version != 0 {
		answer.Version = &row.Version
	}
	if ms := row.Response.Milliseconds(); row.Response >= 0 {
		answer.Response = &ms
	}
	for i := range row.Actions {
		answer.Actions = append(answer.Actions, n.actionAnswer(&row.Actions[i]))
	}
	return answer
}

func (n names) actionAnswer(a *store.ActionRow) actionAnswer {
	return actionAnswer{ID: strconv.FormatInt(a.ID, 10), At: a.At.UTC(), Kind: a.Kind, Source: a.Source,
		Outcome: a.Outcome,
		Actor:   namedOrNull(n.people[a.Actor]), Reason: orNull(a.Reason), Until: timeOrNull(a.Until),
		Problem: orNull(a.Problem)}
}

func namedOrNull(p stats.Person) *namedAnswer {
	if p.ID == 0 {
		return nil
	}
	return &namedAnswer{User: p.ID, Name: p.Name}
}

func idOrNull[T snowflake.ID](id T) *string {
	if id == 0 {
		return nil
	}
	return orNull(snowflake.String(id))
}

func timeOrNull(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}

// cursorAt is the cursor of the page after the row with a number.
func cursorAt(number int64) *string { return orNull(strconv.FormatInt(number, 10)) }
