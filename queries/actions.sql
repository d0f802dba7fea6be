-- InsertAction inserts an action; no row is affected when one with its origin is there.
-- name: InsertAction :execresult
INSERT INTO actions (guild_id, at, kind, source, target_id, actor_id, channel_id, violation, reason, until, count,
  outcome, origin, undoes)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (guild_id, origin) DO NOTHING;

-- ListTargetsBetween lists whom a guild's actions were done to in a time, once for each action.
-- name: ListTargetsBetween :many
SELECT target_id FROM actions WHERE guild_id = @guild_id AND at >= @since AND at < @until AND target_id <> 0
  AND outcome IN ('done', 'undone');

-- JoinTargets gives whom each action of a time was done to and when, from the index alone, in one text: a busy day is some
-- 4 000, and reading each as a row takes longer than this.
-- name: JoinTargets :one
SELECT CAST(coalesce(group_concat(target_id || ' ' || at, ' '), '') AS TEXT) AS pairs
FROM actions WHERE guild_id = @guild_id AND at >= @since AND at < @until AND target_id <> 0 AND outcome IN ('done', 'undone');

-- ListLastActionTimes gives when each of the members in a JSON array of ids was last acted on.
-- name: ListLastActionTimes :many
SELECT u.user_id, CAST(coalesce((SELECT a.at FROM actions a WHERE a.guild_id = @guild_id AND a.target_id = u.user_id
  AND a.outcome IN ('done', 'undone') ORDER BY a.at DESC LIMIT 1), 0) AS INTEGER) AS at
FROM target_window u
WHERE u.guild_id = @guild_id AND u.user_id IN (SELECT value FROM json_each(CAST(@ids AS TEXT)));

-- ImportAction inserts an action under an id, while importing.
-- name: ImportAction :exec
INSERT INTO actions (action_id, guild_id, at, kind, source, target_id, actor_id, channel_id, violation, reason, until,
  count, outcome, origin, message_id, settled_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
  ?, ?, ?);

-- PlanAction inserts an action that Discord has still to be asked for.
-- name: PlanAction :execlastid
INSERT INTO actions (guild_id, at, kind, source, target_id, actor_id, channel_id, message_id, violation, reason, until,
  count, outcome, origin, undoes, before)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
  1, 'planned', ?, ?, ?);

-- GetAction gives an action.
-- name: GetAction :one
SELECT * FROM actions WHERE guild_id = @guild_id AND action_id = @action_id;

-- SetActionSent notes that Discord is being asked for an action.
-- name: SetActionSent :exec
UPDATE actions SET outcome = 'sent' WHERE guild_id = @guild_id AND action_id = @action_id;

-- SettleAction sets how an action went.
-- name: SettleAction :exec
UPDATE actions SET outcome = @outcome, problem = @problem, settled_at = @settled_at, before = @before
WHERE guild_id = @guild_id AND action_id = @action_id;

-- SetActionOutcome sets an action's outcome alone.
-- name: SetActionOutcome :exec
UPDATE actions SET outcome = @outcome WHERE guild_id = @guild_id AND action_id = @action_id;

-- SetActionUndoneBy notes which action takes another back; 0: none.
-- name: SetActionUndoneBy :exec
UPDATE actions SET undone_by = @undone_by WHERE guild_id = @guild_id AND action_id = @action_id;

-- FindKick says whether a member was ever kicked: an id, or no row.
-- name: FindKick :one
SELECT action_id FROM actions
WHERE guild_id = @guild_id AND target_id = @target_id AND kind = 'kick' AND outcome IN ('done', 'imported') LIMIT 1;

-- ListActionsOn lists what was done about a member, the newest first.
-- name: ListActionsOn :many
SELECT * FROM actions WHERE guild_id = @guild_id AND target_id = @target_id AND at >= @since
ORDER BY at DESC LIMIT @max;

-- ListActionsAbout lists what was done about the violations in a JSON array of numbers.
-- name: ListActionsAbout :many
SELECT * FROM actions
WHERE guild_id = @guild_id AND violation IN (SELECT value FROM json_each(CAST(@numbers AS TEXT))) AND violation <> 0;

-- FindTwin gives the newest action of a kind on a member since a time that has not failed.
-- name: FindTwin :one
SELECT * FROM actions
WHERE guild_id = @guild_id AND target_id = @target_id AND at >= @since AND kind = @kind AND message_id = @message_id
  AND outcome IN ('planned', 'sent', 'done')
ORDER BY at DESC LIMIT 1;

-- FindOwnAction gives an action of a kind on a member that Discord is being asked for, or that was done between two
-- times.
-- name: FindOwnAction :one
SELECT action_id FROM actions
WHERE guild_id = @guild_id AND target_id = @target_id AND at <= @until AND kind = @kind
  AND source IN ('rule', 'dashboard', 'command')
  AND (outcome = 'sent' OR outcome IN ('done', 'undone') AND settled_at >= @since AND settled_at <= @until)
ORDER BY at DESC LIMIT 1;
