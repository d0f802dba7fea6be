-- InsertGap inserts a gap; no row is affected when it is there.
-- name: InsertGap :execrows
INSERT INTO gaps (guild_id, from_at, to_at, reason, dropped) VALUES (@guild_id, @from_at, @to_at, @reason, @dropped)
ON CONFLICT DO NOTHING;

-- ListGaps gives the gaps of one guild (0: those of the whole instance) that end after a moment, newest first.
-- name: ListGaps :many
SELECT * FROM gaps WHERE guild_id = @guild_id AND to_at > @since ORDER BY to_at DESC LIMIT @max;

-- ListAllGaps gives the gaps of every guild that end after a moment, newest first.
-- name: ListAllGaps :many
SELECT * FROM gaps WHERE to_at > @since ORDER BY to_at DESC LIMIT @max;
