-- InsertMemberMonth notes that a user was active in a guild in a month; no row is affected when that is known.
-- name: InsertMemberMonth :execrows
INSERT INTO member_month (month, guild_id, user_id) VALUES (?, ?, ?)
ON CONFLICT (month, guild_id, user_id) DO NOTHING;

-- ListMonthsOf lists the months in which a member was active in a guild, the oldest first.
-- name: ListMonthsOf :many
SELECT month FROM member_month WHERE guild_id = @guild_id AND user_id = @user_id ORDER BY month;
