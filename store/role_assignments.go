package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Assignment is a role on the dashboard that was given to a member, or to whoever has a Discord role.
type Assignment struct {
	Subject access.Subject
	Role    access.Role
	By      snowflake.UserID
	At      time.Time
	// Ended says that the member has left, or left and came back, since. Like their Discord roles the assignment does
	// not count any more; it is listed until somebody takes it away or gives it anew.
	Ended bool
}

// AssignRole gives subject the role to in place of what was given before; access.None takes it away. It answers a
// *fault.Error: what access.MayAssign says, or Invalid for somebody who is no member, a bot, a Discord role that the
// guild does not have, and for making everybody more than viewer. The same role again changes nothing. seen, if it is
// given, is the role that somebody saw the subject with: when it has another one by now, it answers a Conflict.
func (s *Store) AssignRole(
	ctx context.Context, grant access.Grant[access.ManageRoles], subject access.Subject, to access.Role, seen ...access.Role,
) error {
	_ = grant.Guild() // a zero grant panics here, in the caller, not in the writer
	return s.write(ctx, func(t *tx) error { return t.assignRole(grant, subject, to, seen, access.RequestOf(ctx)) })
}

func (t *tx) assignRole(
	grant access.Grant[access.ManageRoles], subject access.Subject, to access.Role, seen []access.Role, request string,
) error {
	guild := grant.Guild()
	old, from, err := t.assigned(guild, subject)
	if err != nil {
		return err
	}
	if len(seen) > 0 && seen[0] != from {
		return errOvertaken
	}
	if err := access.MayAssign(grant.Actor(), grant.Role(), subject, from, to); err != nil {
		return err
	}
	if to == from && (to != access.None || old.Role == "") {
		return nil
	}
	if to != access.None {
		err = t.giveRole(grant, subject, to)
	} else {
		err = t.DeleteAssignment(t.ctx, db.DeleteAssignmentParams{
			GuildID: int64(guild), Subject: string(subject.Kind), ID: subject.ID(),
		})
	}
	if err != nil {
		return err
	}
	t.changedRights(guild, subject.User) // 0, everybody, for a Discord role
	if err := t.auditAssignment(grant, subject, from, to, request); err != nil {
		return err
	}
	return t.announce(moderation.Change{
		Guild: guild, At: t.writer.clock(), Kind: moderation.ChangeConfig, Label: "roles", User: subject.User,
		Actor: grant.Actor().User(),
	})
}

// giveRole writes an assignment to somebody or something that is there.
func (t *tx) giveRole(grant access.Grant[access.ManageRoles], subject access.Subject, to access.Role) error {
	guild, at := grant.Guild(), msOf(t.writer.clock())
	switch subject.Kind {
	case access.SubjectDiscordRole:
		if subject.Role == everyone(guild) && to > access.Viewer {
			return fault.New(fault.Invalid, "Everybody in the server can be viewer at most.")
		}
		_, err := t.GetDiscordRole(t.ctx, db.GetDiscordRoleParams{GuildID: int64(guild), RoleID: int64(subject.Role)})
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.Invalid, "This server has no such Discord role.")
		} else if err != nil {
			return err
		}
	case access.SubjectMember:
		who, err := t.FindMemberByID(t.ctx, db.FindMemberByIDParams{GuildID: int64(guild), UserID: int64(subject.User)})
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return fault.New(fault.Invalid, "Nobody with this id is a member of this server.")
		case err != nil:
			return err
		case who.User.Bot != 0:
			return fault.New(fault.Invalid, "A bot cannot have a role on the dashboard.")
		}
		// Discord's clock may be ahead of ours: given to a member who is there, it counts.
		at = max(at, who.Member.JoinedAt, who.Member.LastJoin, who.Member.LastLeave)
	}
	return t.PutAssignment(t.ctx, db.PutAssignmentParams{
		GuildID: int64(guild), Subject: string(subject.Kind), ID: subject.ID(), Role: to.String(),
		GivenBy: int64(grant.Actor().User()), GivenAt: at,
	})
}

// assigned gives a subject's assignment as it stands and the role that counts: none, if it has ended.
func (t *tx) assigned(
	guild snowflake.GuildID, subject access.Subject,
) (row db.RoleAssignment, counts access.Role, err error) {
	row, err = t.GetAssignment(t.ctx, db.GetAssignmentParams{
		GuildID: int64(guild), Subject: string(subject.Kind), ID: subject.ID(),
	})
	if errors.Is(err, sql.ErrNoRows) {
		return db.RoleAssignment{}, access.None, nil
	}
	counts, _ = access.ParseRole(row.Role)
	if err != nil || subject.Kind != access.SubjectMember {
		return row, counts, err
	}
	m, err := t.GetMember(t.ctx, db.GetMemberParams{GuildID: int64(guild), UserID: int64(subject.User)})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return row, access.None, err
	}
	if err != nil || m.LeftAt != 0 || row.GivenAt < max(m.JoinedAt, m.LastJoin, m.LastLeave) {
		return row, access.None, nil
	}
	return row, counts, nil
}

func (t *tx) auditAssignment(
	grant access.Grant[access.ManageRoles], subject access.Subject, from, to access.Role, request string,
) error {
	d := deed{
		guild: grant.Guild(), actor: grant.Actor(), role: grant.Role(), action: "role.assigned", person: subject.User,
		request: request,
	}
	if subject.Kind == access.SubjectDiscordRole {
		d.target = "discord_role:" + subject.Role.String()
	}
	if from != access.None {
		d.before = from.String()
	}
	if to != access.None {
		d.after = to.String()
	} else {
		d.action = "role.taken"
	}
	return t.audit(d)
}

// Assignments lists the roles that were given in a guild: the highest first, members before Discord roles, the oldest
// first.
func (s *Snapshot) Assignments(guild snowflake.GuildID) []Assignment {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListAssignments(s.ctx, int64(guild))
	s.ok("assignments", err)
	list := make([]Assignment, 0, len(rows))
	for _, row := range rows {
		a := Assignment{
			Subject: access.Subject{Kind: access.SubjectKind(row.Subject)}, By: snowflake.UserID(row.GivenBy),
			At: timeOf(row.GivenAt), Ended: row.Ended != 0,
		}
		a.Role, _ = access.ParseRole(row.Role)
		if a.Subject.Kind == access.SubjectMember {
			a.Subject.User = snowflake.UserID(row.ID)
		} else {
			a.Subject.Role = snowflake.RoleID(row.ID)
		}
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b Assignment) int {
		return cmp.Or(cmp.Compare(b.Role, a.Role), -cmp.Compare(a.Subject.Kind, b.Subject.Kind), a.At.Compare(b.At),
			cmp.Compare(a.Subject.ID(), b.Subject.ID()))
	})
	return list
}
