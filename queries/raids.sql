-- GetRaidSettings gives what a guild has chosen about raids, and where guildwatch reports.
-- name: GetRaidSettings :one
SELECT raid_preset, raid_expected_until, log_channel_id, keep_text_days FROM guilds WHERE guild_id = @guild_id;

-- SetRaidPreset sets how easily a guild's raid mode switches itself on.
-- name: SetRaidPreset :execrows
UPDATE guilds SET raid_preset = @preset WHERE guild_id = @guild_id AND left_at = 0;

-- SetRaidExpected sets until when a guild expects a wave of newcomers.
-- name: SetRaidExpected :execrows
UPDATE guilds SET raid_expected_until = @until WHERE guild_id = @guild_id AND left_at = 0;

-- NextRaidGuild gives the next guild with a raid for which there is something to do by a time; 0 after the last.
-- name: NextRaidGuild :one
SELECT CAST(coalesce(min(guild_id), 0) AS INTEGER) AS guild_id FROM raids WHERE work_at > 0 AND guild_id > @guild_id;

-- ListRaidWork lists the raids of a guild for which there is something to do by a time.
-- name: ListRaidWork :many
SELECT * FROM raids WHERE guild_id = @guild_id AND work_at > 0 AND work_at <= @now;

-- GetRaid gives a raid.
-- name: GetRaid :one
SELECT * FROM raids WHERE guild_id = @guild_id AND number = @number;

-- GetNewestRaid gives a guild's newest raid.
-- name: GetNewestRaid :one
SELECT * FROM raids WHERE guild_id = @guild_id ORDER BY number DESC LIMIT 1;

-- ListRaids lists a guild's raids, the newest first.
-- name: ListRaids :many
SELECT * FROM raids WHERE guild_id = @guild_id AND number < @before ORDER BY number DESC LIMIT @max;

-- ListRaidsIn lists a guild's raids of a half-open range of time, the newest first.
-- name: ListRaidsIn :many
SELECT * FROM raids
WHERE guild_id = @guild_id AND started_at < @until AND (ended_at = 0 OR ended_at > @since) ORDER BY number DESC LIMIT @max;

