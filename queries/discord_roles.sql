-- ListDiscordRoles gives every Discord role of a guild.
-- name: ListDiscordRoles :many
SELECT * FROM discord_roles WHERE guild_id = @guild_id;

-- GetDiscordRole gives one Discord role of a guild.
-- name: GetDiscordRole :one
SELECT * FROM discord_roles WHERE guild_id = @guild_id AND role_id = @role_id;

-- PutDiscordRole inserts or replaces a Discord role, unless something newer is known.
-- name: PutDiscordRole :exec
INSERT INTO discord_roles (guild_id, role_id, name, color, position, permissions, managed, updated_at)
VALUES (@guild_id, @role_id, @name, @color, @position, @permissions, @managed, @updated_at)
ON CONFLICT (guild_id, role_id) DO UPDATE SET
  name = excluded.name, color = excluded.color, position = excluded.position, permissions = excluded.permissions,
  managed = excluded.managed, updated_at = excluded.updated_at
WHERE excluded.updated_at >= discord_roles.updated_at;

-- DeleteDiscordRole forgets a Discord role that is gone.
-- name: DeleteDiscordRole :exec
DELETE FROM discord_roles WHERE guild_id = @guild_id AND role_id = @role_id;
