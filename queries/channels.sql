-- ListChannels gives every channel of a guild.
-- name: ListChannels :many
SELECT * FROM channels WHERE guild_id = @guild_id;

-- GetChannel gives one channel of a guild.
-- name: GetChannel :one
SELECT * FROM channels WHERE guild_id = @guild_id AND channel_id = @channel_id;

-- PutChannel inserts or replaces a channel, unless something newer is known.
-- name: PutChannel :exec
INSERT INTO channels (guild_id, channel_id, parent_id, name, kind, position, updated_at)
VALUES (@guild_id, @channel_id, @parent_id, @name, @kind, @position, @updated_at)
ON CONFLICT (guild_id, channel_id) DO UPDATE SET
  parent_id = excluded.parent_id, name = excluded.name, kind = excluded.kind, position = excluded.position,
  updated_at = excluded.updated_at
WHERE excluded.updated_at >= channels.updated_at;

-- DeleteChannel forgets a channel that is gone.
-- name: DeleteChannel :exec
DELETE FROM channels WHERE guild_id = @guild_id AND channel_id = @channel_id;
