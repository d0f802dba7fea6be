-- InsertErrand puts an action into the outbox.
-- name: InsertErrand :exec
INSERT INTO outbox (action_id, guild_id, priority, due_at) VALUES (?, ?, ?, ?);

-- NextOutboxGuild gives the next guild with anything in the outbox; 0 after the last.
-- name: NextOutboxGuild :one
SELECT CAST(coalesce(min(guild_id), 0) AS INTEGER) AS guild_id FROM outbox WHERE guild_id > @guild_id;

-- ListDue lists what is due in a guild, the gravest and then the oldest first.
-- name: ListDue :many
SELECT action_id, guild_id, priority, due_at FROM outbox WHERE guild_id = @guild_id AND due_at <= @now
ORDER BY priority DESC, due_at, action_id LIMIT @max;

-- GetErrand gives an action that is in the outbox, and what is known of the violation that it answers.
-- name: GetErrand :one
SELECT o.attempts, o.priority, a.kind, a.target_id, a.actor_id, a.channel_id, a.message_id, a.violation,
  a.reason, a.until, a.at, CAST(coalesce(v.detected_at, 0) AS INTEGER) AS detected_at
FROM outbox o
JOIN actions a ON a.guild_id = o.guild_id AND a.action_id = o.action_id
LEFT JOIN violations v ON v.guild_id = o.guild_id AND v.number = a.violation
WHERE o.guild_id = @guild_id AND o.action_id = @action_id;

-- SetErrandDue sets when an action is due, and how often Discord was asked for it.
-- name: SetErrandDue :exec
UPDATE outbox SET due_at = @due_at, attempts = @attempts WHERE guild_id = @guild_id AND action_id = @action_id;

-- CountErrands counts what is in a guild's outbox.
-- name: CountErrands :one
SELECT count(*) FROM outbox WHERE guild_id = @guild_id;

-- DeleteErrand takes an action out of the outbox; no row is affected when it is not there.
-- name: DeleteErrand :execrows
DELETE FROM outbox WHERE guild_id = @guild_id AND action_id = @action_id;

-- SetAllDue makes everything in a guild's outbox due.
-- name: SetAllDue :exec
UPDATE outbox SET due_at = CAST(@now AS INTEGER) WHERE guild_id = @guild_id AND due_at > @now;

-- TakeErrand puts off an action that is due, so that nobody else takes it; no row is affected when it is not due.
-- name: TakeErrand :execrows
UPDATE outbox SET due_at = @until WHERE guild_id = @guild_id AND action_id = @action_id AND due_at <= @now;
