package store

import (
	"database/sql"
	"errors"
	"math"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// AuditPerson is somebody of whom an audit row speaks. The zero value is nobody: guildwatch itself as an actor.
type AuditPerson struct {
	User snowflake.UserID // 0 once the person's data was erased
	Ref  int64            // stays the same in every row of the guild, erased or not
}

// AuditRow is one row of the audit log.
type AuditRow struct {
	Number  int64 // from 1 over all guilds; a guild's own rows have holes between them
	Guild   snowflake.GuildID
	At      time.Time
	Actor   AuditPerson
	Role    access.Role // the actor's, at that time; None where no role was needed
	Action  string      // "role.assigned", "denied"
	Target  string      // what it was done to; empty where Person says it all
	Person  AuditPerson // whom it was done to
	Before  string      // JSON; empty: there was nothing
	After   string      // JSON; empty: there is nothing
	Request string      // the reference id of the request; empty: none
}

// AuditFilter narrows a guild's audit log. Zero fields narrow nothing.
type AuditFilter struct {
	Actor    snowflake.UserID
	Action   string
	From, To time.Time // half-open
	Before   int64     // rows with smaller numbers: the page after the one that ends with it
}

// Audit gives at most most rows of a guild's audit log, newest first; those of guild 0 are the instance's.
func (s *Snapshot) Audit(guild snowflake.GuildID, filter AuditFilter, most int) []AuditRow {
	where := db.ListAuditParams{
		GuildID: int64(guild), BeforeNumber: filter.Before, Since: msOf(filter.From), Until: msOf(filter.To),
		Max: int64(most),
	}
	if where.BeforeNumber == 0 {
		where.BeforeNumber = math.MaxInt64
	}
	if where.Until == 0 {
		where.Until = math.MaxInt64
	}
	switch {
	case filter.Actor != 0:
		return s.auditByActor(where, filter)
	case filter.Action != "":
		rows, err := s.q.ListAuditByAction(s.ctx, db.ListAuditByActionParams{
			GuildID: where.GuildID, Action: filter.Action, BeforeNumber: where.BeforeNumber, Since: where.Since,
			Until: where.Until, Max: where.Max,
		})
		s.ok("audit rows by action", err)
		return auditRows(rows, func(row db.ListAuditByActionRow) db.ListAuditRow { return db.ListAuditRow(row) })
	}
	rows, err := s.q.ListAudit(s.ctx, where)
	s.ok("audit rows", err)
	return auditRows(rows, func(row db.ListAuditRow) db.ListAuditRow { return row })
}

func (s *Snapshot) auditByActor(where db.ListAuditParams, filter AuditFilter) []AuditRow {
	ref, err := s.q.GetAuditRef(s.ctx, db.GetAuditRefParams{GuildID: where.GuildID, UserID: int64(filter.Actor)})
	if !s.ok("audit reference", err) {
		return nil // the log does not speak of that user
	}
	rows, err := s.q.ListAuditByActor(s.ctx, db.ListAuditByActorParams{
		GuildID: where.GuildID, ActorRef: ref, Action: filter.Action, BeforeNumber: where.BeforeNumber,
		Since: where.Since, Until: where.Until, Max: where.Max,
	})
	s.ok("audit rows by actor", err)
	return auditRows(rows, func(row db.ListAuditByActorRow) db.ListAuditRow { return db.ListAuditRow(row) })
}

// AuditActions gives every action that a guild's audit log has, in alphabetical order.
func (s *Snapshot) AuditActions(guild snowflake.GuildID) []string {
	var actions []string
	for last := ""; ; {
		// One seek for each: to look at every row for a dozen different words would cost 100 ms at a million.
		next, err := s.q.NextAuditAction(s.ctx, db.NextAuditActionParams{GuildID: int64(guild), AfterAction: last})
		if errors.Is(err, sql.ErrNoRows) || !s.ok("audit actions", err) {
			return actions
		}
		actions, last = append(actions, next), next
	}
}

func auditRows[R any](rows []R, plain func(R) db.ListAuditRow) []AuditRow {
	list := make([]AuditRow, len(rows))
	for i := range rows {
		row := plain(rows[i])
		role, _ := access.ParseRole(row.ActorRole) // empty, and anything else, is None
		list[i] = AuditRow{
			Number: row.Number, Guild: snowflake.GuildID(row.GuildID), At: timeOf(row.At),
			Actor: AuditPerson{User: snowflake.UserID(row.ActorID), Ref: row.ActorRef}, Role: role,
			Action: row.Action, Target: row.Target,
			Person: AuditPerson{User: snowflake.UserID(row.TargetID), Ref: row.TargetRef},
			Before: row.Before, After: row.After, Request: row.Request,
		}
	}
	return list
}
