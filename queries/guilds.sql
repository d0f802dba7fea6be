-- GetGuild gives a guild, whether the bot is still in it or not.
-- name: GetGuild :one
SELECT * FROM guilds WHERE guild_id = @guild_id;

-- PutGuild inserts a guild or replaces what Discord says about it; the guild's settings stay.
-- name: PutGuild :exec
INSERT INTO guilds (guild_id, name, icon, owner_id, member_count, permissions, joined_at, updated_at)
VALUES (@guild_id, @name, @icon, @owner_id, @member_count, @permissions, @joined_at, @updated_at)
ON CONFLICT (guild_id) DO UPDATE SET
  name = excluded.name, icon = excluded.icon, owner_id = excluded.owner_id, member_count = excluded.member_count,
  permissions = excluded.permissions, joined_at = excluded.joined_at, updated_at = excluded.updated_at,
  left_at = 0, outage_since = 0;

-- SetGuildLeft notes that the bot is no longer in a guild.
-- name: SetGuildLeft :exec
UPDATE guilds SET left_at = @left_at, outage_since = 0, updated_at = @updated_at WHERE guild_id = @guild_id;

-- SetGuildOutage notes that Discord cannot reach a guild.
-- name: SetGuildOutage :exec
UPDATE guilds SET outage_since = @outage_since, updated_at = @updated_at WHERE guild_id = @guild_id;

-- AddGuildMembers counts a join or a leave in the guild's member count.
-- name: AddGuildMembers :exec
UPDATE guilds SET member_count = max(0, member_count + CAST(@n AS INTEGER)) WHERE guild_id = @guild_id;

-- FindPresentGuild gives a guild that the bot is in.
-- name: FindPresentGuild :one
SELECT * FROM guilds WHERE guild_id = @guild_id AND left_at = 0;

-- ListPresentGuilds gives the guilds that the bot is in.
-- name: ListPresentGuilds :many
SELECT * FROM guilds WHERE left_at = 0 ORDER BY guild_id;

-- ListGuilds gives the guilds in a JSON array of ids, left ones too.
-- name: ListGuilds :many
SELECT * FROM guilds WHERE guild_id IN (SELECT value FROM json_each(CAST(@ids AS TEXT)));

-- ListGuildTotals gives messages and actions in a half-open range of time for each guild that the bot is in.
-- name: ListGuildTotals :many
SELECT g.guild_id,
  CAST(coalesce((SELECT sum(a.messages) FROM activity a
    WHERE a.guild_id = g.guild_id AND a.bucket >= @since AND a.bucket < @until), 0) AS INTEGER) AS messages,
  CAST(coalesce((SELECT sum(c.n) FROM action_counts c
    WHERE c.guild_id = g.guild_id AND c.bucket >= @since AND c.bucket < @until), 0) AS INTEGER) AS actions
FROM guilds g
WHERE g.left_at = 0;

-- SetGuildZone sets the time zone in which a guild's pages show times.
-- name: SetGuildZone :exec
UPDATE guilds SET time_zone = @time_zone WHERE guild_id = @guild_id;

-- SetGuildLogChannel sets the channel in which guildwatch reports; 0: none.
-- name: SetGuildLogChannel :exec
UPDATE guilds SET log_channel_id = @log_channel_id WHERE guild_id = @guild_id;

-- ListGuildIDs lists every guild that was ever seen.
-- name: ListGuildIDs :many
SELECT guild_id FROM guilds ORDER BY guild_id;

-- GetKeepText gives for how many days a guild keeps what members wrote; 0: not at all.
-- name: GetKeepText :one
SELECT keep_text_days FROM guilds WHERE guild_id = @guild_id;

-- SetGuildSays sets whether members of a guild are told what was done about them, and whether they may appeal.
-- name: SetGuildSays :exec
UPDATE guilds SET tell_members = @tell_members, take_appeals = @take_appeals WHERE guild_id = @guild_id;

-- SetGuildLogProblem sets why nothing arrives in a guild's log channel; empty: it does.
-- name: SetGuildLogProblem :execrows
UPDATE guilds SET log_problem = @log_problem WHERE guild_id = @guild_id AND log_problem <> @log_problem;
