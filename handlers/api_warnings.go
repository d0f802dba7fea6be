package handlers

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/ui"
)

// warningsAnswer is the JSON of GET /api/servers/{guild_id}/warnings. Every key is always there.
type warningsAnswer struct {
	Guild    snowflake.GuildID `json:"guild_id"`
	Warnings []warningAnswer   `json:"warnings"`    // newest first
	Next     *string           `json:"next_cursor"` // null: these are the last
}

// warningAnswer is a warning, and why it was cleared if it was. What there is not is null.
type warningAnswer struct {
	Number      int64             `json:"number"`
	At          time.Time         `json:"at"`
	User        *namedAnswer      `json:"user"`
	By          *namedAnswer      `json:"given_by"` // null: a rule
	Source      moderation.Source `json:"source"`
	Violation   *int64            `json:"violation"` // its number
	Reason      *string           `json:"reason"`
	Cleared     *time.Time        `json:"cleared_at"` // null: it counts
	ClearedBy   *namedAnswer      `json:"cleared_by"`
	ClearReason *string           `json:"clear_reason"`
}

// apiWarnings is GET /api/servers/{guild_id}/warnings: a page of them. The filters are user (an id), state (counting or
// cleared), text and cursor.
func (s *site) apiWarnings(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	filter, err := warningFilter(c.QueryParams())
	if err != nil {
		return err
	}
	return s.answer(c, grant.Guild(), func(ctx context.Context) (any, error) {
		read, err := s.readWarnings(ctx, access.Actor{}, grant.Guild(), filter, listed+1)
		if err != nil {
			return nil, err
		}
		answer := warningsAnswer{Guild: grant.Guild(), Warnings: []warningAnswer{}}
		for i := range read.rows {
			if i == listed {
				answer.Next = cursorAt(read.rows[i-1].Number)
				break
			}
			answer.Warnings = append(answer.Warnings, read.warningAnswer(&read.rows[i]))
		}
		return answer, nil
	})
}

// warningFilter reads the filter of a script.
func warningFilter(query url.Values) (f store.WarningFilter, err error) {
	if f.User, err = userAsked(query.Get("user")); err != nil {
		return f, err
	}
	if f.Cleared, err = clearedState(query.Get("state")); err != nil {
		return f, err
	}
	f.Text = ui.Clip(strings.TrimSpace(query.Get("text")), 100)
	f.Before, err = rowNumber(query.Get("cursor"))
	return f, err
}

func (n names) warningAnswer(row *store.WarningRow) warningAnswer {
	answer := warningAnswer{Number: row.Number, At: row.At.UTC(), User: namedOrNull(n.people[row.User]),
		By: namedOrNull(n.people[row.By]), Source: row.Source, Reason: orNull(row.Reason), Cleared: timeOrNull(row.Cleared),
		ClearedBy: namedOrNull(n.people[row.ClearedBy]), ClearReason: orNull(row.ClearReason)}
	if row.Violation != 0 {
		answer.Violation = &row.Violation
	}
	return answer
}
