-- ListViolationTotals gives the violations in each of a guild's buckets in a half-open range of time, oldest first.
-- name: ListViolationTotals :many
SELECT bucket, CAST(sum(low + medium + high + critical) AS INTEGER) AS n
FROM violation_counts
WHERE guild_id = @guild_id AND bucket >= @since AND bucket < @until
GROUP BY bucket
ORDER BY bucket;

-- SumViolations adds up a guild's violations in a half-open range of time, by severity.
-- name: SumViolations :one
SELECT CAST(coalesce(sum(low), 0) AS INTEGER) AS low,
  CAST(coalesce(sum(medium), 0) AS INTEGER) AS medium,
  CAST(coalesce(sum(high), 0) AS INTEGER) AS high,
  CAST(coalesce(sum(critical), 0) AS INTEGER) AS critical
FROM violation_counts
WHERE guild_id = @guild_id AND bucket >= @since AND bucket < @until;
