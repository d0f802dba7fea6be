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
  subject, evidence, keyword, content, state, shadow, rule_version, surface, detected_at, response_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
  ?, ?, ?, ?, ?, ?, ?, ?);

-- GetViolation gives a violation.
-- name: GetViolation :one
SELECT * FROM violations WHERE guild_id = @guild_id AND number = @number;

-- SetViolationState sets what became of a violation, and who said so.
-- name: SetViolationState :exec
UPDATE violations SET state = @state, marked_by = @marked_by WHERE guild_id = @guild_id AND number = @number;

-- SetViolationClaim sets who is on a violation, and until when.
-- name: SetViolationClaim :exec
UPDATE violations SET claimed_by = @claimed_by, claimed_until = @claimed_until
WHERE guild_id = @guild_id AND number = @number;

-- SetViolationResponse sets how long a violation took to be answered, once.
-- name: SetViolationResponse :execrows
UPDATE violations SET response_ms = @response_ms WHERE guild_id = @guild_id AND number = @number AND response_ms < 0;

-- ForgetText empties what members wrote in a guild's oldest violations from before a time.
-- name: ForgetText :execrows
UPDATE violations SET content = '', keyword = '' WHERE violations.guild_id = @guild_id AND violations.number IN (
  SELECT v.number FROM violations v
  WHERE v.guild_id = @guild_id AND v.at < @before AND (v.content <> '' OR v.keyword <> '')
  ORDER BY v.at LIMIT @max);

-- ListViolations lists violations of a guild, the newest first: 0 and empty stand for any.
-- name: ListViolations :many
SELECT * FROM violations
WHERE guild_id = @guild_id AND number < @before AND number >= @from_number
  AND (CAST(@source AS TEXT) = '' OR source = @source)
  AND (CAST(@severity AS TEXT) = '' OR severity = @severity)
  AND (CAST(@rule AS TEXT) = '' OR rule = @rule)
  AND (CAST(@user_id AS INTEGER) = 0 OR user_id = @user_id)
  AND (CAST(@channel_id AS INTEGER) = 0 OR channel_id = @channel_id)
  AND (CAST(@state AS TEXT) = '' OR state = @state)
  AND at >= @since AND at < @until
  AND (CAST(@text AS TEXT) = '' OR instr(lower(rule_name), @text) > 0 OR instr(lower(keyword), @text) > 0
    OR instr(lower(content), @text) > 0)
ORDER BY number DESC LIMIT @max;

-- ListViolationsOfUser lists violations of a member, the newest first: 0 and empty stand for any.
-- name: ListViolationsOfUser :many
SELECT * FROM violations
WHERE guild_id = @guild_id AND number < @before AND number >= @from_number
  AND (CAST(@source AS TEXT) = '' OR source = @source)
  AND (CAST(@severity AS TEXT) = '' OR severity = @severity)
  AND (CAST(@rule AS TEXT) = '' OR rule = @rule)
  AND user_id = @user_id
  AND (CAST(@channel_id AS INTEGER) = 0 OR channel_id = @channel_id)
  AND (CAST(@state AS TEXT) = '' OR state = @state)
  AND at >= @since AND at < @until
  AND (CAST(@text AS TEXT) = '' OR instr(lower(rule_name), @text) > 0 OR instr(lower(keyword), @text) > 0
    OR instr(lower(content), @text) > 0)
ORDER BY number DESC LIMIT @max;

-- ListViolationsOfRule lists violations of a rule, the newest first: 0 and empty stand for any.
-- name: ListViolationsOfRule :many
SELECT * FROM violations
WHERE guild_id = @guild_id AND number < @before AND number >= @from_number
  AND (CAST(@source AS TEXT) = '' OR source = @source)
  AND (CAST(@severity AS TEXT) = '' OR severity = @severity)
  AND rule = @rule
  AND (CAST(@user_id AS INTEGER) = 0 OR user_id = @user_id)
  AND (CAST(@channel_id AS INTEGER) = 0 OR channel_id = @channel_id)
  AND (CAST(@state AS TEXT) = '' OR state = @state)
  AND at >= @since AND at < @until
  AND (CAST(@text AS TEXT) = '' OR instr(lower(rule_name), @text) > 0 OR instr(lower(keyword), @text) > 0
    OR instr(lower(content), @text) > 0)
ORDER BY number DESC LIMIT @max;

