-- InsertRuleVersion inserts a version of a rule.
-- name: InsertRuleVersion :exec
INSERT INTO rule_versions (guild_id, number, version, body, at, made_by, note) VALUES (?, ?, ?, ?, ?, ?, ?);

-- GetRuleVersion gives one version of a rule.
-- name: GetRuleVersion :one
SELECT * FROM rule_versions WHERE guild_id = @guild_id AND number = @number AND version = @version;

-- ListRuleVersions lists a rule's versions, the newest first.
-- name: ListRuleVersions :many
SELECT * FROM rule_versions WHERE guild_id = @guild_id AND number = @number ORDER BY version DESC LIMIT @max;
