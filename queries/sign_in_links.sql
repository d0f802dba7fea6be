-- InsertLink inserts a link that signs somebody in.
-- name: InsertLink :exec
INSERT INTO sign_in_links (token_hash, guild_id, user_id, created_at, expires_at)
VALUES (@token_hash, @guild_id, @user_id, @created_at, @expires_at);

-- GetLink gives a link by the hash of its token, spent and late ones too.
-- name: GetLink :one
SELECT * FROM sign_in_links WHERE token_hash = @token_hash;

-- SpendLink spends a link.
-- name: SpendLink :exec
UPDATE sign_in_links SET spent_at = @spent_at WHERE token_hash = @token_hash;

-- SpendLinksOf spends a person's links in a guild that were not spent yet.
-- name: SpendLinksOf :exec
UPDATE sign_in_links SET spent_at = @spent_at WHERE guild_id = @guild_id AND user_id = @user_id AND spent_at = 0;

-- DeleteLinks forgets the links that were too late before a time.
-- name: DeleteLinks :exec
DELETE FROM sign_in_links WHERE expires_at < @late_since;
