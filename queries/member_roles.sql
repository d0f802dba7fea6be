-- PutMemberRole notes that a member has a Discord role.
-- name: PutMemberRole :exec
INSERT INTO member_roles (guild_id, role_id, user_id) VALUES (@guild_id, @role_id, @user_id)
ON CONFLICT (guild_id, role_id, user_id) DO NOTHING;

-- DeleteMemberRole notes that a member has a Discord role no more.
-- name: DeleteMemberRole :exec
DELETE FROM member_roles WHERE guild_id = @guild_id AND role_id = @role_id AND user_id = @user_id;

-- ListHolders lists who is in a guild and has a Discord role, bots left out.
-- name: ListHolders :many
SELECT h.user_id FROM member_roles h
JOIN members m ON m.guild_id = h.guild_id AND m.user_id = h.user_id
JOIN users u ON u.user_id = h.user_id
WHERE h.guild_id = @guild_id AND h.role_id = @role_id AND m.left_at = 0 AND u.bot = 0
ORDER BY h.user_id LIMIT @max;
