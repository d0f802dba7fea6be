-- ListGuildsOf lists the guilds that a user is in or owns, as far as known.
-- name: ListGuildsOf :many
SELECT m.guild_id FROM members m WHERE m.user_id = @user_id AND m.left_at = 0
UNION SELECT g.guild_id FROM guilds g WHERE g.owner_id = @user_id AND g.left_at = 0;
