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

// maxMemory bounds each of the writer's maps; a full one is emptied, which costs a few statements and no exactness.
const maxMemory = 200_000

// The windows of target_window, in days.
const (
	weekDays  = 7
	monthDays = 30
)

const day = 24 * time.Hour

// memory is what the writer's goroutine knows to be committed, so that it need not be read or written again. Jobs
// change it through tx.after only.
type memory struct {
	present   map[moderation.Presence]int64 // the bucket in which a presence was last recorded
	users     map[snowflake.UserID]seenUser
	signIns   map[snowflake.UserID]signInHour // changed at once and undone, so that jobs of one commit count each other
	weekEdge  int64                           // actions before it are in the window no more; 0 before the first action
	monthEdge int64
	outbox    outboxSize // changed at once and undone, like signIns
}

// seenUser is a user as last recorded, and when.
type seenUser struct {
	moderation.User
	at int64
}

// load reads where the windows begin.
func (m *memory) load(ctx context.Context, queries *db.Queries) error {
	m.present, m.users = map[moderation.Presence]int64{}, map[snowflake.UserID]seenUser{}
	m.signIns = map[snowflake.UserID]signInHour{}
	for days, edge := range map[int64]*int64{weekDays: &m.weekEdge, monthDays: &m.monthEdge} {
		at, err := queries.GetEdge(ctx, days)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		*edge = at
	}
	return m.outbox.load(ctx, queries)
}

func (m *memory) seen(who moderation.Presence, bucket int64) {
	if len(m.present) >= maxMemory {
		clear(m.present)
	}
	m.present[who] = bucket
}

func (m *memory) knew(user moderation.User, at int64) {
	if len(m.users) >= maxMemory {
		clear(m.users)
	}
	m.users[user.ID] = seenUser{user, at}
}
