-- AddActivity adds to the counters of a guild in a bucket.
-- name: AddActivity :exec
INSERT INTO activity (guild_id, bucket, messages, edits, deletes, commands, joins, leaves)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (guild_id, bucket) DO UPDATE SET
  messages = activity.messages + excluded.messages,
  edits    = activity.edits + excluded.edits,
  deletes  = activity.deletes + excluded.deletes,
  commands = activity.commands + excluded.commands,
  joins    = activity.joins + excluded.joins,
  leaves   = activity.leaves + excluded.leaves;

-- ListActivity gives a guild's buckets in a half-open range of time, oldest first; buckets in which nothing happened
-- have no row.
-- name: ListActivity :many
SELECT bucket, messages, commands, joins, leaves
FROM activity
WHERE guild_id = @guild_id AND bucket >= @since AND bucket < @until
ORDER BY bucket;

-- SumActivity adds up a guild's buckets in a half-open range of time.
-- name: SumActivity :one
SELECT CAST(coalesce(sum(messages), 0) AS INTEGER) AS messages,
  CAST(coalesce(sum(commands), 0) AS INTEGER) AS commands,
  CAST(coalesce(sum(joins), 0) AS INTEGER) AS joins,
  CAST(coalesce(sum(leaves), 0) AS INTEGER) AS leaves
FROM activity
WHERE guild_id = @guild_id AND bucket >= @since AND bucket < @until;

-- FindFirstActivity gives the oldest bucket in which anything was counted in a guild.
-- name: FindFirstActivity :one
SELECT bucket FROM activity WHERE guild_id = @guild_id ORDER BY bucket LIMIT 1;
