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
FROM (
  SELECT a.counted, a.shadow, a.false_positives FROM rule_counts a
  WHERE a.guild_id = @guild_id AND a.rule = @rule AND a.bucket >= @since AND a.bucket < @first_day
  UNION ALL
  SELECT d.counted, d.shadow, d.false_positives FROM rule_days d
  WHERE d.guild_id = @guild_id AND d.rule = @rule AND d.day >= @first_day AND d.day < @last_day
  UNION ALL
  SELECT b.counted, b.shadow, b.false_positives FROM rule_counts b
  WHERE b.guild_id = @guild_id AND b.rule = @rule AND b.bucket >= @last_day AND b.bucket < @until);

-- ListRuleCounts adds up how often each of a guild's own rules was broken in a half-open range of time: up to three
-- rows for each, from the buckets before the first whole day, from the days, and from the buckets after them.
-- name: ListRuleCounts :many
SELECT r.number, CAST(sum(a.counted) AS INTEGER) AS counted, CAST(sum(a.shadow) AS INTEGER) AS shadow,
  CAST(sum(a.false_positives) AS INTEGER) AS false_positives
FROM rules r CROSS JOIN rule_counts a
WHERE r.guild_id = @guild_id AND r.deleted_at = 0 AND a.guild_id = @guild_id AND a.rule = 'rule:' || r.number
  AND a.bucket >= @since AND a.bucket < @first_day
GROUP BY r.number
UNION ALL
SELECT r.number, CAST(sum(d.counted) AS INTEGER), CAST(sum(d.shadow) AS INTEGER),
  CAST(sum(d.false_positives) AS INTEGER)
FROM rules r CROSS JOIN rule_days d
WHERE r.guild_id = @guild_id AND r.deleted_at = 0 AND d.guild_id = @guild_id AND d.rule = 'rule:' || r.number
  AND d.day >= @first_day AND d.day < @last_day
GROUP BY r.number
UNION ALL
SELECT r.number, CAST(sum(b.counted) AS INTEGER), CAST(sum(b.shadow) AS INTEGER),
  CAST(sum(b.false_positives) AS INTEGER)
FROM rules r CROSS JOIN rule_counts b
WHERE r.guild_id = @guild_id AND r.deleted_at = 0 AND b.guild_id = @guild_id AND b.rule = 'rule:' || r.number
  AND b.bucket >= @last_day AND b.bucket < @until
GROUP BY r.number;

-- AddRuleDay adds to how often a rule was broken in the day of a bucket.
-- name: AddRuleDay :exec
INSERT INTO rule_days (guild_id, day, rule, counted, shadow, false_positives) VALUES (
  @guild_id, CAST(@bucket AS INTEGER) - CAST(@bucket AS INTEGER) % 86400000, @rule, @counted, @shadow,
  @false_positives)
ON CONFLICT (guild_id, rule, day) DO UPDATE SET
  counted         = rule_days.counted + excluded.counted,
  shadow          = rule_days.shadow + excluded.shadow,
  false_positives = rule_days.false_positives + excluded.false_positives;
