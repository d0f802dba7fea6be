package store

import (
	"context"
	"slices"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// lossBatch is how many members one transaction marks as gone: a ban of thousands must not hold up the ledger.
const lossBatch = 500

// KeepMembers notes that whoever was in the guild and is not on the complete list has left while nobody looked. No
// leave is counted: when it was is not known.
func (s *Store) KeepMembers(ctx context.Context, e moderation.MembersComplete) error {
	var gone []int64
	err := s.Read(ctx, func(now *Snapshot) { gone = now.missingFrom(e) })
	if err != nil {
		return err
	}
	for part := range slices.Chunk(gone, lossBatch) {
		if err := s.write(ctx, func(t *tx) error { return t.loseEach(e, part) }); err != nil {
			return err
		}
	}
	return nil
}

// missingFrom are those who count as present and are not on the list.
func (s *Snapshot) missingFrom(e moderation.MembersComplete) (gone []int64) {
	present, err := s.q.ListPresentMembers(s.ctx, int64(e.Guild))
	if !s.ok("members present", err) {
		return nil
	}
	for _, m := range present {
		if _, listed := slices.BinarySearch(e.Members, snowflake.UserID(m.UserID)); !listed {
			gone = append(gone, m.UserID)
		}
	}
	return gone
}

func (t *tx) loseEach(e moderation.MembersComplete, users []int64) error {
	for _, user := range users {
		m, err := t.GetMember(t.ctx, db.GetMemberParams{GuildID: int64(e.Guild), UserID: user})
		if err == nil && m.LeftAt == 0 {
			err = t.gone(m, msOf(e.At))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
