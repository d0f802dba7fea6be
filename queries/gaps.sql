-- InsertGap inserts a gap; no row is affected when it is there.
-- name: InsertGap :execrows
INSERT INTO gaps (guild_id, from_at, to_at, reason, dropped) VALUES (@guild_id, @from_at, @to_at, @reason, @dropped)
ON CONFLICT DO NOTHING;

-- OpenGap inserts a gap of the whole instance whose end is not known yet.
-- name: OpenGap :one
INSERT INTO gaps (guild_id, from_at, to_at, reason, dropped, after_id)
VALUES (0, @from_at, 0, @reason, 0, @after_id)
ON CONFLICT (guild_id, to_at, from_at, reason) DO UPDATE SET after_id = max(gaps.after_id, excluded.after_id)
RETURNING gap_id;

-- CloseGap ends an open gap; no row is affected when there is none that began then.
-- name: CloseGap :execrows
UPDATE gaps SET to_at = @to_at, reason = @reason WHERE guild_id = 0 AND to_at = 0 AND from_at = @from_at;

-- GetGapOfSession gives the gap before a shard's session.
-- name: GetGapOfSession :one
SELECT g.* FROM gateway_sessions s JOIN gaps g ON g.gap_id = s.gap_id WHERE s.shard = @shard;

-- ListGaps gives the gaps of one guild (0: those of the whole instance) that overlap a time, newest first.
-- name: ListGaps :many
SELECT * FROM gaps WHERE guild_id = @guild_id AND to_at > @since AND from_at < @until ORDER BY to_at DESC LIMIT @max;

-- ListAllGaps gives the gaps of every guild that overlap a time, newest first.
-- name: ListAllGaps :many
SELECT * FROM gaps WHERE to_at > @since AND from_at < @until ORDER BY to_at DESC LIMIT @max;

-- ListOpenGaps gives the gaps of one guild and of the whole instance that have not ended.
-- name: ListOpenGaps :many
SELECT * FROM gaps WHERE guild_id IN (0, @guild_id) AND to_at = 0;
