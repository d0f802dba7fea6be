-- GetNativeRule gives a native AutoMod rule.
-- name: GetNativeRule :one
SELECT * FROM native_rules WHERE guild_id = @guild_id AND rule_id = @rule_id;

-- PutNativeRule inserts or replaces a native AutoMod rule, unless something newer is known.
-- name: PutNativeRule :exec
INSERT INTO native_rules (guild_id, rule_id, name, trigger, enabled, deleted, updated_at)
VALUES (@guild_id, @rule_id, @name, @trigger, @enabled, @deleted, @updated_at)
ON CONFLICT (guild_id, rule_id) DO UPDATE SET
  name = excluded.name, trigger = excluded.trigger, enabled = excluded.enabled, deleted = excluded.deleted,
  updated_at = excluded.updated_at
WHERE excluded.updated_at >= native_rules.updated_at;

-- FindEnabledNativeRule gives any native AutoMod rule of a guild that is switched on.
-- name: FindEnabledNativeRule :one
SELECT rule_id FROM native_rules WHERE guild_id = @guild_id AND enabled = 1 AND deleted = 0 LIMIT 1;

-- ListNativeRules lists a guild's native AutoMod rules.
-- name: ListNativeRules :many
SELECT * FROM native_rules WHERE guild_id = @guild_id AND deleted = 0 ORDER BY rule_id LIMIT @max;
