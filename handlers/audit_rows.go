package handlers

import (
	"context"
	"encoding/json"
	"strings"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/audit"
	"guildwatch/views/ui"
)

// auditRead is a part of a log and what ids in it are called, all of one moment.
type auditRead struct {
	log      []store.AuditRow
	roles    []moderation.DiscordRole
	channels []moderation.Channel
	people   people
	seq      int64
}

// readAudit reads a guild's log, that of the instance for guild 0, with the names of everybody and everything in it.
func (s *site) readAudit(ctx context.Context, actor access.Actor, guild snowflake.GuildID, filter store.AuditFilter,
	most int,
) (*auditRead, error) {
	read := &auditRead{}
	err := s.Store.Read(ctx, func(now *store.Snapshot) {
		read.log, read.seq = now.Audit(guild, filter, most), now.Seq()
		if guild != 0 {
			read.roles, read.channels = now.DiscordRoles(guild), now.Channels(guild)
		}
	})
	if err != nil {
		return nil, err
	}
	var ids []snowflake.UserID
	for _, row := range read.log {
		ids = append(ids, row.Actor.User, row.Person.User)
	}
	read.people, err = s.people(ctx, actor, ids)
	return read, err
}

func (r *auditRead) rows() []audit.Row {
	names := make(map[string]string, len(r.channels))
	for _, channel := range r.channels {
		names[snowflake.String(channel.ID)] = "#" + channel.Name
	}
	rows := make([]audit.Row, 0, len(r.log))
	for _, row := range r.log {
		rows = append(rows, audit.Row{Number: row.Number, At: row.At, Actor: r.who(row.Actor), Role: row.Role,
			Action: row.Action, Target: row.Target, Person: r.who(row.Person), Discord: r.discord(row),
			Before: row.Before, After: row.After, Request: row.Request, Names: names})
	}
	return rows
}

func (r *auditRead) who(p store.AuditPerson) audit.Who {
	if p.User == 0 {
		return audit.Who{Erased: p.Ref}
	}
	return audit.Who{Person: r.people[p.User]}
}

// discord is the Discord role that a row is about: its target, or what somebody was refused to change; nil: none.
func (r *auditRead) discord(row store.AuditRow) *ui.DiscordRole {
	text, is := strings.CutPrefix(row.Target, string(access.SubjectDiscordRole)+":")
	if !is && row.Action == "denied" && row.After != "" {
		var refused struct {
			DiscordRole string `json:"discord_role"`
		}
		_ = json.Unmarshal([]byte(row.After), &refused) // what is no JSON of ours names no role
		text = refused.DiscordRole
	}
	id, err := snowflake.Parse[snowflake.RoleID](text)
	if err != nil {
		return nil
	}
	role := (&teamRead{roles: r.roles}).discord(id)
	return &role
}
