-- AddActiveBucket adds to the users whose last activity was in a bucket.
-- name: AddActiveBucket :exec
INSERT INTO active_buckets (bucket, users) VALUES (?, ?)
ON CONFLICT (bucket) DO UPDATE SET users = active_buckets.users + excluded.users;

-- SumActiveUsers counts the users who were last active in or after a bucket.
-- name: SumActiveUsers :one
SELECT CAST(coalesce(sum(users), 0) AS INTEGER) AS users FROM active_buckets WHERE bucket >= @since;
