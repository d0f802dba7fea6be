-- AddTarget adds to how often somebody was acted on in the last 7 and 30 days.
-- name: AddTarget :exec
INSERT INTO target_window (guild_id, user_id, week, month) VALUES (?, ?, ?, ?)
ON CONFLICT (guild_id, user_id) DO UPDATE SET
  week  = target_window.week + excluded.week,
  month = target_window.month + excluded.month;

-- DeleteIdleTarget deletes somebody on whom nobody acted in 30 days.
-- name: DeleteIdleTarget :exec
DELETE FROM target_window WHERE guild_id = @guild_id AND user_id = @user_id AND month <= 0;

-- ListWeekTargets gives the members acted on most in the last 7 days.
-- name: ListWeekTargets :many
SELECT user_id, week FROM target_window WHERE guild_id = @guild_id AND week > 0 ORDER BY week DESC, user_id LIMIT @max;

-- ListMonthTargets gives the members acted on most in the last 30 days.
-- name: ListMonthTargets :many
SELECT user_id, month FROM target_window WHERE guild_id = @guild_id AND month > 0
ORDER BY month DESC, user_id LIMIT @max;

-- NextTargetGuild gives the next guild in which somebody was acted on in 30 days; 0 after the last.
-- name: NextTargetGuild :one
SELECT CAST(coalesce(min(guild_id), 0) AS INTEGER) AS guild_id FROM target_window WHERE guild_id > @guild_id;
