-- GetResponseTimes gives how long a guild's violations of a bucket took to be answered.
-- name: GetResponseTimes :one
SELECT * FROM response_times WHERE guild_id = @guild_id AND bucket = @bucket;

-- PutResponseTimes replaces how long a guild's violations of a bucket took to be answered.
-- name: PutResponseTimes :exec
INSERT INTO response_times (guild_id, bucket, count, sum_us, buckets) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (guild_id, bucket) DO UPDATE SET
  count = excluded.count, sum_us = excluded.sum_us, buckets = excluded.buckets;
