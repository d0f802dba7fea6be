-- ListGuildsOf lists the guilds that a user is in or owns, as far as known; one may come twice.
-- name: ListGuildsOf :many
SELECT m.guild_id FROM members m WHERE m.user_id = @user_id AND m.left_at = 0
UNION ALL SELECT g.guild_id FROM guilds g WHERE g.owner_id = @user_id AND g.left_at = 0;
