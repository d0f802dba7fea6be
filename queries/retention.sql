-- Rows that speak of single members and are older than their guild keeps them. What is counted stays counted. A kick and a
-- ban stay: that somebody was kicked before never decays.

-- GetRetention gives for how many days a guild keeps text and rows, and from when on there are rows.
-- name: GetRetention :one
SELECT keep_text_days, keep_rows_days, rows_from FROM guilds WHERE guild_id = @guild_id;

-- SetRetention sets for how many days a guild keeps text and rows.
-- name: SetRetention :execrows
UPDATE guilds SET keep_text_days = @text_days, keep_rows_days = @rows_days WHERE guild_id = @guild_id AND left_at = 0;

-- SetRowsFrom notes that rows from before a time were deleted.
-- name: SetRowsFrom :exec
UPDATE guilds SET rows_from = max(rows_from, CAST(@since AS INTEGER)) WHERE guild_id = @guild_id;

-- DropOldNotes deletes what moderators wrote beside a guild's oldest violations from before a time.
-- name: DropOldNotes :exec
DELETE FROM violation_notes WHERE violation_notes.guild_id = @guild_id AND violation_notes.number IN (
  SELECT v.number FROM violations v WHERE v.guild_id = @guild_id AND v.at < @before ORDER BY v.at LIMIT @max);

-- DropOldViolations deletes a guild's oldest violations from before a time.
-- name: DropOldViolations :execrows
DELETE FROM violations WHERE violations.guild_id = @guild_id AND violations.number IN (
  SELECT v.number FROM violations v WHERE v.guild_id = @guild_id AND v.at < @before ORDER BY v.at LIMIT @max);

-- DropOldActions deletes a guild's oldest actions from before a time that are over and were no kick and no ban.
-- name: DropOldActions :execrows
DELETE FROM actions WHERE actions.guild_id = @guild_id AND actions.action_id IN (
  SELECT a.action_id FROM actions a WHERE a.guild_id = @guild_id AND a.at < @before
    AND a.outcome NOT IN ('planned', 'sent') AND a.kind NOT IN ('kick', 'ban') ORDER BY a.at LIMIT @max);

-- EmptyOldActions empties why a guild's oldest kicks and bans from before a time were done.
-- name: EmptyOldActions :execrows
UPDATE actions SET reason = '' WHERE actions.guild_id = @guild_id AND actions.action_id IN (
  SELECT a.action_id FROM actions a WHERE a.guild_id = @guild_id AND a.at < @before AND a.kind IN ('kick', 'ban')
    AND a.reason <> '' ORDER BY a.at LIMIT @max);

-- DropOldClears deletes what cleared a guild's oldest warnings from before a time.
-- name: DropOldClears :exec
DELETE FROM warning_clears WHERE warning_clears.guild_id = @guild_id AND warning_clears.number IN (
  SELECT w.number FROM warnings w WHERE w.guild_id = @guild_id AND w.at < @before ORDER BY w.number LIMIT @max);

-- DropOldWarnings deletes a guild's oldest warnings from before a time.
-- name: DropOldWarnings :execrows
DELETE FROM warnings WHERE warnings.guild_id = @guild_id AND warnings.number IN (
  SELECT w.number FROM warnings w WHERE w.guild_id = @guild_id AND w.at < @before ORDER BY w.number LIMIT @max);

-- DropOldAppeals deletes a guild's oldest appeals that were closed before a time.
-- name: DropOldAppeals :execrows
DELETE FROM appeals WHERE appeals.guild_id = @guild_id AND appeals.number IN (
  SELECT a.number FROM appeals a WHERE a.guild_id = @guild_id AND a.state <> 'open' AND a.decided_at < @before
  ORDER BY a.number LIMIT @max);

-- DropOldNotices deletes what was said to a guild's members before a time.
-- name: DropOldNotices :execrows
DELETE FROM notices WHERE notices.guild_id = @guild_id AND notices.state <> 'due' AND notices.at < @before;

-- DropOldRuns deletes a guild's oldest runs of commands from before a time.
-- name: DropOldRuns :execrows
DELETE FROM command_runs WHERE command_runs.guild_id = @guild_id AND command_runs.interaction_id IN (
  SELECT c.interaction_id FROM command_runs c WHERE c.guild_id = @guild_id AND c.at < @before ORDER BY c.at LIMIT @max);

-- DropOldRaidMembers deletes who was in a guild's raids that were over before a time.
-- name: DropOldRaidMembers :execrows
DELETE FROM raid_members WHERE raid_members.guild_id = @guild_id AND raid_members.raid IN (
  SELECT r.number FROM raids r WHERE r.guild_id = @guild_id AND r.state = 'over' AND r.ended_at < @before);

-- DropOldMonths deletes who was active in a guild in months before one.
-- name: DropOldMonths :execrows
DELETE FROM member_month WHERE month < @month AND guild_id = @guild_id;
