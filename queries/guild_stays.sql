-- CountStaysAt counts the guilds that the bot was in at a moment.
-- name: CountStaysAt :one
SELECT count(*) FROM guild_stays WHERE joined_at < @at AND (left_at = 0 OR left_at >= @at);
