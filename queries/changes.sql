-- InsertChange appends a change; its seq is the row's id.
-- name: InsertChange :execlastid
INSERT INTO changes (guild_id, at, kind, source, severity, action, outcome, ref, user_id, actor_id, channel_id, label,
  detail)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- LastChange gives the seq of the newest change, 0 when there is none.
-- name: LastChange :one
SELECT CAST(coalesce(max(seq), 0) AS INTEGER) AS seq FROM changes;

-- CountChangesBetween counts the changes of all guilds after one seq up to another.
-- name: CountChangesBetween :one
SELECT count(*) FROM changes WHERE seq > @after AND seq <= @until;

-- ListChangesAfter lists changes of all guilds after a seq, oldest first.
-- name: ListChangesAfter :many
SELECT * FROM changes WHERE seq > @seq ORDER BY seq LIMIT @max;

-- ListGuildChangesAfter lists changes of a guild after a seq, oldest first.
-- name: ListGuildChangesAfter :many
SELECT * FROM changes WHERE guild_id = @guild_id AND seq > @seq ORDER BY seq LIMIT @max;

-- ListOldestChanges lists seq and time of a guild's oldest changes: what pruning looks at.
-- name: ListOldestChanges :many
SELECT seq, at FROM changes WHERE guild_id = @guild_id ORDER BY seq LIMIT @max;

-- GetChangeFromTop gives the seq of a guild's n-th newest line, counted from 0.
-- name: GetChangeFromTop :one
SELECT seq FROM changes WHERE guild_id = @guild_id AND kind NOT IN ('violation_changed', 'export', 'raid_changed', 'notification') ORDER BY seq DESC LIMIT 1 OFFSET @n;

-- DeleteChangesBefore deletes a guild's changes before a seq.
-- name: DeleteChangesBefore :execrows
DELETE FROM changes WHERE guild_id = @guild_id AND seq < @seq;

-- ListNewestChanges gives the newest lines of all guilds, newest first. The seq keeps it a search.
-- name: ListNewestChanges :many
SELECT * FROM changes WHERE seq > 0 AND kind NOT IN ('violation_changed', 'export', 'raid_changed', 'notification') ORDER BY seq DESC LIMIT @max;

-- ListNewestGuildChanges gives the newest changes of one guild, newest first.
-- name: ListNewestGuildChanges :many
SELECT * FROM changes WHERE guild_id = @guild_id AND kind NOT IN ('violation_changed', 'export', 'raid_changed', 'notification') ORDER BY seq DESC LIMIT @max;

-- ForgetLines empties what members wrote in a guild's oldest lines about violations from before a time.
-- name: ForgetLines :execrows
UPDATE changes SET detail = '' WHERE changes.guild_id = @guild_id AND changes.seq IN (
  SELECT c.seq FROM changes c
  WHERE c.guild_id = @guild_id AND c.at < @before AND c.kind = 'violation' AND c.detail <> '' ORDER BY c.at LIMIT @max);
