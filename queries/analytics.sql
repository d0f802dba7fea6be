-- ListRuleLabels gives what a guild's own rules are called, deleted ones included.
-- name: ListRuleLabels :many
SELECT number, version, kind, mode, deleted_at,
  CAST(coalesce(json_extract(body, '$.Name'), '') AS TEXT) AS name,
  CAST(coalesce(json_extract(body, '$.Severity'), '') AS TEXT) AS severity
FROM rules WHERE guild_id = @guild_id ORDER BY number;

-- ListNativeLabels gives what a guild's native AutoMod rules are called, deleted ones included.
-- name: ListNativeLabels :many
SELECT rule_id, name, trigger, enabled, deleted, body FROM native_rules WHERE guild_id = @guild_id ORDER BY rule_id LIMIT @max;

-- ListVersionMarks gives when a guild's rules got new versions in a half-open range of time.
-- name: ListVersionMarks :many
SELECT number, version, at, made_by, note FROM rule_versions
WHERE guild_id = @guild_id AND at >= @since AND at < @until ORDER BY number, version;

-- JoinOffenders gives who broke a rule in a half-open range of time, once for each violation that counts: their ids with
-- blanks between, from the index alone.
-- name: JoinOffenders :one
SELECT CAST(coalesce(group_concat(user_id, ' '), '') AS TEXT) AS users FROM violations
WHERE guild_id = @guild_id AND at >= @since AND at < @until AND user_id <> 0 AND state = 'counted';

-- ListOffencesOf gives the newest violations that count of the members in a JSON array, in a half-open range of time, from
-- the index by time alone: the plus keeps it from that by user, which has no times.
-- name: ListOffencesOf :many
SELECT user_id, at FROM violations
WHERE guild_id = @guild_id AND at >= @since AND at < @until AND state = 'counted'
  AND +user_id IN (SELECT value FROM json_each(CAST(@ids AS TEXT)))
ORDER BY at DESC LIMIT @max;

-- JoinTimes gives the times of the violations that count in a half-open range of time, with blanks between, from the index
-- alone.
-- name: JoinTimes :one
SELECT CAST(coalesce(group_concat(at, ' '), '') AS TEXT) AS times FROM violations
WHERE guild_id = @guild_id AND at >= @since AND at < @until AND state = 'counted';

-- ListSettingsChanges gives who changed a guild's rules and settings in a half-open range of time, the newest first.
-- name: ListSettingsChanges :many
SELECT a.number, a.at, a.action, a.target, CAST(coalesce(p.user_id, 0) AS INTEGER) AS actor_id
FROM audit a
LEFT JOIN audit_people p ON p.guild_id = a.guild_id AND p.ref = a.actor_ref
WHERE a.guild_id = @guild_id AND a.at >= @since AND a.at < @until AND a.action IN ('rule.saved', 'rule.mode',
  'rule.rolled_back', 'rule.deleted', 'rule.switched_off', 'ladder.changed', 'settings.changed', 'retention.changed',
  'native_rule.made', 'native_rule.changed', 'native_rule.deleted', 'native_severities.changed', 'raid.preset', 'raid.expected',
  'role.assigned', 'schedule.changed', 'destination.added', 'destination.changed', 'destination.removed')
ORDER BY a.number DESC LIMIT @max;
