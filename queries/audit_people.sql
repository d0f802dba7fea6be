-- GetAuditRef gives the reference by which a guild's audit log speaks of a user.
-- name: GetAuditRef :one
SELECT ref FROM audit_people WHERE guild_id = @guild_id AND user_id = @user_id;

-- InsertAuditPerson gives a user a reference in a guild's audit log.
-- name: InsertAuditPerson :exec
INSERT INTO audit_people (guild_id, ref, user_id) VALUES (@guild_id, @ref, @user_id);
