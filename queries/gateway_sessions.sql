-- GetPosition gives where a shard's session can be resumed.
-- name: GetPosition :one
SELECT * FROM gateway_sessions WHERE shard = @shard;

-- PutPosition replaces where a shard's session can be resumed. The newest message counted never goes back.
-- name: PutPosition :exec
INSERT INTO gateway_sessions (shard, session_id, seq, resume_url, saved_at, newest)
VALUES (@shard, @session_id, @seq, @resume_url, @saved_at, @newest)
ON CONFLICT (shard) DO UPDATE SET
  session_id = excluded.session_id, seq = excluded.seq, resume_url = excluded.resume_url, saved_at = excluded.saved_at,
  newest = max(gateway_sessions.newest, excluded.newest);

-- PutLoss notes that a shard's session is gone, since when, and the gap that this leaves.
-- name: PutLoss :exec
INSERT INTO gateway_sessions (shard, session_id, seq, resume_url, saved_at, newest, gap_id)
VALUES (@shard, '', 0, '', @saved_at, @newest, @gap_id)
ON CONFLICT (shard) DO UPDATE SET
  session_id = '', seq = 0, resume_url = '', saved_at = excluded.saved_at, newest = excluded.newest,
  gap_id = excluded.gap_id;

-- RaiseNewest notes that all messages up to one are counted, or planned to be read back.
-- name: RaiseNewest :exec
UPDATE gateway_sessions SET newest = max(newest, CAST(@newest AS INTEGER)) WHERE shard = @shard;
