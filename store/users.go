package store

import (
	"guildwatch/internal/moderation"
	"guildwatch/store/internal/db"
)

// putUser notes a user's names as of a time. It writes nothing when they are known to be the same within the hour.
func (t *tx) putUser(user moderation.User, at int64) error {
	known := t.writer.memory.users[user.ID]
	if user.ID == 0 || known.User == user && at < known.at+60*60*1000 {
		return nil
	}
	changed, err := t.PutUser(t.ctx, userRow(user, at))
	if err != nil {
		return err
	}
	if changed > 0 {
		// Nothing else is remembered: an older event than the row's has changed nothing.
		t.user(user.ID)
		t.after = append(t.after, func() { t.writer.memory.knew(user, at) })
	}
	return nil
}

func userRow(user moderation.User, at int64) db.PutUserParams {
	return db.PutUserParams{
		UserID: int64(user.ID), Name: user.Name, GlobalName: user.Global, Avatar: user.Avatar, Bot: bit(user.Bot),
		FetchedAt: at,
	}
}

// bit is a truth value in the database.
func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
