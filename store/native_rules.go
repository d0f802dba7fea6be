package store

import (
	"cmp"
	"context"
	"slices"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// SeeNativeRule notes a native AutoMod rule of a guild. A rule that is gone keeps its name for the violations that bear
// it.
func (s *Store) SeeNativeRule(ctx context.Context, e moderation.NativeRuleSeen) error {
	return s.write(ctx, func(t *tx) error {
		t.config(e.Guild)
		return t.PutNativeRule(t.ctx, nativeRuleRow(e))
	})
}

// HasNativeRule says whether a guild has a native AutoMod rule that is switched on.
func (s *Snapshot) HasNativeRule(guild snowflake.GuildID) bool {
	if s.err != nil {
		return false
	}
	_, err := s.q.FindEnabledNativeRule(s.ctx, int64(guild))
	return s.ok("native rules", err)
}

// nativeRulesShown is how many native rules are listed: Discord allows some 15 to a guild.
const nativeRulesShown = 100

// NativeRules lists a guild's native AutoMod rules by name, without those that are gone.
func (s *Snapshot) NativeRules(guild snowflake.GuildID) []moderation.NativeRuleSeen {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListNativeRules(s.ctx, db.ListNativeRulesParams{GuildID: int64(guild), Max: nativeRulesShown})
	s.ok("native rules", err)
	list := make([]moderation.NativeRuleSeen, 0, len(rows))
	for _, row := range rows {
		list = append(list, moderation.NativeRuleSeen{
			Origin: moderation.Origin{Guild: guild, At: timeOf(row.UpdatedAt)}, Rule: snowflake.RuleID(row.RuleID),
			Name: row.Name, Trigger: moderation.Trigger(row.Trigger), Enabled: row.Enabled != 0,
		})
	}
	slices.SortStableFunc(list, func(a, b moderation.NativeRuleSeen) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

func nativeRuleRow(e moderation.NativeRuleSeen) db.PutNativeRuleParams {
	return db.PutNativeRuleParams{
		GuildID: int64(e.Guild), RuleID: int64(e.Rule), Name: e.Name, Trigger: int64(e.Trigger),
		Enabled: bit(e.Enabled), Deleted: bit(e.Deleted), UpdatedAt: msOf(e.At),
	}
}
