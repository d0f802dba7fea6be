-- AddViolationCount adds to a guild's violations of a source in a bucket, by severity.
-- name: AddViolationCount :exec
INSERT INTO violation_counts (guild_id, bucket, source, low, medium, high, critical)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (guild_id, bucket, source) DO UPDATE SET
  low      = violation_counts.low + excluded.low,
  medium   = violation_counts.medium + excluded.medium,
  high     = violation_counts.high + excluded.high,
  critical = violation_counts.critical + excluded.critical;

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
FROM (
  SELECT a.low, a.medium, a.high, a.critical
  FROM violation_counts a WHERE a.guild_id = @guild_id AND a.bucket >= @since AND a.bucket < @first_day
  UNION ALL
  SELECT d.low, d.medium, d.high, d.critical
  FROM violation_days d WHERE d.guild_id = @guild_id AND d.day >= @first_day AND d.day < @last_day
  UNION ALL
  SELECT b.low, b.medium, b.high, b.critical
  FROM violation_counts b WHERE b.guild_id = @guild_id AND b.bucket >= @last_day AND b.bucket < @until);

-- SumFound adds up a guild's violations in a half-open range of time, by severity and by source.
-- name: SumFound :one
SELECT CAST(coalesce(sum(low), 0) AS INTEGER) AS low,
  CAST(coalesce(sum(medium), 0) AS INTEGER) AS medium,
  CAST(coalesce(sum(high), 0) AS INTEGER) AS high,
  CAST(coalesce(sum(critical), 0) AS INTEGER) AS critical,
  CAST(coalesce(sum(low + medium + high + critical) FILTER (WHERE source = 'rule'), 0) AS INTEGER) AS rule,
  CAST(coalesce(sum(low + medium + high + critical) FILTER (WHERE source = 'automod'), 0) AS INTEGER) AS automod
FROM (
  SELECT a.source, a.low, a.medium, a.high, a.critical
  FROM violation_counts a WHERE a.guild_id = @guild_id AND a.bucket >= @since AND a.bucket < @first_day
  UNION ALL
  SELECT d.source, d.low, d.medium, d.high, d.critical
  FROM violation_days d WHERE d.guild_id = @guild_id AND d.day >= @first_day AND d.day < @last_day
  UNION ALL
  SELECT b.source, b.low, b.medium, b.high, b.critical
  FROM violation_counts b WHERE b.guild_id = @guild_id AND b.bucket >= @last_day AND b.bucket < @until);

-- SumVitals gives what a guild's health is computed from, of a half-open range of time.
-- name: SumVitals :one
SELECT
  CAST(coalesce((SELECT sum(a.messages) FROM activity a
    WHERE a.guild_id = @guild_id AND a.bucket >= @since AND a.bucket < @until), 0) AS INTEGER) AS messages,
  CAST(coalesce((SELECT sum(v.low + v.medium + v.high + v.critical) FROM violation_counts v
    WHERE v.guild_id = @guild_id AND v.bucket >= @since AND v.bucket < @until), 0) AS INTEGER) AS violations,
  CAST(coalesce((SELECT sum(c.n) FROM action_counts c
    WHERE c.guild_id = @guild_id AND c.bucket >= @since AND c.bucket < @until), 0) AS INTEGER) AS actions,
  CAST(coalesce((SELECT sum(c.kicks + c.bans) FROM action_counts c
    WHERE c.guild_id = @guild_id AND c.bucket >= @since AND c.bucket < @until), 0) AS INTEGER) AS removals;

-- AddViolationDay adds to a guild's violations of a source in the day of a bucket, by severity.
-- name: AddViolationDay :exec
INSERT INTO violation_days (guild_id, day, source, low, medium, high, critical)
VALUES (
  @guild_id, CAST(@bucket AS INTEGER) - CAST(@bucket AS INTEGER) % 86400000, @source, @low, @medium, @high,
  @critical)
ON CONFLICT (guild_id, day, source) DO UPDATE SET
  low      = violation_days.low + excluded.low,
  medium   = violation_days.medium + excluded.medium,
  high     = violation_days.high + excluded.high,
  critical = violation_days.critical + excluded.critical;
