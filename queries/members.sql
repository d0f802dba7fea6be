-- GetMember gives a member of a guild, present or past.
-- name: GetMember :one
SELECT * FROM members WHERE guild_id = @guild_id AND user_id = @user_id;

-- PutMember inserts a member or replaces what Discord says, unless something newer is known. It leaves presence alone.
-- name: PutMember :exec
INSERT INTO members (guild_id, user_id, nick, roles, joined_at, timeout_until, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (guild_id, user_id) DO UPDATE SET
  nick = excluded.nick, roles = excluded.roles, timeout_until = excluded.timeout_until,
  updated_at = excluded.updated_at,
  joined_at = CASE WHEN excluded.joined_at = 0 THEN members.joined_at ELSE excluded.joined_at END
WHERE excluded.updated_at >= members.updated_at
  AND (excluded.nick <> members.nick OR excluded.roles <> members.roles OR excluded.timeout_until <> members.timeout_until
    OR (excluded.joined_at <> 0 AND excluded.joined_at <> members.joined_at)
    OR members.updated_at <= members.last_leave);

-- EnsureMember inserts a member of whom nothing but the id is known.
-- name: EnsureMember :exec
INSERT INTO members (guild_id, user_id, nick, roles, joined_at, updated_at)
VALUES (?, ?, '', '[]', 0, 0)
ON CONFLICT (guild_id, user_id) DO NOTHING;

-- ClearMemberRoles notes that somebody who left has no Discord roles any more.
-- name: ClearMemberRoles :exec
UPDATE members SET roles = '[]', updated_at = max(updated_at, CAST(@at AS INTEGER))
WHERE guild_id = @guild_id AND user_id = @user_id;

-- SetMemberPresence replaces when a member left, was last active, and was last counted as joining or leaving.
-- name: SetMemberPresence :exec
UPDATE members SET left_at = @left_at, last_active_at = @last_active_at, last_join = @last_join,
  last_leave = @last_leave
WHERE guild_id = @guild_id AND user_id = @user_id;

-- ListPresentMembers lists who is in a guild, as far as known.
-- name: ListPresentMembers :many
SELECT user_id, last_active_at FROM members WHERE guild_id = @guild_id AND left_at = 0;

-- LeaveAllMembers marks everybody in a guild as gone: the bot sees them no more.
-- name: LeaveAllMembers :exec
UPDATE members SET left_at = @left_at WHERE guild_id = @guild_id AND left_at = 0;

-- NewestActivity gives the bucket in which a user was last active in any guild that they have not left; 0 for none.
-- name: NewestActivity :one
SELECT CAST(coalesce(max(last_active_at), 0) AS INTEGER) AS bucket FROM members
WHERE user_id = @user_id AND left_at = 0;

-- FindMemberByID gives a member who is in a guild, with their user's names.
-- name: FindMemberByID :one
SELECT sqlc.embed(m), sqlc.embed(u) FROM members m JOIN users u ON u.user_id = m.user_id
WHERE m.guild_id = @guild_id AND m.user_id = @user_id AND m.left_at = 0;

-- ListMembersByNick lists members who are in a guild and whose nick lies in a range, upper and lower case alike.
-- name: ListMembersByNick :many
SELECT sqlc.embed(m), sqlc.embed(u) FROM members m JOIN users u ON u.user_id = m.user_id
WHERE m.guild_id = @guild_id AND m.nick >= @first COLLATE NOCASE AND m.nick < @beyond COLLATE NOCASE AND m.nick <> ''
  AND m.left_at = 0
LIMIT @max;

-- ListMembersByName lists members who are in a guild and whose user name lies in a range. It looks at no more users of
-- that range than candidates, whatever guild they are in.
-- name: ListMembersByName :many
SELECT sqlc.embed(m), sqlc.embed(u)
FROM (SELECT n.user_id FROM users n WHERE n.name >= @first COLLATE NOCASE AND n.name < @beyond COLLATE NOCASE
  LIMIT @candidates) c
JOIN members m ON m.user_id = c.user_id JOIN users u ON u.user_id = c.user_id
WHERE m.guild_id = @guild_id AND m.left_at = 0
LIMIT @max;

-- ListMembersByGlobalName does the same by the display name.
-- name: ListMembersByGlobalName :many
SELECT sqlc.embed(m), sqlc.embed(u)
FROM (SELECT n.user_id FROM users n
  WHERE n.global_name >= @first COLLATE NOCASE AND n.global_name < @beyond COLLATE NOCASE AND n.global_name <> ''
  LIMIT @candidates) c
JOIN members m ON m.user_id = c.user_id JOIN users u ON u.user_id = c.user_id
WHERE m.guild_id = @guild_id AND m.left_at = 0
LIMIT @max;

-- ImportMember inserts a member with everything known, while importing.
-- name: ImportMember :exec
INSERT INTO members (guild_id, user_id, nick, roles, joined_at, left_at, timeout_until, last_active_at, last_join,
  last_leave, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
