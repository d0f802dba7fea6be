-- AddRuleCount adds to how often a rule was broken in a bucket.
-- name: AddRuleCount :exec
INSERT INTO rule_counts (guild_id, bucket, rule, counted, shadow, false_positives) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (guild_id, rule, bucket) DO UPDATE SET
  counted         = rule_counts.counted + excluded.counted,
  shadow          = rule_counts.shadow + excluded.shadow,
  false_positives = rule_counts.false_positives + excluded.false_positives;

-- SumRuleCounts adds up how often a rule was broken in a half-open range of time.
-- name: SumRuleCounts :one
SELECT CAST(coalesce(sum(counted), 0) AS INTEGER) AS counted,
  CAST(coalesce(sum(shadow), 0) AS INTEGER) AS shadow,
  CAST(coalesce(sum(false_positives), 0) AS INTEGER) AS false_positives
FROM rule_counts
WHERE guild_id = @guild_id AND rule = @rule AND bucket >= @since AND bucket < @until;

-- AddRuleDay adds to how often a rule was broken in the day of a bucket.
-- name: AddRuleDay :exec
INSERT INTO rule_days (guild_id, day, rule, counted, shadow, false_positives) VALUES (
  @guild_id, CAST(@bucket AS INTEGER) - CAST(@bucket AS INTEGER) % 86400000, @rule, @counted, @shadow,
  @false_positives)
ON CONFLICT (guild_id, rule, day) DO UPDATE SET
  counted         = rule_days.counted + excluded.counted,
  shadow          = rule_days.shadow + excluded.shadow,
  false_positives = rule_days.false_positives + excluded.false_positives;
