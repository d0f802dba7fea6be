-- FindViolation gives the number of the violation with an identity.
-- name: FindViolation :one
SELECT number FROM violations
WHERE guild_id = @guild_id AND source = @source AND subject = @subject AND rule = @rule AND evidence = @evidence;

-- FindBlocked gives the number of the newest violation without a message of a rule by a user between two times.
-- name: FindBlocked :one
SELECT number FROM violations
WHERE guild_id = @guild_id AND at >= @since AND at <= @until AND user_id = @user_id
  AND source = @source AND rule = @rule AND message_id = 0
ORDER BY at DESC LIMIT 1;

-- InsertViolation inserts a violation.
-- name: InsertViolation :exec
INSERT INTO violations (guild_id, number, at, source, severity, rule, rule_name, user_id, channel_id, message_id,
  subject, evidence, keyword, content)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
  ?, ?);
