-- InsertCommandRun inserts a command run; no row is affected when it is there.
-- name: InsertCommandRun :execrows
INSERT INTO command_runs (interaction_id, guild_id, at, command, user_id, channel_id, ok, took_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (interaction_id) DO NOTHING;

-- FindLastCommand gives the time of the newest command run.
-- name: FindLastCommand :one
SELECT at FROM command_runs ORDER BY at DESC LIMIT 1;

-- ListRunsOf lists the commands that a member ran in a guild, the newest first.
-- name: ListRunsOf :many
SELECT interaction_id, at, command, channel_id, ok FROM command_runs
WHERE guild_id = @guild_id AND user_id = @user_id AND interaction_id < @before ORDER BY interaction_id DESC LIMIT @max;
