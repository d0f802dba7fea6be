-- ListRules lists a guild's rules by number, without deleted ones.
-- name: ListRules :many
SELECT * FROM rules WHERE guild_id = @guild_id AND deleted_at = 0 ORDER BY number;

-- GetRule gives a rule that is not deleted.
-- name: GetRule :one
SELECT * FROM rules WHERE guild_id = @guild_id AND number = @number AND deleted_at = 0;

-- NextRuleNumber gives the number of a guild's next rule.
-- name: NextRuleNumber :one
SELECT CAST(coalesce(max(number), 0) + 1 AS INTEGER) AS number FROM rules WHERE guild_id = @guild_id;

-- PutRule inserts a rule or replaces what it is now.
-- name: PutRule :exec
INSERT INTO rules (guild_id, number, version, kind, mode, body, problem, made_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (guild_id, number) DO UPDATE SET
  version = excluded.version, kind = excluded.kind, mode = excluded.mode, body = excluded.body,
  problem = excluded.problem, updated_at = excluded.updated_at;

-- SetRuleDeleted notes that a rule is deleted.
-- name: SetRuleDeleted :exec
UPDATE rules SET deleted_at = @deleted_at WHERE guild_id = @guild_id AND number = @number;

-- CountRules counts a guild's rules but one, and how many of them are regular expressions.
-- name: CountRules :one
SELECT count(*) AS rules, count(*) FILTER (WHERE kind = 'regex') AS expressions
FROM rules WHERE guild_id = @guild_id AND deleted_at = 0 AND number <> @except_number;

-- FindActiveRule gives any rule of a guild that is not off.
-- name: FindActiveRule :one
SELECT number FROM rules WHERE guild_id = @guild_id AND deleted_at = 0 AND mode <> 'off' LIMIT 1;
