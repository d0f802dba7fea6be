-- GetUserActivity gives the bucket under which a user is counted.
-- name: GetUserActivity :one
SELECT bucket FROM user_activity WHERE user_id = @user_id;

-- PutUserActivity sets the bucket under which a user is counted.
-- name: PutUserActivity :exec
INSERT INTO user_activity (user_id, bucket) VALUES (?, ?) ON CONFLICT (user_id) DO UPDATE SET bucket = excluded.bucket;

-- DeleteUserActivity takes a user out of the count.
-- name: DeleteUserActivity :exec
DELETE FROM user_activity WHERE user_id = @user_id;
