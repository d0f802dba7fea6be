-- AddViolationCount adds to a guild's violations of a source in a bucket, by severity.
-- name: AddViolationCount :exec
INSERT INTO violation_counts (guild_id, bucket, source, low, medium, high, critical)
VALUES (@guild_id, @bucket, @source, @low, @medium, @high, @critical)
ON CONFLICT (guild_id, bucket, source) DO UPDATE SET
  low      = violation_counts.low + excluded.low,
  medium   = violation_counts.medium + excluded.medium,
  high     = violation_counts.high + excluded.high,
  critical = violation_counts.critical + excluded.critical;

-- AddActionCount adds to a guild's actions of a source in a bucket, by kind.
-- name: AddActionCount :exec
INSERT INTO action_counts (guild_id, bucket, source, notes, deletes, warns, timeouts, untimeouts, kicks, bans, unbans)
VALUES (@guild_id, @bucket, @source, @notes, @deletes, @warns, @timeouts, @untimeouts, @kicks, @bans, @unbans)
ON CONFLICT (guild_id, bucket, source) DO UPDATE SET
  notes      = action_counts.notes + excluded.notes,
  deletes    = action_counts.deletes + excluded.deletes,
  warns      = action_counts.warns + excluded.warns,
  timeouts   = action_counts.timeouts + excluded.timeouts,
  untimeouts = action_counts.untimeouts + excluded.untimeouts,
  kicks      = action_counts.kicks + excluded.kicks,
  bans       = action_counts.bans + excluded.bans,
  unbans     = action_counts.unbans + excluded.unbans;
