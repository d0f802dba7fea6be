-- AddOffender adds to how often a member broke a rule in the last 7 and 30 days.
-- name: AddOffender :exec
INSERT INTO offender_window (guild_id, user_id, week, month) VALUES (?, ?, ?, ?)
ON CONFLICT (guild_id, user_id) DO UPDATE SET
  week  = offender_window.week + excluded.week,
  month = offender_window.month + excluded.month;

-- DeleteIdleOffender deletes a member who broke no rule in 30 days.
-- name: DeleteIdleOffender :exec
DELETE FROM offender_window WHERE guild_id = @guild_id AND user_id = @user_id AND month <= 0;

-- ListWeekOffenders gives the members who broke most rules in the last 7 days.
-- name: ListWeekOffenders :many
SELECT user_id, week FROM offender_window WHERE guild_id = @guild_id AND week > 0
ORDER BY week DESC, user_id LIMIT @max;

-- ListMonthOffenders gives the members who broke most rules in the last 30 days.
-- name: ListMonthOffenders :many
SELECT user_id, month FROM offender_window WHERE guild_id = @guild_id AND month > 0
ORDER BY month DESC, user_id LIMIT @max;

-- CountWeekOffenders counts the members who broke a rule so often in the last 7 days, both bounds included.
-- name: CountWeekOffenders :one
SELECT count(*) FROM offender_window WHERE guild_id = @guild_id AND week >= @low AND week <= @high;

-- CountMonthOffenders counts the members who broke a rule so often in the last 30 days, both bounds included.
-- name: CountMonthOffenders :one
SELECT count(*) FROM offender_window WHERE guild_id = @guild_id AND month >= @low AND month <= @high;

-- NextOffenderGuild gives the next guild in which somebody broke a rule in 30 days; 0 after the last.
-- name: NextOffenderGuild :one
SELECT CAST(coalesce(min(guild_id), 0) AS INTEGER) AS guild_id FROM offender_window WHERE guild_id > @guild_id;
