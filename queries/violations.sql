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

-- ListViolations lists a guild's violations of a range of numbers and a half-open range of time, the newest first, narrowed by
-- those filters that are not empty. The plus keeps it from the index by time, which has another order.
-- name: ListViolations :many
SELECT * FROM violations
WHERE guild_id = @guild_id AND number >= @from_number AND number < @before AND +at >= @since AND +at < @until
  AND (CAST(@source AS TEXT) = '' OR source = @source) AND (CAST(@severity AS TEXT) = '' OR severity = @severity)
  AND (CAST(@state AS TEXT) = '' OR state = @state) AND (CAST(@rule AS TEXT) = '' OR rule = @rule)
  AND (CAST(@user_id AS INTEGER) = 0 OR user_id = @user_id)
  AND (CAST(@channel_id AS INTEGER) = 0 OR channel_id = @channel_id)
ORDER BY number DESC LIMIT @max;

-- ListViolationsIn lists violations of a guild whose numbers are in a JSON array, the newest first, narrowed as ListViolations
-- does.
-- name: ListViolationsIn :many
SELECT v.* FROM violations v
WHERE v.guild_id = @guild_id AND v.number IN (SELECT value FROM json_each(CAST(@numbers AS TEXT)))
  AND +v.at >= @since AND +v.at < @until
  AND (CAST(@source AS TEXT) = '' OR v.source = @source) AND (CAST(@severity AS TEXT) = '' OR v.severity = @severity)
  AND (CAST(@state AS TEXT) = '' OR v.state = @state) AND (CAST(@rule AS TEXT) = '' OR v.rule = @rule)
  AND (CAST(@user_id AS INTEGER) = 0 OR v.user_id = @user_id)
  AND (CAST(@channel_id AS INTEGER) = 0 OR v.channel_id = @channel_id)
ORDER BY v.number DESC;

-- CountFacets counts those of the newest violations of a half-open range of numbers that have a facet, for each facet.
-- name: CountFacets :one
SELECT count(*) AS violations,
  CAST(coalesce(sum(source = @source), 0) AS INTEGER) AS of_source,
  CAST(coalesce(sum(severity = @severity), 0) AS INTEGER) AS of_severity,
  CAST(coalesce(sum(state = @state), 0) AS INTEGER) AS of_state,
  CAST(coalesce(sum(rule = @rule), 0) AS INTEGER) AS of_rule,
  CAST(coalesce(sum(user_id = @user_id), 0) AS INTEGER) AS of_user,
  CAST(coalesce(sum(channel_id = @channel_id), 0) AS INTEGER) AS of_channel
FROM (
  SELECT source, severity, state, rule, user_id, channel_id FROM violations
  WHERE guild_id = @guild_id AND number >= @from_number AND number < @before
  ORDER BY number DESC LIMIT @max
);

-- GetViolationSlot gives the number under which a guild's violations are in the indexes of facets and words.
-- name: GetViolationSlot :one
SELECT slot FROM violation_slots WHERE guild_id = @guild_id;

-- GetViolationSpan gives the lowest and the highest number of a guild's violations of a half-open range of whole days; 0
-- when there is none.
-- name: GetViolationSpan :one
SELECT CAST(coalesce(min(lowest), 0) AS INTEGER) AS lowest, CAST(coalesce(max(highest), 0) AS INTEGER) AS highest
FROM violation_spans WHERE guild_id = @guild_id AND day >= @since AND day < @until;

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
