-- NextViolationNumber takes the next number of a guild's violations.
-- name: NextViolationNumber :one
INSERT INTO violation_numbers (guild_id, last) VALUES (@guild_id, 1)
ON CONFLICT (guild_id) DO UPDATE SET last = violation_numbers.last + 1
RETURNING last;

-- PutViolationNumber sets the number of a guild's newest violation.
-- name: PutViolationNumber :exec
INSERT INTO violation_numbers (guild_id, last) VALUES (@guild_id, @last)
ON CONFLICT (guild_id) DO UPDATE SET last = excluded.last;
