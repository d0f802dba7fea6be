-- GetValue gives an instance value by its name.
-- name: GetValue :one
SELECT value FROM instance WHERE name = @name;

-- PutValue sets an instance value.
-- name: PutValue :exec
INSERT INTO instance (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = excluded.value;
