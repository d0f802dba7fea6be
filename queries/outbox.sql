-- InsertErrand puts an action into the outbox.
-- name: InsertErrand :exec
INSERT INTO outbox (action_id, guild_id, priority, due_at) VALUES (?, ?, ?, ?);

-- ListDue lists what is due of one priority, the oldest first, without the guilds in a JSON array of ids.
-- name: ListDue :many
SELECT action_id, guild_id, priority FROM outbox
WHERE priority = @priority AND due_at <= @now AND guild_id NOT IN (SELECT value FROM json_each(CAST(@without AS TEXT)))
ORDER BY due_at LIMIT @max;

-- GetErrand gives an action that is in the outbox, and what is known of the violation that it answers.
-- name: GetErrand :one
SELECT o.attempts, o.priority, o.due_at, a.kind, a.target_id, a.actor_id, a.channel_id, a.message_id, a.violation,
  a.reason, a.until, a.at, a.before, CAST(coalesce(v.detected_at, 0) AS INTEGER) AS detected_at
FROM outbox o
JOIN actions a ON a.guild_id = o.guild_id AND a.action_id = o.action_id
LEFT JOIN violations v ON v.guild_id = o.guild_id AND v.number = a.violation
WHERE o.guild_id = @guild_id AND o.action_id = @action_id;

-- SetErrandDue sets when an action is due, and how often Discord was asked for it.
-- name: SetErrandDue :exec
UPDATE outbox SET due_at = @due_at, attempts = @attempts WHERE guild_id = @guild_id AND action_id = @action_id;

-- DeleteErrand takes an action out of the outbox.
-- name: DeleteErrand :exec
DELETE FROM outbox WHERE guild_id = @guild_id AND action_id = @action_id;

-- SetAllDue makes everything in the outbox due.
-- name: SetAllDue :execrows
UPDATE outbox SET due_at = CAST(@now AS INTEGER) WHERE priority IN (0, 1, 2, 3) AND due_at > @now;
