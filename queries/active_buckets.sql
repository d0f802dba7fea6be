-- SumActiveUsers counts the users who were last active in or after a bucket.
-- name: SumActiveUsers :one
SELECT CAST(coalesce(sum(users), 0) AS INTEGER) AS users FROM active_buckets WHERE bucket >= @since;
