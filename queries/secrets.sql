-- GetSecret gives a sealed value.
-- name: GetSecret :one
SELECT * FROM secrets WHERE guild_id = @guild_id AND name = @name;

-- ListSecrets gives every sealed value.
-- name: ListSecrets :many
SELECT * FROM secrets ORDER BY guild_id, name;

-- PutSecret inserts a sealed value or replaces it.
-- name: PutSecret :exec
INSERT INTO secrets (guild_id, name, key_id, sealed, hint, set_by, updated_at)
VALUES (@guild_id, @name, @key_id, @sealed, @hint, @set_by, @updated_at)
ON CONFLICT (guild_id, name) DO UPDATE SET
  key_id = excluded.key_id, sealed = excluded.sealed, hint = excluded.hint, set_by = excluded.set_by,
  updated_at = excluded.updated_at;

-- DeleteSecret removes a sealed value.
-- name: DeleteSecret :exec
DELETE FROM secrets WHERE guild_id = @guild_id AND name = @name;
