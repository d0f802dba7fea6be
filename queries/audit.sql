-- GetAuditHead gives the number and the hash of the audit log's last row.
-- name: GetAuditHead :one
SELECT number, hash FROM audit_head WHERE one = 1;

-- PutAuditHead notes which row is the audit log's last one.
-- name: PutAuditHead :exec
UPDATE audit_head SET number = @number, hash = @hash WHERE one = 1;

-- InsertAudit appends a row to the audit log.
-- name: InsertAudit :exec
INSERT INTO audit (number, guild_id, at, actor_ref, actor_role, action, target, target_ref, before, after, request, hash)
VALUES (@number, @guild_id, @at, @actor_ref, @actor_role, @action, @target, @target_ref, @before, @after, @request,
  @hash);

-- ListAuditChain gives rows of all guilds after a number, in order: the chain as it was written.
-- name: ListAuditChain :many
SELECT * FROM audit WHERE number > @after_number ORDER BY number LIMIT @max;

-- ListAudit gives a guild's rows before a number and within a time, newest first, with the people they speak of.
-- name: ListAudit :many
SELECT a.number, a.guild_id, a.at, a.actor_ref, a.actor_role, a.action, a.target, a.target_ref, a.before, a.after,
  a.request, CAST(coalesce(p.user_id, 0) AS INTEGER) AS actor_id, CAST(coalesce(q.user_id, 0) AS INTEGER) AS target_id
FROM audit a
LEFT JOIN audit_people p ON p.guild_id = a.guild_id AND p.ref = a.actor_ref
LEFT JOIN audit_people q ON q.guild_id = a.guild_id AND q.ref = a.target_ref
WHERE a.guild_id = @guild_id AND a.number < @before_number AND a.at >= @since AND a.at < @until
ORDER BY a.number DESC LIMIT @max;

-- ListAuditByAction is ListAudit for one action.
-- name: ListAuditByAction :many
SELECT a.number, a.guild_id, a.at, a.actor_ref, a.actor_role, a.action, a.target, a.target_ref, a.before, a.after,
  a.request, CAST(coalesce(p.user_id, 0) AS INTEGER) AS actor_id, CAST(coalesce(q.user_id, 0) AS INTEGER) AS target_id
FROM audit a
LEFT JOIN audit_people p ON p.guild_id = a.guild_id AND p.ref = a.actor_ref
LEFT JOIN audit_people q ON q.guild_id = a.guild_id AND q.ref = a.target_ref
WHERE a.guild_id = @guild_id AND a.action = @action AND a.number < @before_number AND a.at >= @since AND a.at < @until
ORDER BY a.number DESC LIMIT @max;

-- ListAuditByActor is ListAudit for one actor, and for one action unless that is empty.
-- name: ListAuditByActor :many
SELECT a.number, a.guild_id, a.at, a.actor_ref, a.actor_role, a.action, a.target, a.target_ref, a.before, a.after,
  a.request, CAST(coalesce(p.user_id, 0) AS INTEGER) AS actor_id, CAST(coalesce(q.user_id, 0) AS INTEGER) AS target_id
FROM audit a
LEFT JOIN audit_people p ON p.guild_id = a.guild_id AND p.ref = a.actor_ref
LEFT JOIN audit_people q ON q.guild_id = a.guild_id AND q.ref = a.target_ref
WHERE a.guild_id = @guild_id AND a.actor_ref = @actor_ref AND (CAST(@action AS TEXT) = '' OR a.action = CAST(@action AS TEXT))
  AND a.number < @before_number AND a.at >= @since AND a.at < @until
ORDER BY a.number DESC LIMIT @max;

-- NextAuditAction gives the action that a guild's log has after another one in the alphabet.
-- name: NextAuditAction :one
SELECT action FROM audit WHERE guild_id = @guild_id AND action > @after_action ORDER BY action LIMIT 1;

-- ListDossierTimes gives when all that is kept of a member was last taken out of a guild, the newest first.
-- name: ListDossierTimes :many
SELECT at FROM audit WHERE guild_id = @guild_id AND action = 'member.exported' ORDER BY number DESC LIMIT @max;
