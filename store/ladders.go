package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// SaveLadder replaces a guild's ladder. It answers an Invalid that says what is wrong with it. seen, if it is given, is the
// ladder that somebody made this one from: when another one holds by now, it answers a Conflict.
func (s *Store) SaveLadder(
	ctx context.Context, grant access.Grant[access.UpdateSettings], steps ladder.Ladder, seen ...ladder.Ladder,
) error {
	d := deedOf(ctx, grant, "ladder.changed")
	if err := steps.Check(); err != nil {
		return err
	}
	return s.write(ctx, func(t *tx) error {
		old, err := readLadder(t.ctx, t.Queries, d.guild)
		if err == nil && len(seen) > 0 && !slices.Equal(old, seen[0]) {
			err = errOvertaken
		}
		if err != nil || slices.Equal(old, steps) {
			return err
		}
		text, err := json.Marshal(steps)
		if err != nil {
			return err
		}
		if err := t.PutLadder(t.ctx, db.PutLadderParams{GuildID: int64(d.guild), Steps: string(text),
			UpdatedAt: msOf(t.writer.clock())}); err != nil {
			return err
		}
		t.config(d.guild)
		d.before, d.after = old, steps
		if err := t.audit(d); err != nil {
			return err
		}
		return t.announce(moderation.Change{Guild: d.guild, At: t.writer.clock(), Kind: moderation.ChangeConfig,
			Label: "ladder", Actor: d.actor.User()})
	})
}

// Ladder is a guild's ladder: its own, or the default one.
func (s *Snapshot) Ladder(guild snowflake.GuildID) ladder.Ladder {
	if s.err != nil {
		return ladder.Default()
	}
	steps, err := readLadder(s.ctx, s.q, guild)
	s.ok("ladder", err)
	return steps
}

// readLadder gives the default ladder beside an error.
func readLadder(ctx context.Context, q *db.Queries, guild snowflake.GuildID) (ladder.Ladder, error) {
	text, err := q.GetLadder(ctx, int64(guild))
	if errors.Is(err, sql.ErrNoRows) {
		return ladder.Default(), nil
	} else if err != nil {
		return ladder.Default(), err
	}
	var steps ladder.Ladder
	if err := json.Unmarshal([]byte(text), &steps); err != nil || steps.Check() != nil {
		return ladder.Default(), fmt.Errorf("store: ladder of guild %d cannot be read: %w", guild, err)
	}
	return steps, nil
}
