-- InsertMemberMonth notes that a user was active in a guild in a month; no row is affected when that is known.
-- name: InsertMemberMonth :execrows
INSERT INTO member_month (month, guild_id, user_id) VALUES (?, ?, ?)
ON CONFLICT (month, guild_id, user_id) DO NOTHING;
