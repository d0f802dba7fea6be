package store

import (
	"context"
	"encoding/binary"
	"time"

	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
)

// rulesLife is how long a guild's compiled rules are kept without asking the table again.
const rulesLife = 10 * time.Minute

type rulesKey snowflake.GuildID

// CacheKey packs the guild's id.
func (k rulesKey) CacheKey() (packed [16]byte) {
	binary.BigEndian.PutUint64(packed[:], uint64(k))
	return packed
}

func newRules(s *Store) *Cache[rulesKey, *rule.Set] {
	return NewCache(s, CacheOptions[rulesKey, *rule.Set]{
		Name: "rules", Life: rulesLife, Load: s.loadRules,
		Dropped: func(c *Cache[rulesKey, *rule.Set], commit Commit) {
			for guild := range commit.Changed[MatterRules] {
				c.Drop(rulesKey(guild))
			}
		},
	})
}

// Rules gives a guild's rules, compiled. Once warm it costs no query. A rule that cannot be read or compiled is left
// out, with a line in the log: the others go on.
func (s *Store) Rules(ctx context.Context, guild snowflake.GuildID) (*rule.Set, error) {
	return s.rules.Get(ctx, rulesKey(guild))
}

func (s *Store) loadRules(ctx context.Context, key rulesKey) (*rule.Set, error) {
	guild := snowflake.GuildID(key)
	rows, err := s.reads.ListRules(ctx, int64(guild))
	if err != nil {
		return nil, unreadable(err)
	}
	rules := make([]rule.Rule, 0, len(rows))
	for _, row := range rows {
		r, err := ruleOf(row.Body, row.Number, row.Version)
		if err != nil {
			s.log.ErrorContext(ctx, "a rule cannot be read", "guild", guild, "rule", row.Number, "err", err)
			continue
		}
		rules = append(rules, r)
	}
	set, problems := rule.Compile(guild, rules, s.Scams())
	for _, problem := range problems {
		s.log.ErrorContext(ctx, "a rule cannot be used", "guild", guild, "rule", problem.Rule.Number, "err", problem.Text)
	}
	return set, nil
}