-- ListViolationsOfSeverity lists violations of a severity, the newest first: 0 and empty stand for any.
-- name: ListViolationsOfSeverity :many
SELECT * FROM violations
WHERE guild_id = @guild_id AND number < @before AND number >= @from_number
  AND (CAST(@source AS TEXT) = '' OR source = @source)
  AND severity = @severity
  AND (CAST(@rule AS TEXT) = '' OR rule = @rule)
  AND (CAST(@user_id AS INTEGER) = 0 OR user_id = @user_id)
  AND (CAST(@channel_id AS INTEGER) = 0 OR channel_id = @channel_id)
  AND (CAST(@state AS TEXT) = '' OR state = @state)
  AND at >= @since AND at < @until
  AND (CAST(@text AS TEXT) = '' OR instr(lower(rule_name), @text) > 0 OR instr(lower(keyword), @text) > 0
    OR instr(lower(content), @text) > 0)
ORDER BY number DESC LIMIT @max;

-- ListViolationsUncounted lists violations of a state that is not counted, the newest first: 0 and empty stand for any.
-- name: ListViolationsUncounted :many
SELECT * FROM violations
WHERE guild_id = @guild_id AND number < @before AND number >= @from_number
  AND (CAST(@source AS TEXT) = '' OR source = @source)
  AND (CAST(@severity AS TEXT) = '' OR severity = @severity)
  AND (CAST(@rule AS TEXT) = '' OR rule = @rule)
  AND (CAST(@user_id AS INTEGER) = 0 OR user_id = @user_id)
  AND (CAST(@channel_id AS INTEGER) = 0 OR channel_id = @channel_id)
  AND state = @state AND state <> 'counted'
  AND at >= @since AND at < @until
  AND (CAST(@text AS TEXT) = '' OR instr(lower(rule_name), @text) > 0 OR instr(lower(keyword), @text) > 0
    OR instr(lower(content), @text) > 0)
ORDER BY number DESC LIMIT @max;

-- FindFirstViolation gives the lowest number among a guild's violations since a time; 0 when there is none.
-- name: FindFirstViolation :one
SELECT CAST(coalesce(min(number), 0) AS INTEGER) AS number FROM violations WHERE guild_id = @guild_id AND at >= @since;

-- CountStatesOf counts a member's violations by what became of them.
-- name: CountStatesOf :one
SELECT count(*) FILTER (WHERE state = 'counted') AS counted, count(*) FILTER (WHERE state = 'shadow') AS shadow,
  count(*) FILTER (WHERE state = 'false_positive') AS false_positives
FROM violations WHERE guild_id = @guild_id AND user_id = @user_id;

-- HasOldText says whether anything that members wrote before a time is kept in a guild's violations or lines.
-- name: HasOldText :one
SELECT CAST(EXISTS (SELECT 1 FROM violations v
    WHERE v.guild_id = @guild_id AND v.at < @before AND (v.content <> '' OR v.keyword <> ''))
  OR EXISTS (SELECT 1 FROM changes c
    WHERE c.guild_id = @guild_id AND c.at < @before AND c.kind = 'violation' AND c.detail <> '') AS INTEGER) AS old;

-- ListOffendersBetween gives who broke a rule between two times, once for each violation, from the index alone.
-- name: ListOffendersBetween :many
SELECT user_id, at FROM violations WHERE guild_id = @guild_id AND at >= @since AND at < @until AND user_id <> 0
  AND state = 'counted' ORDER BY at;

-- JoinOffendersSince gives who broke a rule since a moment and when, once for each violation, as JoinTargetsSince does.
-- name: JoinOffendersSince :one
SELECT CAST(coalesce(group_concat(user_id || ' ' || at, ' '), '') AS TEXT) AS pairs
FROM violations WHERE guild_id = @guild_id AND at >= @since AND user_id <> 0 AND state = 'counted';

-- ListLastViolationTimes gives the time of the newest violation of each of the members in a JSON array of ids.
-- name: ListLastViolationTimes :many
SELECT u.user_id, CAST(coalesce((SELECT v.at FROM violations v WHERE v.guild_id = @guild_id
  AND v.user_id = u.user_id AND v.state = 'counted' ORDER BY v.number DESC LIMIT 1), 0) AS INTEGER) AS at
FROM offender_window u
WHERE u.guild_id = @guild_id AND u.user_id IN (SELECT value FROM json_each(CAST(@ids AS TEXT)));
