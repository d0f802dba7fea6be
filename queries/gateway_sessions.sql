-- GetPosition gives where a shard's session can be resumed.
-- name: GetPosition :one
SELECT * FROM gateway_sessions WHERE shard = @shard;

-- PutPosition replaces where a shard's session can be resumed.
-- name: PutPosition :exec
INSERT INTO gateway_sessions (shard, session_id, seq, resume_url, saved_at)
VALUES (@shard, @session_id, @seq, @resume_url, @saved_at)
ON CONFLICT (shard) DO UPDATE SET
  session_id = excluded.session_id, seq = excluded.seq, resume_url = excluded.resume_url, saved_at = excluded.saved_at;
