-- NextWarningNumber gives the number of a guild's next warning.
-- name: NextWarningNumber :one
SELECT CAST(coalesce(max(number), 0) + 1 AS INTEGER) AS number FROM warnings WHERE guild_id = @guild_id;

-- InsertWarning inserts a warning.
-- name: InsertWarning :exec
INSERT INTO warnings (guild_id, number, user_id, at, given_by, source, violation, action_id, reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- ListWarningTimes gives when a member was warned, oldest first, without warnings that were cleared or that another bot
-- gave.
-- name: ListWarningTimes :many
SELECT w.at FROM warnings w INDEXED BY warnings_user
LEFT JOIN warning_clears c ON c.guild_id = w.guild_id AND c.number = w.number
WHERE w.guild_id = @guild_id AND w.user_id = @user_id AND w.source <> 'import' AND c.number IS NULL
ORDER BY w.number;

-- GetWarning gives a warning and what cleared it.
-- name: GetWarning :one
SELECT w.*, CAST(coalesce(c.at, 0) AS INTEGER) AS cleared_at, CAST(coalesce(c.cleared_by, 0) AS INTEGER) AS cleared_by,
  CAST(coalesce(c.reason, '') AS TEXT) AS clear_reason
FROM warnings w LEFT JOIN warning_clears c ON c.guild_id = w.guild_id AND c.number = w.number
WHERE w.guild_id = @guild_id AND w.number = @number;

-- ListWarningNumbersOf gives the numbers of a member's warnings that were not cleared, oldest first.
-- name: ListWarningNumbersOf :many
SELECT w.number FROM warnings w
LEFT JOIN warning_clears c ON c.guild_id = w.guild_id AND c.number = w.number
WHERE w.guild_id = @guild_id AND w.user_id = @user_id AND c.number IS NULL
ORDER BY w.number;

-- ListWarningNumbersBefore gives warnings from before a time that were not cleared, oldest first, after a number.
-- name: ListWarningNumbersBefore :many
SELECT w.number FROM warnings w
LEFT JOIN warning_clears c ON c.guild_id = w.guild_id AND c.number = w.number
WHERE w.guild_id = @guild_id AND w.number > @after AND w.at < @before AND c.number IS NULL
ORDER BY w.number LIMIT @max;

-- ListWarnings lists a guild's warnings, the newest first: 0 stands for everybody, an empty text for any, cleared for 0
-- (those that count), 1 (those that were cleared) or -1 (all).
-- name: ListWarnings :many
SELECT w.*, CAST(coalesce(c.at, 0) AS INTEGER) AS cleared_at, CAST(coalesce(c.cleared_by, 0) AS INTEGER) AS cleared_by,
  CAST(coalesce(c.reason, '') AS TEXT) AS clear_reason
FROM warnings w
LEFT JOIN warning_clears c ON c.guild_id = w.guild_id AND c.number = w.number
LEFT JOIN users u ON u.user_id = w.user_id
WHERE w.guild_id = @guild_id AND w.number < @before
  AND (CAST(@cleared AS INTEGER) < 0 OR (c.number IS NOT NULL) = CAST(@cleared AS INTEGER))
  AND (CAST(@text AS TEXT) = '' OR instr(lower(w.reason), @text) > 0 OR instr(lower(u.name), @text) > 0
    OR instr(lower(u.global_name), @text) > 0)
ORDER BY w.number DESC LIMIT @max;

-- ListWarningsOf lists a member's warnings, the newest first; cleared as in ListWarnings.
-- name: ListWarningsOf :many
SELECT w.*, CAST(coalesce(c.at, 0) AS INTEGER) AS cleared_at, CAST(coalesce(c.cleared_by, 0) AS INTEGER) AS cleared_by,
  CAST(coalesce(c.reason, '') AS TEXT) AS clear_reason
FROM warnings w
LEFT JOIN warning_clears c ON c.guild_id = w.guild_id AND c.number = w.number
WHERE w.guild_id = @guild_id AND w.user_id = @user_id AND w.number < @before
  AND (CAST(@cleared AS INTEGER) < 0 OR (c.number IS NOT NULL) = CAST(@cleared AS INTEGER))
  AND (CAST(@text AS TEXT) = '' OR instr(lower(w.reason), @text) > 0)
ORDER BY w.number DESC LIMIT @max;

-- InsertWarningClear clears a warning; one that is cleared stays as it is.
-- name: InsertWarningClear :execrows
INSERT INTO warning_clears (guild_id, number, at, cleared_by, cause, reason) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (guild_id, number) DO NOTHING;

-- DeleteWarningClear lets a warning count again that was cleared for a cause.
-- name: DeleteWarningClear :exec
DELETE FROM warning_clears WHERE guild_id = @guild_id AND number = @number AND cause = @cause;

-- ListWarningsByAction gives the warnings that came with an action.
-- name: ListWarningsByAction :many
SELECT number FROM warnings INDEXED BY warnings_user WHERE guild_id = @guild_id AND user_id = @user_id AND action_id = @action_id;

-- ListWarningsByViolation gives the warnings that came of a violation.
-- name: ListWarningsByViolation :many
SELECT number FROM warnings INDEXED BY warnings_user WHERE guild_id = @guild_id AND user_id = @user_id AND violation = @violation;

-- ListUndoneWarnings gives the warnings that came of a violation with actions that were taken back.
-- name: ListUndoneWarnings :many
SELECT w.number FROM warnings w INDEXED BY warnings_user
JOIN actions a ON a.guild_id = w.guild_id AND a.action_id = w.action_id
WHERE w.guild_id = @guild_id AND w.user_id = @user_id AND w.violation = @violation
  AND a.undone_by <> 0 AND a.outcome IN ('undone', 'failed');