-- InsertRaid inserts a raid.
-- name: InsertRaid :exec
INSERT INTO raids (guild_id, number, trigger, new_joins, all_joins, started_at, started_by, last_sign_at, state, ended_at,
  ended_why, invites, verification, work_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- SetRaidSign notes a sign of a raid that goes on.
-- name: SetRaidSign :exec
UPDATE raids SET last_sign_at = max(last_sign_at, CAST(@at AS INTEGER)) WHERE guild_id = @guild_id AND number = @number;

-- SetRaidAgain lets a raid flare up that was being restored.
-- name: SetRaidAgain :exec
UPDATE raids SET state = 'planned', ended_at = 0, ended_by = 0, ended_why = '', told_on = 0, told_off = 0, attempts = 0, problem = '',
  work_at = @now
WHERE guild_id = @guild_id AND number = @number;

-- SetRaidRestoring begins to take back what a raid's raid mode changed, unless a newer sign has come.
-- name: SetRaidRestoring :execrows
UPDATE raids SET state = 'restoring', ended_at = @now, ended_by = @by, ended_why = @why, attempts = 0, problem = '',
  work_at = @now
WHERE guild_id = @guild_id AND number = @number AND state IN ('planned', 'raised') AND last_sign_at <= @seen;

-- SetRaidState takes a raid from one state to the next.
-- name: SetRaidState :execrows
UPDATE raids SET state = @after, attempts = 0 WHERE guild_id = @guild_id AND number = @number AND state = @before;

-- SetRaidLevers writes down what raid mode found and changes.
-- name: SetRaidLevers :exec
UPDATE raids SET invites = @invites, verification = @verification, problem = @problem, told_on = @told_on,
  told_off = @told_off, attempts = @attempts
WHERE guild_id = @guild_id AND number = @number;

-- SetRaidWork sets when there is something to do for a raid, unless that was changed meanwhile.
-- name: SetRaidWork :exec
UPDATE raids SET work_at = @at WHERE guild_id = @guild_id AND number = @number AND work_at = @seen;

-- SetRaidSweep has the bans of a raid asked for together.
-- name: SetRaidSweep :exec
UPDATE raids SET sweep_at = @now, work_at = @now WHERE guild_id = @guild_id AND number = @number;

-- EndRaidSweep notes that no bans wait any more since a time.
-- name: EndRaidSweep :exec
UPDATE raids SET sweep_at = 0 WHERE guild_id = @guild_id AND number = @number AND sweep_at = @since;

-- ListRaidMemberIDs lists whom a raid has.
-- name: ListRaidMemberIDs :many
SELECT user_id FROM raid_members WHERE guild_id = @guild_id AND raid = @raid;

-- AddRaidMember adds somebody to a raid, or more messages of theirs.
-- name: AddRaidMember :exec
INSERT INTO raid_members (guild_id, raid, user_id, joined_at, messages)
VALUES (@guild_id, @raid, @user_id, @joined_at, @messages)
ON CONFLICT (guild_id, raid, user_id) DO UPDATE SET messages = messages + excluded.messages,
  joined_at = max(joined_at, excluded.joined_at);

-- ListRaidMembers lists whom a raid has, whether they have left, and who was kicked or banned since, by whomever: what
-- stands, else what was tried.
-- name: ListRaidMembers :many
SELECT r.user_id, r.joined_at, r.messages, CAST(coalesce(a.action_id, 0) AS INTEGER) AS action_id,
  CAST(coalesce(m.left_at, 0) AS INTEGER) AS left_at,
  CAST(coalesce(m.joined_at, 0) AS INTEGER) AS member_since,
  CAST(coalesce(a.kind, '') AS TEXT) AS kind, CAST(coalesce(a.outcome, '') AS TEXT) AS outcome,
  CAST(coalesce(a.problem, '') AS TEXT) AS problem
FROM raid_members r
LEFT JOIN members m ON m.guild_id = r.guild_id AND m.user_id = r.user_id
LEFT JOIN actions a ON a.guild_id = r.guild_id AND a.action_id = coalesce(
  (SELECT x.action_id FROM actions x WHERE x.guild_id = r.guild_id AND x.target_id = r.user_id AND x.at >= @since
    AND x.kind IN ('kick', 'ban') AND x.outcome IN ('planned', 'sent', 'done') ORDER BY x.at DESC LIMIT 1), r.action_id)
WHERE r.guild_id = @guild_id AND r.raid = @raid
ORDER BY r.user_id;

-- SetRaidMemberAction notes what is done about a member of a raid.
-- name: SetRaidMemberAction :exec
UPDATE raid_members SET action_id = @action_id WHERE guild_id = @guild_id AND raid = @raid AND user_id = @user_id;

-- ListRaidSweep lists the bans of a raid that Discord was not asked for yet.
-- name: ListRaidSweep :many
SELECT r.action_id FROM raid_members r
JOIN actions a ON a.guild_id = r.guild_id AND a.action_id = r.action_id
WHERE r.guild_id = @guild_id AND r.raid = @raid AND r.action_id > 0 AND a.kind = 'ban' AND a.outcome = 'planned'
ORDER BY r.user_id LIMIT @max;

-- AddRaidCluster adds a cluster of similar messages to a raid, or more messages to one.
-- name: AddRaidCluster :exec
INSERT INTO raid_clusters (guild_id, raid, cluster, text, messages, first_at, last_at)
VALUES (@guild_id, @raid, @cluster, @text, @messages, @first_at, @last_at)
ON CONFLICT (guild_id, raid, cluster) DO UPDATE SET messages = messages + excluded.messages,
  last_at = max(last_at, excluded.last_at);

-- ListRaidClusterKeys lists which clusters a raid has.
-- name: ListRaidClusterKeys :many
SELECT cluster FROM raid_clusters WHERE guild_id = @guild_id AND raid = @raid;

-- ListRaidClusters lists the clusters of a raid.
-- name: ListRaidClusters :many
SELECT * FROM raid_clusters WHERE guild_id = @guild_id AND raid = @raid ORDER BY cluster;

-- ForgetRaidText empties what was written in the raids of a guild that were over before a time.
-- name: ForgetRaidText :execrows
UPDATE raid_clusters SET text = ''
WHERE guild_id = @guild_id AND text <> '' AND last_at < @before;

-- MakeDue makes an action of the outbox due now.
-- name: MakeDue :exec
UPDATE outbox SET due_at = @now WHERE guild_id = @guild_id AND action_id = @action_id;

-- HasOldRaidText says whether anything written in the raids of a guild is from before a time: 1 or 0.
-- name: HasOldRaidText :one
SELECT CAST(EXISTS (SELECT 1 FROM raid_clusters WHERE guild_id = @guild_id AND text <> '' AND last_at < @before) AS INTEGER) AS old;

-- ListRaidsOf lists the raids that had a member in them, the newest first.
-- name: ListRaidsOf :many
SELECT m.raid, m.joined_at, m.messages, r.trigger, r.started_at, r.ended_at
FROM raid_members m CROSS JOIN raids r ON r.guild_id = m.guild_id AND r.number = m.raid
WHERE m.guild_id = @guild_id AND m.user_id = @user_id AND m.raid < @before
ORDER BY m.raid DESC LIMIT @max;
