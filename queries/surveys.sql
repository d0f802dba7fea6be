-- What an export is going to go through, measured piece by piece on indexes that cover it: a piece ends where so many rows
-- were skipped.

-- SkipActions gives the id of the guild's action that follows on so many others, from an id on.
-- name: SkipActions :one
SELECT action_id FROM actions WHERE guild_id = @guild_id AND action_id >= @lowest AND action_id <= @highest
ORDER BY action_id LIMIT 1 OFFSET @n;

-- SkipActionsBack gives the id of the guild's action before which so many others lie, from before an id downwards.
-- name: SkipActionsBack :one
SELECT action_id FROM actions WHERE guild_id = @guild_id AND action_id < @before AND action_id >= @lowest
ORDER BY action_id DESC LIMIT 1 OFFSET @n;

-- CountActions counts a guild's actions in a range of ids, and gives the lowest and the highest; 0 where there is none.
-- name: CountActions :one
SELECT count(*) AS entries, CAST(coalesce(min(action_id), 0) AS INTEGER) AS lowest, CAST(coalesce(max(action_id), 0) AS INTEGER) AS highest
FROM actions WHERE guild_id = @guild_id AND action_id >= @lowest AND action_id <= @highest;

-- SkipActionTimes gives the time of the guild's action that follows on so many others in time.
-- name: SkipActionTimes :one
SELECT at FROM actions WHERE guild_id = @guild_id AND at >= @since AND at < @until ORDER BY at LIMIT 1 OFFSET @n;

-- CountActionTimes is CountActions for a time, without ids above a last one.
-- name: CountActionTimes :one
SELECT count(*) AS entries, CAST(coalesce(min(action_id), 0) AS INTEGER) AS lowest, CAST(coalesce(max(action_id), 0) AS INTEGER) AS highest
FROM actions WHERE guild_id = @guild_id AND at >= @since AND at < @until AND +action_id <= @highest;

-- CountTargetActions is CountActionTimes for the actions about one member.
-- name: CountTargetActions :one
SELECT count(*) AS entries, CAST(coalesce(min(action_id), 0) AS INTEGER) AS lowest, CAST(coalesce(max(action_id), 0) AS INTEGER) AS highest
FROM actions WHERE guild_id = @guild_id AND target_id = @target_id AND at >= @since AND at < @until AND +action_id <= @highest;

-- SkipAudit gives the number of the guild's audit row that follows on so many others, from a number on.
-- name: SkipAudit :one
SELECT number FROM audit WHERE guild_id = @guild_id AND number >= @lowest AND number <= @highest
ORDER BY number LIMIT 1 OFFSET @n;

-- CountAudit counts a guild's audit rows in a range of numbers, and gives the lowest and the highest; 0 where there is none.
-- name: CountAudit :one
SELECT count(*) AS entries, CAST(coalesce(min(number), 0) AS INTEGER) AS lowest, CAST(coalesce(max(number), 0) AS INTEGER) AS highest
FROM audit WHERE guild_id = @guild_id AND number >= @lowest AND number <= @highest;
