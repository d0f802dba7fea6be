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
FROM response_times
WHERE guild_id = @guild_id AND bucket >= @since AND bucket < @until;
