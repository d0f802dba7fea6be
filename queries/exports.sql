-- InsertExport inserts what somebody asked for.
-- name: InsertExport :exec
INSERT INTO exports (guild_id, export_id, what, format, filter, asked_by, asked_at, state, total)
VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', 0);

-- GetExport gives an export.
-- name: GetExport :one
SELECT * FROM exports WHERE guild_id = @guild_id AND export_id = @export_id;

-- ListExports lists a guild's exports, the newest first.
-- name: ListExports :many
SELECT * FROM exports WHERE guild_id = @guild_id ORDER BY asked_at DESC LIMIT @max;

-- CountOpenExports counts a guild's exports that are not over.
-- name: CountOpenExports :one
SELECT count(*) FROM exports WHERE guild_id = @guild_id AND state IN ('queued', 'running');

-- CountExportsSince counts what a guild's people asked for since a time.
-- name: CountExportsSince :one
SELECT count(*) FROM exports WHERE guild_id = @guild_id AND asked_at >= @since;

-- ListOpenExports lists the exports of all guilds that are not over, the oldest first. The time keeps it a search.
-- name: ListOpenExports :many
SELECT * FROM exports WHERE state IN ('queued', 'running') AND asked_at > 0 ORDER BY asked_at LIMIT @max;

-- SetExportRunning notes that an export has begun; no row is affected when it has or is over.
-- name: SetExportRunning :execrows
UPDATE exports SET state = 'running' WHERE guild_id = @guild_id AND export_id = @export_id AND state = 'queued';

-- SetExportRows notes how far an export has come.
-- name: SetExportRows :execrows
UPDATE exports SET rows = @rows, gone = @gone, total = @total
WHERE guild_id = @guild_id AND export_id = @export_id AND state = 'running';

-- EndExport sets how an export went; no row is affected when it is over. Its time is over at once where a member was
-- erased while it was written.
-- name: EndExport :execrows
UPDATE exports SET state = @state, rows = @rows, bytes = @bytes, problem = @problem, ended_at = @ended_at,
  expires_at = CASE WHEN expires_at = 0 THEN CAST(@expires_at AS INTEGER) ELSE expires_at END
WHERE guild_id = @guild_id AND export_id = @export_id AND state IN ('queued', 'running');

-- ListExpiredExports lists finished exports of all guilds whose time is over, the oldest first.
-- name: ListExpiredExports :many
SELECT * FROM exports WHERE state = 'done' AND expires_at <= @now ORDER BY expires_at LIMIT @max;

-- ListDoneExports lists a guild's finished exports, the newest first.
-- name: ListDoneExports :many
SELECT * FROM exports WHERE guild_id = @guild_id AND state = 'done' ORDER BY asked_at DESC;

-- SetExportExpired notes that an export's file is gone.
-- name: SetExportExpired :execrows
UPDATE exports SET state = 'expired' WHERE guild_id = @guild_id AND export_id = @export_id AND state = 'done';

-- CancelExport ends an export before it is done; no row is affected when it is over.
-- name: CancelExport :execrows
UPDATE exports SET state = 'cancelled', ended_by = @ended_by, ended_at = @ended_at
WHERE guild_id = @guild_id AND export_id = @export_id AND state IN ('queued', 'running');

-- DeleteExport notes that an export's file is deleted before its time; no row is affected when there is none.
-- name: DeleteExport :execrows
UPDATE exports SET state = 'deleted', ended_by = @ended_by, ended_at = @ended_at
WHERE guild_id = @guild_id AND export_id = @export_id AND state = 'done';

-- CountDownload counts that an export's file is fetched; no row is affected when there is none.
-- name: CountDownload :execrows
UPDATE exports SET downloads = downloads + 1, downloaded_at = @at
WHERE guild_id = @guild_id AND export_id = @export_id AND state = 'done';

-- DeleteOldExports deletes a guild's exports from before a time that are over and have no file.
-- name: DeleteOldExports :execrows
DELETE FROM exports WHERE guild_id = @guild_id AND asked_at < @before
  AND state IN ('failed', 'aborted', 'expired', 'cancelled', 'deleted');

-- LastNumbers gives the newest number of a guild's violations, warnings, actions and audit rows; 0 for none.
-- name: LastNumbers :one
SELECT
  CAST(coalesce((SELECT max(v.number) FROM violations v WHERE v.guild_id = @guild_id), 0) AS INTEGER) AS violations,
  CAST(coalesce((SELECT max(w.number) FROM warnings w WHERE w.guild_id = @guild_id), 0) AS INTEGER) AS warnings,
  CAST(coalesce((SELECT max(a.action_id) FROM actions a WHERE a.guild_id = @guild_id), 0) AS INTEGER) AS actions,
  CAST(coalesce((SELECT max(l.number) FROM audit l WHERE l.guild_id = @guild_id), 0) AS INTEGER) AS audit;

-- ListActions lists a guild's actions in a time, the newest first: 0 and empty stand for any.
-- name: ListActions :many
SELECT * FROM actions
WHERE guild_id = @guild_id AND action_id < @before AND action_id >= @from_id
  AND (CAST(@kind AS TEXT) = '' OR kind = @kind)
  AND (CAST(@source AS TEXT) = '' OR source = @source)
  AND (CAST(@target_id AS INTEGER) = 0 OR target_id = @target_id)
  AND at >= @since AND at < @until
ORDER BY action_id DESC LIMIT @max;

-- ListViolationRange lists a guild's violations of a range of numbers, the newest first, without what no file shows.
-- name: ListViolationRange :many
SELECT number, at, source, severity, rule, rule_name, user_id, channel_id, message_id, keyword, content, state,
  rule_version, surface, response_ms, marked_by, claimed_by, claimed_until
FROM violations WHERE guild_id = @guild_id AND number < @before AND number >= @from_number ORDER BY number DESC LIMIT @max;

-- ListDoneInRange gives what was done about a guild's violations of a range of numbers, the oldest violation first.
-- name: ListDoneInRange :many
SELECT violation, kind, outcome FROM actions
WHERE guild_id = @guild_id AND violation >= @first AND violation <= @last AND violation <> 0
ORDER BY violation, action_id;

-- KnowsUser says whether a guild has anything to tell of a user: a member now or once, or somebody in its records.
-- name: KnowsUser :one
SELECT CAST(EXISTS (SELECT 1 FROM members m WHERE m.guild_id = @guild_id AND m.user_id = @user_id)
  OR EXISTS (SELECT 1 FROM violations v WHERE v.guild_id = @guild_id AND v.user_id = @user_id)
  OR EXISTS (SELECT 1 FROM actions a WHERE a.guild_id = @guild_id AND a.target_id = @user_id)
  OR EXISTS (SELECT 1 FROM audit_people p WHERE p.guild_id = @guild_id AND p.user_id = @user_id) AS INTEGER) AS known;
