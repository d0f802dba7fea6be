-- GetLadder gives a guild's own ladder.
-- name: GetLadder :one
SELECT steps FROM ladders WHERE guild_id = @guild_id;

-- PutLadder replaces a guild's ladder.
-- name: PutLadder :exec
INSERT INTO ladders (guild_id, steps, updated_at) VALUES (@guild_id, @steps, @updated_at)
ON CONFLICT (guild_id) DO UPDATE SET steps = excluded.steps, updated_at = excluded.updated_at;
