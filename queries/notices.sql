-- PlanNotice inserts what is to be said; what was planned before stays as it is.
-- name: PlanNotice :exec
INSERT INTO notices (guild_id, kind, ref, user_id, state, at, due_at) VALUES (?, ?, ?, ?, 'due', ?, ?)
ON CONFLICT (guild_id, kind, ref) DO NOTHING;

-- GetNotice gives what was or is to be said about something.
-- name: GetNotice :one
SELECT * FROM notices WHERE guild_id = @guild_id AND kind = @kind AND ref = @ref;

-- ListDueNotices lists what is due in any guild, the longest waiting first.
-- name: ListDueNotices :many
SELECT * FROM notices WHERE state = 'due' AND due_at <= @now ORDER BY due_at LIMIT @max;

-- SetNoticeDue sets when something is to be said, and how often that was tried.
-- name: SetNoticeDue :exec
UPDATE notices SET due_at = @due_at, attempts = @attempts WHERE guild_id = @guild_id AND kind = @kind AND ref = @ref;

-- SettleNotice sets what became of something that was to be said.
-- name: SettleNotice :exec
UPDATE notices SET state = @state, at = @at, channel_id = @channel_id, message_id = @message_id, problem = @problem
WHERE guild_id = @guild_id AND kind = @kind AND ref = @ref;

-- ListNotices gives what was or is to be said about the things of a kind in a JSON array of refs.
-- name: ListNotices :many
SELECT * FROM notices
WHERE guild_id = @guild_id AND kind = @kind AND ref IN (SELECT value FROM json_each(CAST(@refs AS TEXT)));

-- ListNoticesOf lists what was or is to be said to a member, or about their appeals, after one of a kind.
-- name: ListNoticesOf :many
SELECT * FROM notices
WHERE guild_id = @guild_id AND user_id = @user_id AND (kind, ref) > (CAST(@kind AS TEXT), CAST(@ref AS INTEGER))
ORDER BY kind, ref LIMIT @max;
