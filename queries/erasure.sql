-- What erasing a member does to each table of their guild. Where a row is needed for a count it stays, under a number
-- that stands for nobody and leads back to nobody; what was written is emptied; the rest is deleted.
--
-- Indexes are named: without that SQLite goes through all that a guild has of a table, which it takes for ten rows.

-- HasPendingActions says whether Discord has still to be asked for something about a member.
-- name: HasPendingActions :one
SELECT CAST(EXISTS (SELECT 1 FROM actions a WHERE a.guild_id = @guild_id AND a.target_id = @user_id
  AND a.outcome IN ('planned', 'sent')) AS INTEGER) AS pending;

-- IsTakenOver says whether a file that names a member is being taken over, or was and broke off.
-- name: IsTakenOver :one
SELECT CAST(EXISTS (SELECT 1 FROM imports i WHERE i.guild_id = @guild_id AND i.state = 'running'
  AND instr(i.data, CAST(CAST(@user_id AS TEXT) AS BLOB)) > 0) AS INTEGER) AS taken;

-- EraseNotes deletes what moderators wrote beside a member's violations.
-- name: EraseNotes :exec
DELETE FROM violation_notes WHERE violation_notes.guild_id = @guild_id AND violation_notes.number IN (
  SELECT v.number FROM violations v WHERE v.guild_id = @guild_id AND v.user_id = @user_id);

-- EraseNoteMaker takes a member's name from the notes that they wrote.
-- name: EraseNoteMaker :exec
UPDATE violation_notes SET made_by = @nobody WHERE guild_id = @guild_id AND made_by = @user_id;

-- EraseViolations takes a member and what they wrote from their violations.
-- name: EraseViolations :execrows
UPDATE violations SET user_id = @nobody, message_id = 0, subject = 'erased:' || number, keyword = '', content = ''
WHERE violations.guild_id = @guild_id AND violations.number IN (
  SELECT v.number FROM violations v INDEXED BY violations_user WHERE v.guild_id = @guild_id AND v.user_id = @user_id);

-- EraseMarks takes a member from the violations that they called false positives.
-- name: EraseMarks :exec
UPDATE violations SET marked_by = @nobody
WHERE violations.guild_id = @guild_id AND violations.number IN (
  SELECT v.number FROM violations v INDEXED BY violations_marked WHERE v.guild_id = @guild_id AND v.marked_by = @user_id AND v.marked_by <> 0);

-- EraseClaims takes a member from the violations that they claimed.
-- name: EraseClaims :exec
UPDATE violations SET claimed_by = 0, claimed_until = 0
WHERE violations.guild_id = @guild_id AND violations.number IN (
  SELECT v.number FROM violations v INDEXED BY violations_claimed WHERE v.guild_id = @guild_id AND v.claimed_by = @user_id AND v.claimed_by <> 0);

-- EraseActions takes a member from what was done about them, and why.
-- name: EraseActions :execrows
UPDATE actions SET target_id = @nobody, message_id = 0, reason = '', before = '', problem = '', origin = 'erased:' || action_id
WHERE guild_id = @guild_id AND target_id = @user_id;

-- EraseActors takes a member from what they did.
-- name: EraseActors :exec
UPDATE actions SET actor_id = @nobody WHERE guild_id = @guild_id AND actor_id = @user_id AND actor_id <> 0;

-- EraseClears empties why a member's warnings were cleared.
-- name: EraseClears :exec
UPDATE warning_clears SET reason = '' WHERE warning_clears.guild_id = @guild_id AND warning_clears.number IN (
  SELECT w.number FROM warnings w WHERE w.guild_id = @guild_id AND w.user_id = @user_id);

-- EraseWarnings takes a member from their warnings, and why they were given.
-- name: EraseWarnings :execrows
UPDATE warnings SET user_id = @nobody, reason = ''
WHERE warnings.guild_id = @guild_id AND warnings.number IN (
  SELECT w.number FROM warnings w INDEXED BY warnings_user WHERE w.guild_id = @guild_id AND w.user_id = @user_id);

-- EraseGivers takes a member from the warnings that they gave.
-- name: EraseGivers :exec
UPDATE warnings SET given_by = @nobody
WHERE warnings.guild_id = @guild_id AND warnings.number IN (
  SELECT w.number FROM warnings w INDEXED BY warnings_giver WHERE w.guild_id = @guild_id AND w.given_by = @user_id AND w.given_by <> 0);

-- EraseClearers takes a member from the warnings that they cleared.
-- name: EraseClearers :exec
UPDATE warning_clears SET cleared_by = @nobody
WHERE warning_clears.guild_id = @guild_id AND warning_clears.number IN (
  SELECT c.number FROM warning_clears c INDEXED BY warning_clears_person WHERE c.guild_id = @guild_id AND c.cleared_by = @user_id AND c.cleared_by <> 0);

