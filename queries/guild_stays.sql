-- PutStay notes the start of a stay of the bot in a guild.
-- name: PutStay :exec
INSERT INTO guild_stays (guild_id, joined_at) VALUES (@guild_id, @joined_at)
ON CONFLICT (guild_id, joined_at) DO UPDATE SET left_at = 0;

-- EndStay notes the end of a stay.
-- name: EndStay :exec
UPDATE guild_stays SET left_at = @left_at WHERE guild_id = @guild_id AND joined_at = @joined_at;

-- CountStaysAt counts the guilds that the bot was in at a moment.
-- name: CountStaysAt :one
SELECT count(*) FROM guild_stays WHERE joined_at < @at AND (left_at = 0 OR left_at >= @at);

-- ListStays gives the stays of the bot in a guild, the first one first.
-- name: ListStays :many
SELECT joined_at, left_at FROM guild_stays WHERE guild_id = @guild_id ORDER BY joined_at;
