-- ListDestinations gives where a guild wants to be told.
-- name: ListDestinations :many
SELECT * FROM destinations WHERE guild_id = @guild_id AND removed_at = 0 ORDER BY number;

-- GetDestination gives one of a guild's destinations.
-- name: GetDestination :one
SELECT * FROM destinations WHERE guild_id = @guild_id AND number = @number AND removed_at = 0;

-- LastDestination gives the highest number that a guild has given to a destination; 0 for none.
-- name: LastDestination :one
SELECT CAST(coalesce(max(number), 0) AS INTEGER) AS number FROM destinations WHERE guild_id = @guild_id;

-- InsertDestination adds a destination.
-- name: InsertDestination :exec
INSERT INTO destinations (guild_id, number, kind, name, shown, daily, weekly, monthly, made_by, made_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- SetDestinationReports sets which reports go to a destination.
-- name: SetDestinationReports :exec
UPDATE destinations SET daily = @daily, weekly = @weekly, monthly = @monthly
WHERE guild_id = @guild_id AND number = @number;

-- SetDestinationState notes what the last attempt to reach a destination came to.
-- name: SetDestinationState :exec
UPDATE destinations SET stopped = @stopped, failures = @failures, rests_until = @rests_until, last_at = @last_at,
  last_detail = @last_detail
WHERE guild_id = @guild_id AND number = @number;

-- RemoveDestination takes a destination away, and what its row tells of the address.
-- name: RemoveDestination :exec
UPDATE destinations SET removed_at = @removed_at, name = '', shown = '', last_detail = ''
WHERE guild_id = @guild_id AND number = @number;
