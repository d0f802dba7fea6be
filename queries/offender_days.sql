-- ListDaysToSum gives the UTC days before a time on which a guild had so many violations, of which no sum is kept.
-- name: ListDaysToSum :many
SELECT s.day FROM violation_spans s
WHERE s.guild_id = @guild_id AND s.day < @before AND s.highest - s.lowest >= @least AND s.highest - s.lowest <= @most
  AND NOT EXISTS (SELECT 1 FROM offender_days d WHERE d.guild_id = @guild_id AND d.day = s.day)
ORDER BY s.day DESC;

-- PutOffenderDay keeps who broke a rule on a day.
-- name: PutOffenderDay :exec
INSERT INTO offender_days (guild_id, day, people) VALUES (?, ?, ?)
ON CONFLICT (guild_id, day) DO UPDATE SET people = excluded.people;

-- ListOffenderDays gives who broke a rule on days of a half-open range, as far as it is kept.
-- name: ListOffenderDays :many
SELECT day, people FROM offender_days
WHERE guild_id = @guild_id AND day >= @first_day AND day < @last_day ORDER BY day;

-- ForgetOffenderDay takes away who broke a rule on a day.
-- name: ForgetOffenderDay :exec
DELETE FROM offender_days WHERE guild_id = ? AND day = ?;
