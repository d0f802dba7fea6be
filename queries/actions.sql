-- InsertAction inserts an action; no row is affected when one with its origin is there.
-- name: InsertAction :execresult
INSERT INTO actions (guild_id, at, kind, source, target_id, actor_id, channel_id, violation, reason, until, count,
  outcome, origin)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (guild_id, origin) DO NOTHING;

-- ListTargetsBetween lists whom a guild's actions were done to in a time, once for each action.
-- name: ListTargetsBetween :many
SELECT target_id FROM actions WHERE guild_id = @guild_id AND at >= @since AND at < @until AND target_id <> 0;

-- ListTargetsSince gives whom each action since a moment was done to, oldest first, from the index alone.
-- name: ListTargetsSince :many
SELECT target_id, at FROM actions WHERE guild_id = @guild_id AND at >= @since AND target_id <> 0 ORDER BY at;

-- ListLastActionTimes gives when each of the members in a JSON array of ids was last acted on.
-- name: ListLastActionTimes :many
SELECT u.user_id, CAST(coalesce((SELECT max(a.at) FROM actions a WHERE a.guild_id = @guild_id AND a.target_id = u.user_id), 0) AS INTEGER) AS at
FROM target_window u
WHERE u.guild_id = @guild_id AND u.user_id IN (SELECT value FROM json_each(CAST(@ids AS TEXT)));

-- ImportAction inserts an action under an id, while importing.
-- name: ImportAction :exec
INSERT INTO actions (action_id, guild_id, at, kind, source, target_id, actor_id, channel_id, violation, reason, until,
  count, outcome, origin)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
  ?);
