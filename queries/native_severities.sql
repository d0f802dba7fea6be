-- GetNativeSeverity gives how severe a guild takes what its native rules catch.
-- name: GetNativeSeverity :one
SELECT severity FROM native_severities WHERE guild_id = @guild_id AND catch = @catch;

-- ListNativeSeverities lists a guild's own severities.
-- name: ListNativeSeverities :many
SELECT * FROM native_severities WHERE guild_id = @guild_id;

-- PutNativeSeverity sets how severe a guild takes what its native rules catch.
-- name: PutNativeSeverity :exec
INSERT INTO native_severities (guild_id, catch, severity) VALUES (@guild_id, @catch, @severity)
ON CONFLICT (guild_id, catch) DO UPDATE SET severity = excluded.severity;
