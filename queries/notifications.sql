-- InsertNotification inserts what a user of a guild is told.
-- name: InsertNotification :one
INSERT INTO notifications (guild_id, user_id, number, at, kind, subject, about)
VALUES (@guild_id, @user_id, (SELECT coalesce(max(n.number), 0) + 1 FROM notifications n
  WHERE n.guild_id = @guild_id AND n.user_id = @user_id), @at, @kind, @subject, @about)
RETURNING number;

-- DeleteOldNotifications deletes what a user was told up to a number.
-- name: DeleteOldNotifications :exec
DELETE FROM notifications WHERE guild_id = @guild_id AND user_id = @user_id AND number <= @number;

-- ListUnseen lists what a guild's users were told and have not seen, the oldest first.
-- name: ListUnseen :many
SELECT * FROM notifications WHERE guild_id = @guild_id AND seen_at = 0 ORDER BY user_id, number LIMIT @max;

-- SeeNotification notes that a user has seen what they were told; no row is affected when they had.
-- name: SeeNotification :execrows
UPDATE notifications SET seen_at = @seen_at
WHERE guild_id = @guild_id AND user_id = @user_id AND number = @number AND seen_at = 0;

-- SettleNotifications notes that nobody need be told any more what happened to something.
-- name: SettleNotifications :execrows
UPDATE notifications SET seen_at = @seen_at WHERE guild_id = @guild_id AND subject = @subject AND seen_at = 0;
