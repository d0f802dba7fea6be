-- InsertSession inserts a session; a token hash that any session ever had is refused as long as its row is there.
-- name: InsertSession :exec
INSERT INTO sessions (token_hash, session_id, user_id, created_at, expires_at, last_used_at, device, address)
VALUES (@token_hash, @session_id, @user_id, @created_at, @expires_at, @last_used_at, @device, @address);

-- GetSession gives a session by the hash of its token, ended ones too.
-- name: GetSession :one
SELECT * FROM sessions WHERE token_hash = @token_hash;

-- GetSessionByID gives a session by its id, ended ones too.
-- name: GetSessionByID :one
SELECT * FROM sessions WHERE session_id = @session_id;

-- ListOpenSessions gives a user's sessions that have not been ended.
-- name: ListOpenSessions :many
SELECT * FROM sessions WHERE user_id = @user_id AND ended_at = 0;

-- ListIdleSessions gives the sessions that have not been ended and were last used before a time.
-- name: ListIdleSessions :many
SELECT * FROM sessions WHERE expires_at > @now AND ended_at = 0 AND last_used_at <= @idle_since;

-- ListExpiredSessions gives the sessions whose time is over, ended ones too.
-- name: ListExpiredSessions :many
SELECT * FROM sessions WHERE expires_at <= @now;

-- TouchSession notes when and from where a session was last used.
-- name: TouchSession :exec
UPDATE sessions SET last_used_at = @last_used_at, address = @address WHERE token_hash = @token_hash;

-- EndSession ends a session for good.
-- name: EndSession :exec
UPDATE sessions SET ended_at = @ended_at WHERE token_hash = @token_hash;

-- DeleteSession forgets a session whose time is over.
-- name: DeleteSession :exec
DELETE FROM sessions WHERE token_hash = @token_hash;
