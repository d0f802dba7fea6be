-- GetResponseTimes gives how long a guild's violations of a bucket took to be answered.
-- name: GetResponseTimes :one
SELECT * FROM response_times WHERE guild_id = @guild_id AND bucket = @bucket;

-- PutResponseTimes replaces how long a guild's violations of a bucket took to be answered.
-- name: PutResponseTimes :exec
INSERT INTO response_times (guild_id, bucket, count, sum_us, buckets) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (guild_id, bucket) DO UPDATE SET
  count = excluded.count, sum_us = excluded.sum_us, buckets = excluded.buckets;

-- JoinResponseTimes gives how long a guild's violations of a half-open range of time took to be answered: how many there
-- are, their sum, and the arrays of all buckets with commas between them.
-- name: JoinResponseTimes :one
SELECT CAST(coalesce(sum(count), 0) AS INTEGER) AS count, CAST(coalesce(sum(sum_us), 0) AS INTEGER) AS sum_us,
  CAST(coalesce(group_concat(buckets, ','), '') AS TEXT) AS buckets
FROM (
  SELECT a.count, a.sum_us, a.buckets
  FROM response_times a WHERE a.guild_id = @guild_id AND a.bucket >= @since AND a.bucket < @first_day
  UNION ALL
  SELECT d.count, d.sum_us, d.buckets
  FROM response_days d WHERE d.guild_id = @guild_id AND d.day >= @first_day AND d.day < @last_day
  UNION ALL
  SELECT b.count, b.sum_us, b.buckets
  FROM response_times b WHERE b.guild_id = @guild_id AND b.bucket >= @last_day AND b.bucket < @until);

-- GetResponseDay gives how long a guild's violations of the day of a bucket took to be answered, named by the bucket.
-- name: GetResponseDay :one
SELECT guild_id, CAST(@bucket AS INTEGER) AS bucket, count, sum_us, buckets FROM response_days
WHERE guild_id = @guild_id AND day = CAST(@bucket AS INTEGER) - CAST(@bucket AS INTEGER) % 86400000;

-- PutResponseDay replaces how long a guild's violations of the day of a bucket took to be answered.
-- name: PutResponseDay :exec
INSERT INTO response_days (guild_id, day, count, sum_us, buckets) VALUES (
  @guild_id, CAST(@bucket AS INTEGER) - CAST(@bucket AS INTEGER) % 86400000, @count, @sum_us, @buckets)
ON CONFLICT (guild_id, day) DO UPDATE SET
  count = excluded.count, sum_us = excluded.sum_us, buckets = excluded.buckets;