-- EraseAppeals takes a member and all words from their appeals.
-- name: EraseAppeals :execrows
UPDATE appeals SET user_id = @nobody, text = '', answer = ''
WHERE appeals.guild_id = @guild_id AND appeals.number IN (
  SELECT a.number FROM appeals a INDEXED BY appeals_user WHERE a.guild_id = @guild_id AND a.user_id = @user_id);

-- EraseDeciders takes a member from the appeals that they decided.
-- name: EraseDeciders :exec
UPDATE appeals SET decided_by = @nobody WHERE guild_id = @guild_id AND decided_by = @user_id;

-- EraseNotices deletes what was said to a member, and where.
-- name: EraseNotices :exec
DELETE FROM notices WHERE notices.guild_id = @guild_id AND (notices.kind, notices.ref) IN (
  SELECT n.kind, n.ref FROM notices n INDEXED BY notices_user WHERE n.guild_id = @guild_id AND n.user_id = @user_id);

-- EraseRaidText empties what was written in the raids that had a member in them.
-- name: EraseRaidText :exec
UPDATE raid_clusters SET text = '' WHERE raid_clusters.guild_id = @guild_id AND raid_clusters.raid IN (
  SELECT m.raid FROM raid_members m WHERE m.guild_id = @guild_id AND m.user_id = @user_id);

-- EraseRaidMember takes a member from the raids that had them.
-- name: EraseRaidMember :exec
UPDATE raid_members SET user_id = @nobody
WHERE raid_members.guild_id = @guild_id AND raid_members.user_id = @user_id AND raid_members.raid IN (
  SELECT r.raid FROM raid_members r INDEXED BY raid_members_user WHERE r.guild_id = @guild_id AND r.user_id = @user_id);

-- EraseRaidStarter takes a member from the raids that they called.
-- name: EraseRaidStarter :exec
UPDATE raids SET started_by = @nobody WHERE guild_id = @guild_id AND started_by = @user_id;

-- EraseRaidEnder takes a member from the raids that they ended.
-- name: EraseRaidEnder :exec
UPDATE raids SET ended_by = @nobody WHERE guild_id = @guild_id AND ended_by = @user_id;

-- EraseAskers takes a member from the exports that they asked for.
-- name: EraseAskers :exec
UPDATE exports SET asked_by = @nobody WHERE guild_id = @guild_id AND asked_by = @user_id;

-- EraseExportEnders takes a member from the exports that they ended.
-- name: EraseExportEnders :exec
UPDATE exports SET ended_by = @nobody WHERE guild_id = @guild_id AND ended_by = @user_id;

-- EraseNotifications deletes what a member was told.
-- name: EraseNotifications :exec
DELETE FROM notifications WHERE guild_id = @guild_id AND user_id = @user_id;

-- ExpireExports ends the time of a guild's exports that are finished or being written: the member may stand in any of them.
-- name: ExpireExports :exec
UPDATE exports SET expires_at = @now WHERE guild_id = @guild_id
  AND (state = 'running' OR state = 'done' AND expires_at > @now);

-- EraseNarrowing takes a member from what exports are narrowed by, and what was searched for along with them. One that still
-- waits fails: without them it would hold more than was asked for.
-- name: EraseNarrowing :exec
UPDATE exports SET
  filter = (SELECT json_group_object(key, value) FROM json_each(exports.filter)
    WHERE key <> 'text' AND instr(value, CAST(@user_id AS TEXT)) = 0),
  ended_at = CASE state WHEN 'queued' THEN CAST(@now AS INTEGER) ELSE ended_at END,
  problem = CASE state WHEN 'queued' THEN CAST(@problem AS TEXT) ELSE problem END,
  state = CASE state WHEN 'queued' THEN 'failed' ELSE state END
WHERE guild_id = @guild_id AND instr(filter, CAST(@user_id AS TEXT)) > 0;

-- EraseDestinationMaker takes a member from where they had reports sent.
-- name: EraseDestinationMaker :exec
UPDATE destinations SET made_by = @nobody WHERE guild_id = @guild_id AND made_by = @user_id;

-- EraseDrafts deletes files that name a member and wait to be taken over: they would bring the member back.
-- name: EraseDrafts :exec
DELETE FROM imports WHERE guild_id = @guild_id AND state = 'draft'
  AND (instr(data, CAST(CAST(@user_id AS TEXT) AS BLOB)) > 0 OR instr(name, CAST(@user_id AS TEXT)) > 0);

-- EraseFileNames empties the names of files that were called after a member.
-- name: EraseFileNames :exec
UPDATE imports SET name = '' WHERE guild_id = @guild_id AND instr(name, CAST(@user_id AS TEXT)) > 0;

-- EraseImporter takes a member from the files that they took over.
-- name: EraseImporter :exec
UPDATE imports SET made_by = @nobody WHERE guild_id = @guild_id AND made_by = @user_id;

