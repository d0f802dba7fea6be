package handlers

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// auditAnswer is the JSON of GET /api/servers/{guild_id}/audit-log. Every key is always there.
type auditAnswer struct {
	Guild   snowflake.GuildID `json:"guild_id"`
	Entries []entryAnswer     `json:"entries"`     // newest first
	Next    *string           `json:"next_cursor"` // null: these are the last
}

// entryAnswer is one row of the log. Before and after are as they were written, null where there is nothing.
type entryAnswer struct {
	Number  int64           `json:"number"`
	At      time.Time       `json:"at"`
	Actor   *personAnswer   `json:"actor"` // null: guildwatch itself
	Role    *string         `json:"actor_role"`
	Action  string          `json:"action"`
	Target  *string         `json:"target"`
	Person  *personAnswer   `json:"target_user"`
	Before  json.RawMessage `json:"before"`
	After   json.RawMessage `json:"after"`
	Request *string         `json:"request_id"`
}

// personAnswer is somebody in the log; erased ones have neither id nor name.
type personAnswer struct {
	User   *snowflake.UserID `json:"user_id"`
	Name   *string           `json:"name"`
	Erased bool              `json:"erased"`
}

// apiAudit is GET /api/servers/{guild_id}/audit-log: a page of the log. The filters are actor (an id), action, from and
// to (RFC 3339, half-open) and cursor.
func (s *site) apiAudit(c echo.Context, grant access.Grant[access.ViewAudit]) error {
	filter, err := auditFilter(c.QueryParams())
	if err != nil {
		return err
	}
	return s.answer(c, grant.Guild(), func(ctx context.Context) (any, error) {
		read, err := s.readAudit(ctx, access.Actor{}, grant.Guild(), filter, listed+1)
		if err != nil {
			return nil, err
		}
		answer := auditAnswer{Guild: grant.Guild(), Entries: []entryAnswer{}}
		for i, row := range read.log {
			if i == listed {
				cursor := strconv.FormatInt(read.log[i-1].Number, 10)
				answer.Next = &cursor
				break
			}
			answer.Entries = append(answer.Entries, read.entry(row))
		}
		return answer, nil
	})
}

func (r *auditRead) entry(row store.AuditRow) entryAnswer {
	entry := entryAnswer{Number: row.Number, At: row.At.UTC(), Actor: r.person(row.Actor), Action: row.Action,
		Target: orNull(row.Target), Person: r.person(row.Person), Before: raw(row.Before), After: raw(row.After),
		Request: orNull(row.Request)}
	if row.Role != access.None {
		entry.Role = orNull(row.Role.String())
	}
	return entry
}

func (r *auditRead) person(p store.AuditPerson) *personAnswer {
	switch {
	case p == store.AuditPerson{}:
		return nil
	case p.User == 0:
		return &personAnswer{Erased: true}
	}
	named := r.people[p.User]
	return &personAnswer{User: &named.ID, Name: &named.Name}
}

// orNull is text, or null for none.
func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// raw passes JSON on as it was written, null for none.
func raw(text string) json.RawMessage {
	if !json.Valid([]byte(text)) {
		return json.RawMessage("null")
	}
	return json.RawMessage(text)
}

// auditFilter reads the filter of a script.
func auditFilter(query url.Values) (filter store.AuditFilter, err error) {
	if text := query.Get("actor"); text != "" {
		if filter.Actor, err = snowflake.Parse[snowflake.UserID](text); err != nil {
			return filter, fault.Wrap(err, fault.Invalid, "The actor %.30q is no user's id.", text)
		}
	}
	filter.Action = query.Get("action")
	if filter.From, err = instant(query, "from"); err != nil {
		return filter, err
	}
	if filter.To, err = instant(query, "to"); err != nil {
		return filter, err
	}
	filter.Before, err = rowNumber(query.Get("cursor"))
	return filter, err
}

// instant reads a time that a script gives; zero when it gives none.
func instant(query url.Values, name string) (time.Time, error) {
	text := query.Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	return at, fault.Wrap(err, fault.Invalid, "The parameter %q is no time like 2026-03-14T15:04:05Z.", name)
}
