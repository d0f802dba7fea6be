-- NextAppealNumber gives the number of a guild's next appeal.
-- name: NextAppealNumber :one
SELECT CAST(coalesce(max(number), 0) + 1 AS INTEGER) AS number FROM appeals WHERE guild_id = @guild_id;

-- InsertAppeal inserts an open appeal.
-- name: InsertAppeal :exec
INSERT INTO appeals (guild_id, number, action_id, violation, user_id, at, text, state)
VALUES (?, ?, ?, ?, ?, ?, ?, 'open');

-- GetAppeal gives an appeal.
-- name: GetAppeal :one
SELECT * FROM appeals WHERE guild_id = @guild_id AND number = @number;

-- FindAppealOfAction gives the appeal against an action that was not withdrawn.
-- name: FindAppealOfAction :one
SELECT * FROM appeals WHERE guild_id = @guild_id AND action_id = @action_id AND state <> 'withdrawn';

-- FindOpenAppealOfViolation gives the open appeal about a violation.
-- name: FindOpenAppealOfViolation :one
SELECT * FROM appeals WHERE guild_id = @guild_id AND violation = @violation AND state = 'open' AND violation <> 0;

-- CountOpenAppealsOf counts a member's open appeals.
-- name: CountOpenAppealsOf :one
SELECT count(*) FROM appeals INDEXED BY appeals_user WHERE guild_id = @guild_id AND user_id = @user_id AND state = 'open';

-- CountOpenAppeals counts a guild's open appeals.
-- name: CountOpenAppeals :one
SELECT count(*) FROM appeals WHERE guild_id = @guild_id AND state = 'open';

-- DecideAppeal closes an appeal.
-- name: DecideAppeal :exec
UPDATE appeals SET state = @state, decided_by = @decided_by, decided_at = @decided_at, answer = @answer
WHERE guild_id = @guild_id AND number = @number;

-- ListAppealsIn lists a guild's appeals in a state, the newest first.
-- name: ListAppealsIn :many
SELECT * FROM appeals WHERE guild_id = @guild_id AND state = @state AND number < @before ORDER BY number DESC LIMIT @max;

-- ListAppealsClosed lists a guild's appeals that are not open, the newest first.
-- name: ListAppealsClosed :many
SELECT * FROM appeals WHERE guild_id = @guild_id AND number < @before AND state <> 'open' ORDER BY number DESC LIMIT @max;

-- ListAppealsOf lists a member's appeals, the newest first.
-- name: ListAppealsOf :many
SELECT * FROM appeals WHERE guild_id = @guild_id AND user_id = @user_id AND number < @before ORDER BY number DESC LIMIT @max;

-- ListAppealsAbout lists the appeals about a violation, the newest first.
-- name: ListAppealsAbout :many
SELECT * FROM appeals WHERE guild_id = @guild_id AND violation = @violation AND violation <> 0
ORDER BY number DESC LIMIT @max;

-- ListAppealedActions gives the actions about a violation that were done to a member by guildwatch.
-- name: ListAppealedActions :many
SELECT * FROM actions
WHERE guild_id = @guild_id AND violation = @violation AND violation <> 0 AND target_id = @target_id
  AND source IN ('rule', 'dashboard', 'command') AND undoes = 0
ORDER BY action_id;

-- ForgetAppeals empties the texts of appeals that were decided before a time, oldest first.
-- name: ForgetAppeals :execrows
UPDATE appeals SET text = '', answer = '' WHERE appeals.guild_id = @guild_id AND appeals.number IN (
  SELECT a.number FROM appeals a
  WHERE a.guild_id = @guild_id AND a.state <> 'open' AND a.decided_at < @before AND (a.text <> '' OR a.answer <> '')
  ORDER BY a.decided_at LIMIT @max);

-- HasOldAppeals says whether the text of an appeal that was decided before a time is kept in a guild.
-- name: HasOldAppeals :one
SELECT CAST(EXISTS (SELECT 1 FROM appeals a
  WHERE a.guild_id = @guild_id AND a.state <> 'open' AND a.decided_at < @before AND (a.text <> '' OR a.answer <> '')
) AS INTEGER) AS old;
