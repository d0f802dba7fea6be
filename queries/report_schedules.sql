-- ListSchedules gives the reports that come by themselves in a guild.
-- name: ListSchedules :many
SELECT * FROM report_schedules WHERE guild_id = @guild_id ORDER BY cadence;

-- ListAllSchedules gives the reports that come by themselves in all guilds that the bot is in, with their time zones.
-- name: ListAllSchedules :many
SELECT s.guild_id, s.cadence, s.hour, s.done, g.time_zone
FROM report_schedules s
JOIN guilds g ON g.guild_id = s.guild_id
WHERE g.left_at = 0
ORDER BY s.guild_id, s.cadence;

-- GetSchedule gives one of a guild's schedules.
-- name: GetSchedule :one
SELECT * FROM report_schedules WHERE guild_id = @guild_id AND cadence = @cadence;

-- PutSchedule adds a schedule or replaces it.
-- name: PutSchedule :exec
INSERT INTO report_schedules (guild_id, cadence, hour, done) VALUES (@guild_id, @cadence, @hour, @done)
ON CONFLICT (guild_id, cadence) DO UPDATE SET hour = excluded.hour, done = excluded.done;

-- DeleteSchedule ends a schedule.
-- name: DeleteSchedule :exec
DELETE FROM report_schedules WHERE guild_id = @guild_id AND cadence = @cadence;
