-- InsertModerated notes that a member was moderated for the first time; no row is affected when they were before.
-- name: InsertModerated :execrows
INSERT INTO moderated_members (guild_id, user_id, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING;

-- FindModerated gives when a member was first moderated.
-- name: FindModerated :one
SELECT since FROM moderated_members WHERE guild_id = @guild_id AND user_id = @user_id;

-- PutModerated sets when a member was first moderated.
-- name: PutModerated :exec
INSERT INTO moderated_members (guild_id, user_id, since) VALUES (?, ?, ?)
ON CONFLICT (guild_id, user_id) DO UPDATE SET since = excluded.since;

-- DeleteModerated forgets that a member was moderated.
-- name: DeleteModerated :exec
DELETE FROM moderated_members WHERE guild_id = @guild_id AND user_id = @user_id;

-- AddModeratedMonth adds to how many of the members active in a month were ever moderated.
-- name: AddModeratedMonth :exec
UPDATE active_months SET moderated = moderated + @n WHERE guild_id = @guild_id AND month = @month;

-- FindModeratedMonth gives how many members were active in a month, and how many of them were ever moderated.
-- name: FindModeratedMonth :one
SELECT users, moderated FROM active_months WHERE guild_id = @guild_id AND month = @month;
