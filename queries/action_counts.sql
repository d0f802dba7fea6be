-- AddActionCount adds to a guild's actions of a source in a bucket, by kind.
-- name: AddActionCount :exec
INSERT INTO action_counts (guild_id, bucket, source, notes, deletes, warns, timeouts, untimeouts, kicks, bans, unbans)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (guild_id, bucket, source) DO UPDATE SET
  notes      = action_counts.notes + excluded.notes,
  deletes    = action_counts.deletes + excluded.deletes,
  warns      = action_counts.warns + excluded.warns,
  timeouts   = action_counts.timeouts + excluded.timeouts,
  untimeouts = action_counts.untimeouts + excluded.untimeouts,
  kicks      = action_counts.kicks + excluded.kicks,
  bans       = action_counts.bans + excluded.bans,
  unbans     = action_counts.unbans + excluded.unbans;

-- ListActionTotals gives the actions in each of a guild's buckets in a half-open range of time, oldest first.
-- name: ListActionTotals :many
SELECT bucket, CAST(sum(n) AS INTEGER) AS n
FROM action_counts
WHERE guild_id = @guild_id AND bucket >= @since AND bucket < @until
GROUP BY bucket
ORDER BY bucket;

-- SumActionTotal adds up all of a guild's actions in a half-open range of time.
-- name: SumActionTotal :one
SELECT CAST(coalesce(sum(n), 0) AS INTEGER) AS n
FROM action_counts
WHERE guild_id = @guild_id AND bucket >= @since AND bucket < @until;

-- SumActions adds up a guild's actions in a half-open range of time, by kind and by source.
-- name: SumActions :one
SELECT CAST(coalesce(sum(notes), 0) AS INTEGER) AS notes,
  CAST(coalesce(sum(deletes), 0) AS INTEGER) AS deletes,
  CAST(coalesce(sum(warns), 0) AS INTEGER) AS warns,
  CAST(coalesce(sum(timeouts), 0) AS INTEGER) AS timeouts,
  CAST(coalesce(sum(untimeouts), 0) AS INTEGER) AS untimeouts,
  CAST(coalesce(sum(kicks), 0) AS INTEGER) AS kicks,
  CAST(coalesce(sum(bans), 0) AS INTEGER) AS bans,
  CAST(coalesce(sum(unbans), 0) AS INTEGER) AS unbans,
  CAST(coalesce(sum(n) FILTER (WHERE source = 'rule'), 0) AS INTEGER) AS rule,
  CAST(coalesce(sum(n) FILTER (WHERE source = 'automod'), 0) AS INTEGER) AS automod,
  CAST(coalesce(sum(n) FILTER (WHERE source = 'audit'), 0) AS INTEGER) AS audit,
  CAST(coalesce(sum(n) FILTER (WHERE source = 'dashboard'), 0) AS INTEGER) AS dashboard,
  CAST(coalesce(sum(n) FILTER (WHERE source = 'command'), 0) AS INTEGER) AS command
FROM (
  SELECT a.source, a.n, a.notes, a.deletes, a.warns, a.timeouts, a.untimeouts, a.kicks, a.bans, a.unbans
  FROM action_counts a WHERE a.guild_id = @guild_id AND a.bucket >= @since AND a.bucket < @first_day
  UNION ALL
  SELECT d.source, d.n, d.notes, d.deletes, d.warns, d.timeouts, d.untimeouts, d.kicks, d.bans, d.unbans
  FROM action_days d WHERE d.guild_id = @guild_id AND d.day >= @first_day AND d.day < @last_day
  UNION ALL
  SELECT b.source, b.n, b.notes, b.deletes, b.warns, b.timeouts, b.untimeouts, b.kicks, b.bans, b.unbans
  FROM action_counts b WHERE b.guild_id = @guild_id AND b.bucket >= @last_day AND b.bucket < @until);

-- SumEndings adds up a guild's actions in a half-open range of time: all, and those that punish.
-- name: SumEndings :one
SELECT CAST(coalesce(sum(n), 0) AS INTEGER) AS n,
  CAST(coalesce(sum(warns), 0) AS INTEGER) AS warns,
  CAST(coalesce(sum(timeouts), 0) AS INTEGER) AS timeouts,
  CAST(coalesce(sum(kicks), 0) AS INTEGER) AS kicks,
  CAST(coalesce(sum(bans), 0) AS INTEGER) AS bans
FROM (
  SELECT a.n, a.warns, a.timeouts, a.kicks, a.bans
  FROM action_counts a WHERE a.guild_id = @guild_id AND a.bucket >= @since AND a.bucket < @first_day
  UNION ALL
  SELECT d.n, d.warns, d.timeouts, d.kicks, d.bans
  FROM action_days d WHERE d.guild_id = @guild_id AND d.day >= @first_day AND d.day < @last_day
  UNION ALL
  SELECT b.n, b.warns, b.timeouts, b.kicks, b.bans
  FROM action_counts b WHERE b.guild_id = @guild_id AND b.bucket >= @last_day AND b.bucket < @until);

-- AddActionDay adds to a guild's actions of a source in the day of a bucket, by kind.
-- name: AddActionDay :exec
INSERT INTO action_days (guild_id, day, source, notes, deletes, warns, timeouts, untimeouts, kicks, bans, unbans)
VALUES (
  @guild_id, CAST(@bucket AS INTEGER) - CAST(@bucket AS INTEGER) % 86400000, @source, @notes, @deletes, @warns,
  @timeouts, @untimeouts, @kicks, @bans, @unbans)
ON CONFLICT (guild_id, day, source) DO UPDATE SET
  notes      = action_days.notes + excluded.notes,
  deletes    = action_days.deletes + excluded.deletes,
  warns      = action_days.warns + excluded.warns,
  timeouts   = action_days.timeouts + excluded.timeouts,
  untimeouts = action_days.untimeouts + excluded.untimeouts,
  kicks      = action_days.kicks + excluded.kicks,
  bans       = action_days.bans + excluded.bans,
  unbans     = action_days.unbans + excluded.unbans;
