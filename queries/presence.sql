-- InsertMemberMonth notes that a user was active in a guild in a month; no row is affected when that is known.
-- name: InsertMemberMonth :execrows
INSERT INTO member_month (month, guild_id, user_id) VALUES (@month, @guild_id, @user_id)
ON CONFLICT (month, guild_id, user_id) DO NOTHING;

-- AddActiveMonth adds to the distinct users active in a guild in a month.
-- name: AddActiveMonth :exec
INSERT INTO active_months (guild_id, month, users) VALUES (@guild_id, @month, @users)
ON CONFLICT (guild_id, month) DO UPDATE SET users = active_months.users + excluded.users;

-- GetUserActivity gives the bucket under which a user is counted.
-- name: GetUserActivity :one
SELECT bucket FROM user_activity WHERE user_id = @user_id;

-- PutUserActivity sets the bucket under which a user is counted.
-- name: PutUserActivity :exec
INSERT INTO user_activity (user_id, bucket) VALUES (@user_id, @bucket) ON CONFLICT (user_id) DO UPDATE SET bucket = excluded.bucket;

-- DeleteUserActivity takes a user out of the count.
-- name: DeleteUserActivity :exec
DELETE FROM user_activity WHERE user_id = @user_id;

-- AddActiveBucket adds to the users whose last activity was in a bucket.
-- name: AddActiveBucket :exec
INSERT INTO active_buckets (bucket, users) VALUES (@bucket, @users)
ON CONFLICT (bucket) DO UPDATE SET users = active_buckets.users + excluded.users;
