package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// SeeNativeRule notes a native AutoMod rule of a guild. A rule that is gone keeps its name for the violations that bear
// it, also where nothing but its id is told. Pages are told of what differs from what was known, and of what is new as it happens: a list that is read for the
// first time is no news.
func (s *Store) SeeNativeRule(ctx context.Context, e moderation.NativeRuleSeen) error {
	row, err := nativeRuleRow(e)
	if err != nil {
		return err
	}
	return s.write(ctx, func(t *tx) error {
		old, err := t.GetNativeRule(t.ctx, db.GetNativeRuleParams{GuildID: row.GuildID, RuleID: row.RuleID})
		known := err == nil
		if err != nil && !errors.Is(err, sql.ErrNoRows) || known && old.UpdatedAt > row.UpdatedAt {
			return err
		}
		if known && e.Deleted && e.Name == "" {
			row.Name, row.Trigger, row.Enabled = old.Name, old.Trigger, old.Enabled
		}
		if err := t.PutNativeRule(t.ctx, row); err != nil {
			return err
		}
		t.config(e.Guild)
		if !known && !e.Live || known && (sameNativeRow(&old, &row) || old.Body == "" && !e.Live) {
			return nil
		}
		return t.nativeChanged(e.Guild, 0)
	})
}

// KeepNativeRules notes that a guild's native rules are gone but for those listed.
func (s *Store) KeepNativeRules(ctx context.Context, e moderation.NativeRulesListed) error {
	ids, err := json.Marshal(e.Rules)
	if err != nil {
		return err
	}
	if len(e.Rules) == 0 {
		ids = []byte("[]")
	}
	return s.write(ctx, func(t *tx) error {
		n, err := t.DropNativeRules(t.ctx, db.DropNativeRulesParams{At: msOf(e.At), GuildID: int64(e.Guild), Ids: string(ids)})
		if err != nil || n == 0 {
			return err
		}
		t.config(e.Guild)
		return t.nativeChanged(e.Guild, 0)
	})
}

// nativeChanged tells pages to look at the native rules again; by is 0 where Discord does not say who changed them.
func (t *tx) nativeChanged(guild snowflake.GuildID, by snowflake.UserID) error {
	return t.announce(moderation.Change{Guild: guild, At: t.writer.clock(), Kind: moderation.ChangeConfig,
		Label: "automod", Actor: by})
}

// sameNativeRow says whether what was told of a rule was known.
func sameNativeRow(old *db.NativeRule, row *db.PutNativeRuleParams) bool {
	return old.Name == row.Name && old.Trigger == row.Trigger && old.Enabled == row.Enabled &&
		old.Deleted == row.Deleted && (row.Body == "" || old.Body == row.Body)
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
	for i := range rows {
		list = append(list, nativeRuleOf(&rows[i]))
	}
	slices.SortStableFunc(list, func(a, b moderation.NativeRuleSeen) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// NativeHits counts how often native rules were broken in the last 7 days.
func (s *Snapshot) NativeHits(
	guild snowflake.GuildID, rules []moderation.NativeRuleSeen,
) map[snowflake.RuleID]RuleCounts {
	hits := make(map[snowflake.RuleID]RuleCounts, len(rules))
	week := Span{s.now.Add(-weekDays * day), s.now.Add(moderation.Bucket)}
	for _, r := range rules {
		hits[r.Rule] = s.RuleCounts(guild, "automod:"+r.Rule.String(), week)
	}
	return hits
}

// NativeRule gives one of a guild's native AutoMod rules; false for one that is gone.
func (s *Snapshot) NativeRule(guild snowflake.GuildID, rule snowflake.RuleID) (seen moderation.NativeRuleSeen, there bool) {
	if s.err != nil {
		return seen, false
	}
	row, err := s.q.GetNativeRule(s.ctx, db.GetNativeRuleParams{GuildID: int64(guild), RuleID: int64(rule)})
	if !s.ok("native rule", err) || row.Deleted != 0 {
		return seen, false
	}
	return nativeRuleOf(&row), true
}

func nativeRuleOf(row *db.NativeRule) moderation.NativeRuleSeen {
	return moderation.NativeRuleSeen{
		Origin: moderation.Origin{Guild: snowflake.GuildID(row.GuildID), At: timeOf(row.UpdatedAt)},
		Rule:   snowflake.RuleID(row.RuleID), Name: row.Name, Trigger: moderation.Trigger(row.Trigger),
		Enabled: row.Enabled != 0, Deleted: row.Deleted != 0, Spec: nativeSpecOf(row.Body),
	}
}

// nativeSpecOf reads what nativeRuleRow has written; nil where nothing was told, or nothing can be read: then Discord is
// asked again.
func nativeSpecOf(body string) *moderation.NativeSpec {
	if body == "" {
		return nil
	}
	var spec moderation.NativeSpec
	if json.Unmarshal([]byte(body), &spec) != nil {
		return nil
	}
	return &spec
}

func nativeRuleRow(e moderation.NativeRuleSeen) (db.PutNativeRuleParams, error) {
	row := db.PutNativeRuleParams{
		GuildID: int64(e.Guild), RuleID: int64(e.Rule), Name: e.Name, Trigger: int64(e.Trigger),
		Enabled: bit(e.Enabled), Deleted: bit(e.Deleted), UpdatedAt: msOf(e.At),
	}
	if e.Spec == nil {
		return row, nil
	}
	body, err := json.Marshal(e.Spec)
	row.Body = string(body)
	return row, err
}