-- EraseRuns takes a member from the commands that they ran.
-- name: EraseRuns :execrows
UPDATE command_runs SET user_id = @nobody WHERE guild_id = @guild_id AND user_id = @user_id;

-- EraseLines takes a member and all words from the lines about them.
-- name: EraseLines :exec
UPDATE changes SET user_id = @nobody, detail = '' WHERE guild_id = @guild_id AND user_id = @user_id;

-- EraseLineActors takes a member from the lines about what they did.
-- name: EraseLineActors :exec
UPDATE changes SET actor_id = @nobody WHERE guild_id = @guild_id AND actor_id = @user_id;

-- EraseTarget takes a member from the window of whom actions were done to.
-- name: EraseTarget :exec
UPDATE target_window SET user_id = @nobody WHERE guild_id = @guild_id AND user_id = @user_id;

-- EraseOffender takes a member from the window of who broke rules.
-- name: EraseOffender :exec
UPDATE offender_window SET user_id = @nobody WHERE guild_id = @guild_id AND user_id = @user_id;

-- EraseModerated takes a member from those about whom something was done.
-- name: EraseModerated :exec
UPDATE moderated_members SET user_id = @nobody WHERE guild_id = @guild_id AND user_id = @user_id;

-- EraseMonths takes a member from the months in which they were active.
-- name: EraseMonths :exec
UPDATE member_month SET user_id = @nobody WHERE guild_id = @guild_id AND user_id = @user_id;

-- EraseSheets takes a member from the sheets of what moderators did.
-- name: EraseSheets :exec
UPDATE day_sheets SET subject = @nobody WHERE guild_id = @guild_id AND sheet = @sheet AND subject = @subject;

-- EraseVersions takes a member from the versions of rules that they made.
-- name: EraseVersions :exec
UPDATE rule_versions SET made_by = @nobody WHERE guild_id = @guild_id AND made_by = @user_id;

-- EraseAssignments deletes the role that a member was given.
-- name: EraseAssignments :exec
DELETE FROM role_assignments WHERE guild_id = @guild_id AND subject = 'member' AND id = @user_id;

-- EraseAssigners takes a member from the roles that they gave.
-- name: EraseAssigners :exec
UPDATE role_assignments SET given_by = @nobody WHERE guild_id = @guild_id AND given_by = @user_id;

-- EraseSetters takes a member from the secrets that they set.
-- name: EraseSetters :exec
UPDATE secrets SET set_by = @nobody WHERE guild_id = @guild_id AND set_by = @user_id;

-- EraseSignInLinks deletes a member's links into a guild.
-- name: EraseSignInLinks :exec
DELETE FROM sign_in_links WHERE guild_id = @guild_id AND user_id = @user_id;

-- EraseMemberRoles deletes which Discord roles a member has.
-- name: EraseMemberRoles :exec
DELETE FROM member_roles WHERE guild_id = @guild_id AND user_id = @user_id;

-- EraseMember deletes a member.
-- name: EraseMember :execrows
DELETE FROM members WHERE guild_id = @guild_id AND user_id = @user_id;

-- EraseAuditPerson deletes what the audit log's reference to a member points to. The log itself stays as it is.
-- name: EraseAuditPerson :execrows
DELETE FROM audit_people WHERE guild_id = @guild_id AND user_id = @user_id;

-- IsKnownElsewhere says whether a user is, or was, a member of any guild still: 1 or 0.
-- name: IsKnownElsewhere :one
SELECT CAST(EXISTS (SELECT 1 FROM members m WHERE m.user_id = @user_id) AS INTEGER) AS known;

-- EraseUser deletes the name of somebody whom no guild knows any more.
-- name: EraseUser :exec
DELETE FROM users WHERE user_id = @user_id;

-- ListFlaggedNames lists what a member was called when that broke a rule.
-- name: ListFlaggedNames :many
SELECT content FROM violations INDEXED BY violations_user
WHERE guild_id = @guild_id AND user_id = @user_id AND surface = 'name' AND content <> '';

-- ListSearches lists a guild's exports that are narrowed by a text.
-- name: ListSearches :many
SELECT export_id, filter FROM exports WHERE guild_id = @guild_id AND instr(filter, '"text":') > 0;

-- EraseSearch takes the text from what an export is narrowed by. One that still waits fails: without it, it would hold more
-- than was asked for.
-- name: EraseSearch :exec
UPDATE exports SET filter = json_remove(filter, '$.text'),
  ended_at = CASE state WHEN 'queued' THEN CAST(@now AS INTEGER) ELSE ended_at END,
  problem = CASE state WHEN 'queued' THEN CAST(@problem AS TEXT) ELSE problem END,
  state = CASE state WHEN 'queued' THEN 'failed' ELSE state END
WHERE guild_id = @guild_id AND export_id = @export_id;
