-- AddActiveMonth adds to the distinct users active in a guild in a month.
-- name: AddActiveMonth :exec
INSERT INTO active_months (guild_id, month, users) VALUES (?, ?, ?)
ON CONFLICT (guild_id, month) DO UPDATE SET users = active_months.users + excluded.users;

-- FindActiveMonth gives the number of distinct users active in a guild (0: on the whole instance) in a month.
-- name: FindActiveMonth :one
SELECT users FROM active_months WHERE guild_id = @guild_id AND month = @month;
