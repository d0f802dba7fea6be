-- FindActiveMonth gives the number of distinct users active in a guild (0: on the whole instance) in a month.
-- name: FindActiveMonth :one
SELECT users FROM active_months WHERE guild_id = @guild_id AND month = @month;
