-- NextImportNumber gives the number of a guild's next import.
-- name: NextImportNumber :one
SELECT CAST(coalesce(max(number), 0) + 1 AS INTEGER) AS number FROM imports WHERE guild_id = @guild_id;

-- InsertImport inserts a draft.
-- name: InsertImport :exec
INSERT INTO imports (guild_id, number, format, name, made_by, made_at, state, data)
VALUES (?, ?, ?, ?, ?, ?, 'draft', ?);

-- GetImport gives an import, with its file as long as that is kept.
-- name: GetImport :one
SELECT * FROM imports WHERE guild_id = @guild_id AND number = @number;

-- ListImports lists a guild's imports without their files, the newest first.
-- name: ListImports :many
SELECT number, format, name, made_by, made_at, state, rows, known, skipped, settled_at FROM imports
WHERE guild_id = @guild_id ORDER BY number DESC LIMIT @max;

-- CountImportDrafts counts a guild's drafts.
-- name: CountImportDrafts :one
SELECT count(*) FROM imports WHERE guild_id = @guild_id AND state = 'draft';

-- SetImportState sets how far an import is, and which column is what.
-- name: SetImportState :exec
UPDATE imports SET state = @state, mapping = @mapping WHERE guild_id = @guild_id AND number = @number;

-- BeginImport sets that an import is being taken over, and counts anew.
-- name: BeginImport :exec
UPDATE imports SET state = 'running', mapping = @mapping, rows = 0, known = @known WHERE guild_id = @guild_id AND number = @number;

-- AddImportRows adds to what an import took over, and what was there.
-- name: AddImportRows :exec
UPDATE imports SET rows = rows + @rows, known = known + @known WHERE guild_id = @guild_id AND number = @number;

-- SettleImport ends an import: its file is not needed any more.
-- name: SettleImport :exec
UPDATE imports SET state = @state, skipped = @skipped, settled_at = @settled_at, data = x''
WHERE guild_id = @guild_id AND number = @number;

-- DeleteImportDraft deletes a draft.
-- name: DeleteImportDraft :execrows
DELETE FROM imports WHERE guild_id = @guild_id AND number = @number AND state = 'draft';

-- DropOldDrafts deletes a guild's drafts from before a time.
-- name: DropOldDrafts :execrows
DELETE FROM imports WHERE guild_id = @guild_id AND state = 'draft' AND made_at < @before;

-- TakeOverAction inserts a deed of the past; no row is affected when its origin is there.
-- name: TakeOverAction :execresult
INSERT INTO actions (guild_id, at, kind, source, target_id, actor_id, channel_id, reason, outcome, origin, settled_at, import)
VALUES (?, ?, ?, 'import', ?, ?, 0, ?, 'imported', ?, ?, ?)
ON CONFLICT (guild_id, origin) DO NOTHING;

-- ListImportedActions lists actions that came with an import.
-- name: ListImportedActions :many
SELECT action_id FROM actions WHERE guild_id = @guild_id AND import = @number AND import <> 0
ORDER BY action_id LIMIT @max;

-- DropImportedClears deletes what cleared the warnings that came with an imported action.
-- name: DropImportedClears :exec
DELETE FROM warning_clears WHERE warning_clears.guild_id = @guild_id AND warning_clears.number IN (
  SELECT w.number FROM warnings w INDEXED BY warnings_imported
  WHERE w.guild_id = @guild_id AND w.action_id = @action_id AND w.source = 'import');

-- DropImportedWarnings deletes the warnings that came with an imported action.
-- name: DropImportedWarnings :exec
DELETE FROM warnings WHERE warnings.guild_id = @guild_id AND warnings.number IN (
  SELECT w.number FROM warnings w INDEXED BY warnings_imported
  WHERE w.guild_id = @guild_id AND w.action_id = @action_id AND w.source = 'import');

-- DropImportedAction deletes an action that came with an import.
-- name: DropImportedAction :exec
DELETE FROM actions WHERE guild_id = @guild_id AND action_id = @action_id AND import = @number AND import <> 0;

-- GetDeed gives the action of an origin, and the import that it came with.
-- name: GetDeed :one
SELECT action_id, import FROM actions WHERE guild_id = @guild_id AND origin = @origin;

-- ShareDeed notes that an import has an action that came with another.
-- name: ShareDeed :exec
INSERT INTO import_shares (guild_id, action_id, number) VALUES (?, ?, ?) ON CONFLICT DO NOTHING;

-- GetHeir gives the first other import that has an action and was not taken back; 0 for none.
-- name: GetHeir :one
SELECT CAST(coalesce(min(s.number), 0) AS INTEGER) AS number FROM import_shares s
JOIN imports i ON i.guild_id = s.guild_id AND i.number = s.number
WHERE s.guild_id = @guild_id AND s.action_id = @action_id AND i.state IN ('running', 'done');

-- HandOver makes an action that came with one import one of another's.
-- name: HandOver :exec
UPDATE actions SET import = @heir WHERE guild_id = @guild_id AND action_id = @action_id AND import = @number AND import <> 0;

-- DropShare deletes that an import has an action that came with another.
-- name: DropShare :exec
DELETE FROM import_shares WHERE guild_id = @guild_id AND action_id = @action_id AND number = @number;

-- DropShares deletes some of what an import has that came with others.
-- name: DropShares :execrows
DELETE FROM import_shares WHERE import_shares.guild_id = @guild_id AND import_shares.number = @number
  AND import_shares.action_id IN (SELECT s.action_id FROM import_shares s WHERE s.guild_id = @guild_id AND s.number = @number LIMIT @max);

-- ListKnownOrigins gives those of the origins in a JSON array that a guild's actions have.
-- name: ListKnownOrigins :many
SELECT origin FROM actions WHERE guild_id = @guild_id AND origin IN (SELECT value FROM json_each(CAST(@origins AS TEXT)));
