-- +goose Up
-- What the analytics page counts by the quarter of an hour, and who of the active members was ever moderated.

-- One row for each UTC day and subject. A month of one guild is then 30 short rows for each source, where
-- violation_counts has up to 2880: 0.4 ms instead of 5, and years are as quick. cells is "cell:count" for each cell that
-- is not 0, with blanks between; a cell is the quarter of the day (0 to 95) times the sheet's columns, plus the column.
--
--   sheet      subject                 columns
--   source     of the violation        low, medium, high, critical: what counts
--   rule       as in violations        the same four, shadow, false positive
--   moderator  who acted or wrote      the kinds of actions, mildest first, and 1 for having written
--   answer     rule that was broken    for each severity the kinds of actions that moderators answered with
CREATE TABLE day_sheets (
  guild_id INTEGER NOT NULL,
  sheet    TEXT    NOT NULL,
  day      INTEGER NOT NULL,                 -- when it begins
  subject  TEXT    NOT NULL,
  cells    TEXT    NOT NULL,
  PRIMARY KEY (guild_id, sheet, day, subject)
) STRICT, WITHOUT ROWID;

-- Who was ever warned, timed out, kicked, banned, or had a message deleted, and when first. Among the members active in
-- a month, active_months counts those to whom it had happened by the end of it.
CREATE TABLE moderated_members (
  guild_id INTEGER NOT NULL,
  user_id  INTEGER NOT NULL,
  since    INTEGER NOT NULL,
  PRIMARY KEY (guild_id, user_id)
) STRICT, WITHOUT ROWID;
ALTER TABLE active_months ADD COLUMN moderated INTEGER NOT NULL DEFAULT 0;

INSERT INTO day_sheets (guild_id, sheet, day, subject, cells)
SELECT guild_id, 'source', bucket - bucket % 86400000, source, trim(group_concat(
  CASE WHEN low <> 0 THEN (bucket % 86400000 / 900000 * 4) || ':' || low || ' ' ELSE '' END ||
  CASE WHEN medium <> 0 THEN (bucket % 86400000 / 900000 * 4 + 1) || ':' || medium || ' ' ELSE '' END ||
  CASE WHEN high <> 0 THEN (bucket % 86400000 / 900000 * 4 + 2) || ':' || high || ' ' ELSE '' END ||
  CASE WHEN critical <> 0 THEN (bucket % 86400000 / 900000 * 4 + 3) || ':' || critical || ' ' ELSE '' END, ''))
FROM violation_counts
WHERE guild_id <> 0
GROUP BY guild_id, bucket - bucket % 86400000, source;

INSERT INTO day_sheets (guild_id, sheet, day, subject, cells)
SELECT guild_id, 'rule', day, rule, group_concat(cell || ':' || n, ' ')
FROM (
  SELECT v.guild_id, v.at - v.at % 86400000 AS day, v.rule,
    v.at % 86400000 / 900000 * 6 + CASE v.state WHEN 'shadow' THEN 4 WHEN 'false_positive' THEN 5 ELSE
      CASE v.severity WHEN 'medium' THEN 1 WHEN 'high' THEN 2 WHEN 'critical' THEN 3 ELSE 0 END END AS cell,
    count(*) AS n
  FROM violations v
  GROUP BY v.guild_id, day, v.rule, cell
)
GROUP BY guild_id, day, rule;

INSERT INTO day_sheets (guild_id, sheet, day, subject, cells)
SELECT guild_id, 'moderator', day, actor_id, group_concat(cell || ':' || n, ' ')
FROM (
  SELECT a.guild_id, a.at - a.at % 86400000 AS day, CAST(a.actor_id AS TEXT) AS actor_id,
    a.at % 86400000 / 900000 * 9 + CASE a.kind WHEN 'delete' THEN 1 WHEN 'warn' THEN 2 WHEN 'timeout' THEN 3
      WHEN 'untimeout' THEN 4 WHEN 'kick' THEN 5 WHEN 'ban' THEN 6 WHEN 'unban' THEN 7 ELSE 0 END AS cell,
    count(*) AS n
  FROM actions a
  WHERE a.actor_id <> 0 AND a.outcome IN ('done', 'undone')
  GROUP BY a.guild_id, day, a.actor_id, cell
)
GROUP BY guild_id, day, actor_id;

INSERT INTO day_sheets (guild_id, sheet, day, subject, cells)
SELECT guild_id, 'answer', day, rule, group_concat(cell || ':' || n, ' ')
FROM (
  SELECT a.guild_id, a.at - a.at % 86400000 AS day, v.rule,
    a.at % 86400000 / 900000 * 32 +
      CASE v.severity WHEN 'medium' THEN 8 WHEN 'high' THEN 16 WHEN 'critical' THEN 24 ELSE 0 END +
      CASE a.kind WHEN 'delete' THEN 1 WHEN 'warn' THEN 2 WHEN 'timeout' THEN 3 WHEN 'untimeout' THEN 4
        WHEN 'kick' THEN 5 WHEN 'ban' THEN 6 WHEN 'unban' THEN 7 ELSE 0 END AS cell,
    count(*) AS n
  FROM actions a JOIN violations v ON v.guild_id = a.guild_id AND v.number = a.violation
  WHERE a.actor_id <> 0 AND a.violation <> 0 AND a.outcome IN ('done', 'undone')
  GROUP BY a.guild_id, day, v.rule, cell
)
GROUP BY guild_id, day, rule;

INSERT INTO moderated_members (guild_id, user_id, since)
SELECT guild_id, target_id, min(at) FROM actions
WHERE target_id <> 0 AND outcome IN ('done', 'undone') AND kind IN ('delete', 'warn', 'timeout', 'kick', 'ban')
GROUP BY guild_id, target_id;

UPDATE active_months SET moderated = (
  SELECT count(*) FROM member_month m JOIN moderated_members x ON x.guild_id = m.guild_id AND x.user_id = m.user_id
  WHERE m.month = active_months.month AND m.guild_id = active_months.guild_id
    AND CAST(strftime('%Y%m', x.since / 1000, 'unixepoch') AS INTEGER) <= m.month
) WHERE guild_id <> 0;

-- When moderators wrote is known from here on alone; 0: from the beginning.
INSERT INTO instance (name, value) VALUES ('moderators_write_since',
  CASE WHEN EXISTS (SELECT 1 FROM guilds) THEN CAST(strftime('%s', 'now') * 1000 AS TEXT) ELSE '0' END);
