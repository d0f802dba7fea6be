-- GetPosition gives where a shard's session can be resumed.
-- name: GetPosition :one
SELECT * FROM gateway_sessions WHERE shard = @shard;

-- PutPosition replaces where a shard's session can be resumed.
-- name: PutPosition :exec
INSERT INTO gateway_sessions (shard, session_id, seq, resume_url, saved_at)
VALUES (@shard, @session_id, @seq, @resume_url, @saved_at)
ON CONFLICT (shard) DO UPDATE SET
  session_id = excluded.session_id, seq = excluded.seq, resume_url = excluded.resume_url, saved_at = excluded.saved_at;

-- DeletePosition forgets a shard's session.
-- name: DeletePosition :exec
DELETE FROM gateway_sessions WHERE shard = @shard;

-- InsertIdentify notes an IDENTIFY.
-- name: InsertIdentify :exec
INSERT INTO identifies (at) VALUES (@at);

-- CountIdentifies counts the IDENTIFYs since a time.
-- name: CountIdentifies :one
SELECT count(*) FROM identifies WHERE at >= @since;

-- DeleteIdentifies deletes the IDENTIFYs before a time.
-- name: DeleteIdentifies :execrows
DELETE FROM identifies WHERE at < @before;
