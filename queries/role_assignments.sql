-- ListAssignments gives every role on the dashboard that was given in a guild. Ended is 1 for a member who left or came
-- anew since: it does not count any more.
-- name: ListAssignments :many
SELECT a.*, CAST(a.subject = 'member' AND NOT coalesce(m.left_at = 0 AND a.given_at >= max(m.joined_at, m.last_join, m.last_leave), 0)
  AS INTEGER) AS ended
FROM role_assignments a LEFT JOIN members m ON m.guild_id = a.guild_id AND m.user_id = a.id
WHERE a.guild_id = @guild_id;

-- GetAssignment gives the role that was given to one subject.
-- name: GetAssignment :one
SELECT * FROM role_assignments WHERE guild_id = @guild_id AND subject = @subject AND id = @id;

-- PutAssignment gives a subject a role in place of any other.
-- name: PutAssignment :exec
INSERT INTO role_assignments (guild_id, subject, id, role, given_by, given_at)
VALUES (@guild_id, @subject, @id, @role, @given_by, @given_at)
ON CONFLICT (guild_id, subject, id) DO UPDATE SET
  role = excluded.role, given_by = excluded.given_by, given_at = excluded.given_at;

-- DeleteAssignment takes a subject's role away.
-- name: DeleteAssignment :exec
DELETE FROM role_assignments WHERE guild_id = @guild_id AND subject = @subject AND id = @id;

-- FindStanding gives what a person's role in a guild that the bot is in follows from, Discord roles apart. Told is 1
-- when Discord told of the member since they last left. A role given before the member came last does not count.
-- name: FindStanding :one
SELECT g.owner_id,
  CAST(m.user_id IS NOT NULL AS INTEGER) AS seen,
  CAST(coalesce(m.left_at = 0, 0) AS INTEGER) AS present,
  CAST(coalesce(m.updated_at > m.last_leave, 0) AS INTEGER) AS told,
  CAST(coalesce(CASE WHEN m.left_at = 0 THEN m.roles END, '[]') AS TEXT) AS roles,
  CAST(coalesce(u.bot, 0) AS INTEGER) AS bot,
  CAST(coalesce(CASE WHEN m.left_at = 0 AND a.given_at >= max(m.joined_at, m.last_join, m.last_leave) THEN a.role END, 'none') AS TEXT)
    AS assigned
FROM guilds g
LEFT JOIN members m ON m.guild_id = g.guild_id AND m.user_id = @user_id
LEFT JOIN users u ON u.user_id = m.user_id
LEFT JOIN role_assignments a ON a.guild_id = g.guild_id AND a.subject = 'member' AND a.id = m.user_id
WHERE g.guild_id = @guild_id AND g.left_at = 0;

-- ListRolesForRights gives the Discord roles of a guild that are in a JSON array of ids, and what each was mapped to.
-- name: ListRolesForRights :many
SELECT r.role_id, r.position, r.permissions, CAST(coalesce(a.role, 'none') AS TEXT) AS mapped
FROM discord_roles r
LEFT JOIN role_assignments a ON a.guild_id = r.guild_id AND a.subject = 'discord_role' AND a.id = r.role_id
WHERE r.guild_id = @guild_id AND r.role_id IN (SELECT value FROM json_each(CAST(@ids AS TEXT)));
