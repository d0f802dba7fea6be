-- PutUser inserts a user or replaces what is known; it writes nothing when all is the same and was noted within the
-- hour.
-- name: PutUser :execrows
INSERT INTO users (user_id, name, global_name, avatar, bot, gone, fetched_at)
VALUES (?, ?, ?, ?, ?, 0, ?)
ON CONFLICT (user_id) DO UPDATE SET
  name = excluded.name, global_name = excluded.global_name, avatar = excluded.avatar, bot = excluded.bot, gone = 0,
  fetched_at = excluded.fetched_at
WHERE excluded.fetched_at >= users.fetched_at AND (excluded.fetched_at >= users.fetched_at + 3600000
  OR users.gone = 1 OR excluded.name <> users.name OR excluded.global_name <> users.global_name
  OR excluded.avatar <> users.avatar OR excluded.bot <> users.bot);

-- ListUsers gives the users in a JSON array of ids.
-- name: ListUsers :many
SELECT * FROM users WHERE user_id IN (SELECT value FROM json_each(CAST(@ids AS TEXT)));

-- PutGoneUser notes that Discord knows no such user any more; what was known of the name stays.
-- name: PutGoneUser :exec
INSERT INTO users (user_id, name, global_name, avatar, bot, gone, fetched_at)
VALUES (@user_id, '', '', '', 0, 1, @fetched_at)
ON CONFLICT (user_id) DO UPDATE SET gone = 1, fetched_at = excluded.fetched_at;
