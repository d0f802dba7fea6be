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
    OR (excluded.joined_at <> 0 AND excluded.joined_at <> members.joined_at));

-- EnsureMember inserts a member of whom nothing but the id is known.
-- name: EnsureMember :exec
INSERT INTO members (guild_id, user_id, nick, roles, joined_at, updated_at)
VALUES (?, ?, '', '[]', 0, 0)
ON CONFLICT (guild_id, user_id) DO NOTHING;

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

-- ImportMember inserts a member with everything known, while importing.
-- name: ImportMember :exec
INSERT INTO members (guild_id, user_id, nick, roles, joined_at, left_at, timeout_until, last_active_at, last_join,
  last_leave, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
