-- GetLatency gives the heartbeats of a bucket.
-- name: GetLatency :one
SELECT * FROM latency WHERE bucket = @bucket;

-- PutLatency replaces the heartbeats of a bucket.
-- name: PutLatency :exec
INSERT INTO latency (bucket, count, sum_us, buckets) VALUES (?, ?, ?, ?)
ON CONFLICT (bucket) DO UPDATE SET count = excluded.count, sum_us = excluded.sum_us, buckets = excluded.buckets;

-- SumLatency adds up the heartbeats in a half-open range of time.
-- name: SumLatency :one
SELECT CAST(coalesce(sum(count), 0) AS INTEGER) AS count, CAST(coalesce(sum(sum_us), 0) AS INTEGER) AS sum_us
FROM latency
WHERE bucket >= @since AND bucket < @until;

-- FindFirstLatency gives the oldest bucket with a heartbeat.
-- name: FindFirstLatency :one
SELECT bucket FROM latency ORDER BY bucket LIMIT 1;
