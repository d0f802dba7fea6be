-- GetNativeRule gives a native AutoMod rule.
-- name: GetNativeRule :one
SELECT * FROM native_rules WHERE guild_id = @guild_id AND rule_id = @rule_id;

-- PutNativeRule inserts or replaces a native AutoMod rule, unless something newer is known. An empty body leaves what is
-- known of it.
-- name: PutNativeRule :exec
INSERT INTO native_rules (guild_id, rule_id, name, trigger, enabled, deleted, updated_at, body)
VALUES (@guild_id, @rule_id, @name, @trigger, @enabled, @deleted, @updated_at, @body)
ON CONFLICT (guild_id, rule_id) DO UPDATE SET
  name = excluded.name, trigger = excluded.trigger, enabled = excluded.enabled, deleted = excluded.deleted,
  updated_at = excluded.updated_at, body = iif(excluded.body = '', native_rules.body, excluded.body)
WHERE excluded.updated_at >= native_rules.updated_at;

-- DropNativeRules notes that a guild's native AutoMod rules are gone but for those in a JSON array of ids, and but for
-- those heard of since.
-- name: DropNativeRules :execrows
UPDATE native_rules SET deleted = 1, updated_at = @at
WHERE guild_id = @guild_id AND deleted = 0 AND updated_at < @at
  AND rule_id NOT IN (SELECT value FROM json_each(CAST(@ids AS TEXT)));

-- FindEnabledNativeRule gives any native AutoMod rule of a guild that is switched on.
-- name: FindEnabledNativeRule :one
SELECT rule_id FROM native_rules WHERE guild_id = @guild_id AND enabled = 1 AND deleted = 0 LIMIT 1;

-- ListNativeRules lists a guild's native AutoMod rules.
-- name: ListNativeRules :many
SELECT * FROM native_rules WHERE guild_id = @guild_id AND deleted = 0 ORDER BY rule_id LIMIT @max;
