package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// planNotice plans something to be said, once.
func (t *tx) planNotice(guild snowflake.GuildID, kind moderation.NoticeKind, ref int64, user snowflake.UserID) error {
	now := msOf(t.writer.clock())
	return t.PlanNotice(t.ctx, db.PlanNoticeParams{GuildID: int64(guild), Kind: string(kind), Ref: ref, UserID: int64(user),
		At: now, DueAt: now})
}

// tellOf plans that a member is told of an action that was done to them, where their guild does that. Of a kick or a ban
// they were told before: afterwards they are out of reach.
func (t *tx) tellOf(row *db.Action) error {
	switch moderation.ActionKind(row.Kind) {
	case moderation.ActionWarn, moderation.ActionTimeout:
	default:
		return nil
	}
	if row.TargetID == 0 || !appealable(row) {
		return nil
	}
	guild, err := t.GetGuild(t.ctx, row.GuildID)
	if errors.Is(err, sql.ErrNoRows) || err == nil && guild.TellMembers == 0 {
		return nil
	} else if err != nil {
		return err
	}
	return t.planNotice(snowflake.GuildID(row.GuildID), moderation.NoticeAction, row.ActionID, snowflake.UserID(row.TargetID))
}

// DueNotices gives at most so many things that are due to be said in any guild, the longest waiting first.
func (s *Store) DueNotices(ctx context.Context, now time.Time, most int) ([]moderation.Notice, error) {
	rows, err := s.reads.ListDueNotices(ctx, db.ListDueNoticesParams{Now: msOf(now), Max: int64(most)})
	if err != nil {
		return nil, unreadable(err)
	}
	list := make([]moderation.Notice, len(rows))
	for i := range rows {
		list[i] = noticeOf(&rows[i])
	}
	return list, nil
}

// FindNotice gives what was, or is to be, said about something; false where nothing is.
func (s *Store) FindNotice(
	ctx context.Context, guild snowflake.GuildID, kind moderation.NoticeKind, ref int64,
) (notice moderation.Notice, known bool, err error) {
	row, err := s.reads.GetNotice(ctx, db.GetNoticeParams{GuildID: int64(guild), Kind: string(kind), Ref: ref})
	if errors.Is(err, sql.ErrNoRows) {
		return notice, false, nil
	}
	return noticeOf(&row), err == nil, unreadable(err)
}

// SettleNotice records what became of something that was to be said: what was not planned is noted as well. What was
// said before stays.
func (s *Store) SettleNotice(ctx context.Context, n moderation.Notice) error {
	return s.write(ctx, func(t *tx) error {
		if err := t.planNotice(n.Guild, n.Kind, n.Ref, n.User); err != nil {
			return err
		}
		key := db.GetNoticeParams{GuildID: int64(n.Guild), Kind: string(n.Kind), Ref: n.Ref}
		row, err := t.GetNotice(t.ctx, key)
		if err != nil || row.State == string(moderation.NoticeSaid) {
			return err
		}
		if err := t.Queries.SettleNotice(t.ctx, db.SettleNoticeParams{State: string(n.State), At: msOf(t.writer.clock()),
			ChannelID: int64(n.Place.Channel), MessageID: int64(n.Place.Message), Problem: n.Problem, GuildID: key.GuildID,
			Kind: key.Kind, Ref: n.Ref}); err != nil {
			return err
		}
		return t.noticed(&n)
	})
}

// PutOffNotice has something said later.
func (s *Store) PutOffNotice(ctx context.Context, n moderation.Notice, due time.Time) error {
	return s.write(ctx, func(t *tx) error {
		return t.SetNoticeDue(t.ctx, db.SetNoticeDueParams{DueAt: msOf(due), Attempts: int64(n.Attempts) + 1,
			GuildID: int64(n.Guild), Kind: string(n.Kind), Ref: n.Ref})
	})
}

// noticed tells pages that show the action or the appeal.
func (t *tx) noticed(n *moderation.Notice) error {
	violation := int64(0)
	if n.Kind == moderation.NoticeAction {
		row, known, err := t.findAction(n.Guild, n.Ref)
		if err != nil || !known {
			return err
		}
		violation = row.Violation
	} else {
		row, err := t.findAppeal(n.Guild, n.Ref)
		if err != nil {
			return err
		}
		violation = row.Violation
	}
	return t.violationChanged(n.Guild, violation, n.User, 0, "notice")
}

// Notices gives what was, or is to be, said about things of one kind, by what they are about.
func (s *Snapshot) Notices(guild snowflake.GuildID, kind moderation.NoticeKind, refs []int64) map[int64]moderation.Notice {
	if s.err != nil || len(refs) == 0 {
		return nil
	}
	rows, err := s.q.ListNotices(s.ctx, db.ListNoticesParams{GuildID: int64(guild), Kind: string(kind), Refs: jsonIDs(refs)})
	s.ok("notices", err)
	about := make(map[int64]moderation.Notice, len(rows))
	for i := range rows {
		about[rows[i].Ref] = noticeOf(&rows[i])
	}
	return about
}

func noticeOf(row *db.Notice) moderation.Notice {
	return moderation.Notice{
		Guild: snowflake.GuildID(row.GuildID), Kind: moderation.NoticeKind(row.Kind), Ref: row.Ref,
		User: snowflake.UserID(row.UserID), State: moderation.NoticeState(row.State), At: timeOf(row.At),
		Attempts: int(row.Attempts), Problem: row.Problem,
		Place: moderation.Place{Channel: snowflake.ChannelID(row.ChannelID), Message: snowflake.MessageID(row.MessageID)},
	}
}

// PlanNotice plans something to be said at a time, unless it was planned before.
func (s *Store) PlanNotice(ctx context.Context, n moderation.Notice, due time.Time) error {
	return s.write(ctx, func(t *tx) error {
		return t.Queries.PlanNotice(t.ctx, db.PlanNoticeParams{GuildID: int64(n.Guild), Kind: string(n.Kind), Ref: n.Ref,
			UserID: int64(n.User), At: msOf(t.writer.clock()), DueAt: msOf(due)})
	})
}
