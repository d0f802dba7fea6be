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
FROM (
  SELECT a.messages, a.commands, a.joins, a.leaves
  FROM activity a WHERE a.guild_id = @guild_id AND a.bucket >= @since AND a.bucket < @first_day
  UNION ALL
  SELECT d.messages, d.commands, d.joins, d.leaves
  FROM activity_days d WHERE d.guild_id = @guild_id AND d.day >= @first_day AND d.day < @last_day
  UNION ALL
  SELECT b.messages, b.commands, b.joins, b.leaves
  FROM activity b WHERE b.guild_id = @guild_id AND b.bucket >= @last_day AND b.bucket < @until);

-- FindFirstActivity gives the oldest bucket in which anything was counted in a guild.
-- name: FindFirstActivity :one
SELECT bucket FROM activity WHERE guild_id = @guild_id ORDER BY bucket LIMIT 1;

-- AddActivityDay adds to the counters of a guild in the day of a bucket.
-- name: AddActivityDay :exec
INSERT INTO activity_days (guild_id, day, messages, edits, deletes, commands, joins, leaves)
VALUES (
  @guild_id, CAST(@bucket AS INTEGER) - CAST(@bucket AS INTEGER) % 86400000, @messages, @edits, @deletes,
  @commands, @joins, @leaves)
ON CONFLICT (guild_id, day) DO UPDATE SET
  messages = activity_days.messages + excluded.messages,
  edits    = activity_days.edits + excluded.edits,
  deletes  = activity_days.deletes + excluded.deletes,
  commands = activity_days.commands + excluded.commands,
  joins    = activity_days.joins + excluded.joins,
  leaves   = activity_days.leaves + excluded.leaves;
