package store

import (
	"database/sql"
	"errors"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// active notes that a user wrote, ran a command or joined in a guild: in their member row, in the month, and in the
// count of active users. Activity after the last leave means that they are back.
func (t *tx) active(guild snowflake.GuildID, user snowflake.UserID, at int64) error {
	m, err := t.member(guild, user)
	if err != nil {
		return err
	}
	return t.activeMember(m, at)
}

func (t *tx) activeMember(m db.Member, at int64) error {
	bucket, back := bucketOf(at), m.LeftAt != 0 && at > m.LeftAt
	if bucket > m.LastActiveAt || back {
		m.LastActiveAt = max(m.LastActiveAt, bucket)
		if back {
			m.LeftAt = 0
		}
		if err := t.putPresence(m); err != nil {
			return err
		}
	}
	if err := t.activeIn(m.GuildID, m.UserID, monthOf(at)); err != nil {
		return err
	}
	switch {
	case back:
		t.changedRights(snowflake.GuildID(m.GuildID), snowflake.UserID(m.UserID))
		return t.recount(m.UserID)
	case m.LeftAt != 0:
		return nil
	}
	old, err := t.countedUnder(m.UserID)
	if err != nil || bucket <= old {
		return err
	}
	return t.countUnder(m.UserID, old, bucket)
}

// activeIn counts a user once in a guild's month, and once in the month of all guilds.
func (t *tx) activeIn(guild, user, month int64) error {
	for _, whose := range []int64{guild, 0} {
		fresh, err := t.InsertMemberMonth(t.ctx, db.InsertMemberMonthParams{Month: month, GuildID: whose, UserID: user})
		if err != nil || fresh == 0 {
			return err
		}
		if err := t.AddActiveMonth(t.ctx, db.AddActiveMonthParams{GuildID: whose, Month: month, Users: 1}); err != nil {
			return err
		}
		t.touched.touch(MatterMonths, snowflake.GuildID(whose), endOf(month))
		if whose == 0 {
			break
		}
		if err := t.activeModerated(whose, user, month); err != nil {
			return err
		}
	}
	return nil
}

// recount puts a user under the newest bucket of their activity in guilds that they have not left.
func (t *tx) recount(user int64) error {
	old, err := t.countedUnder(user)
	if err != nil {
		return err
	}
	bucket, err := t.NewestActivity(t.ctx, user)
	if err != nil || bucket == old {
		return err
	}
	return t.countUnder(user, old, bucket)
}

// countedUnder is the bucket under which a user is counted, 0 for none.
func (t *tx) countedUnder(user int64) (int64, error) {
	bucket, err := t.GetUserActivity(t.ctx, user)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return bucket, err
}

// countUnder moves a user from one bucket to another; 0 is none.
func (t *tx) countUnder(user, from, to int64) error {
	// Whoever counts users since a moment between the two buckets counts another number now.
	t.changedIn(MatterPresences, Everywhere, min(from, to))
	if from != 0 {
		if err := t.AddActiveBucket(t.ctx, db.AddActiveBucketParams{Bucket: from, Users: -1}); err != nil {
			return err
		}
	}
	if to == 0 {
		return t.DeleteUserActivity(t.ctx, user)
	}
	if err := t.AddActiveBucket(t.ctx, db.AddActiveBucketParams{Bucket: to, Users: 1}); err != nil {
		return err
	}
	return t.PutUserActivity(t.ctx, db.PutUserActivityParams{UserID: user, Bucket: to})
}
