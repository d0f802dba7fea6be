package store

import (
	"context"

	"guildwatch/store/internal/db"
)

// forgetRaidText empties what was written in the raids of a guild before a time, and says how many texts that were. No
// guild has more than some hundred.
func (s *Store) forgetRaidText(ctx context.Context, guild, before int64) (n int64, err error) {
	old, err := s.reads.HasOldRaidText(ctx, db.HasOldRaidTextParams{GuildID: guild, Before: before})
	if err != nil || old == 0 {
		return 0, unreadable(err)
	}
	err = s.write(ctx, func(t *tx) error {
		n, err = t.ForgetRaidText(t.ctx, db.ForgetRaidTextParams{GuildID: guild, Before: before})
		return err
	})
	return n, err
}
