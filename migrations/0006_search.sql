-- +goose Up
-- Sums of whole days, so that a month's figures are some 30 rows and the buckets at both ends rather than 2 880 buckets:
-- the dashboard of a month took 13 ms, most of it for adding those up. They are written with their buckets, in the same
-- transaction. Days are UTC and named by the millisecond at which they start.

CREATE TABLE activity_days (
  guild_id INTEGER NOT NULL,
  day      INTEGER NOT NULL,
  messages INTEGER NOT NULL DEFAULT 0,
  edits    INTEGER NOT NULL DEFAULT 0,
  deletes  INTEGER NOT NULL DEFAULT 0,
  commands INTEGER NOT NULL DEFAULT 0,
  joins    INTEGER NOT NULL DEFAULT 0,
  leaves   INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (guild_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE violation_days (
  guild_id INTEGER NOT NULL,
  day      INTEGER NOT NULL,
  source   TEXT    NOT NULL,
  low      INTEGER NOT NULL DEFAULT 0,
  medium   INTEGER NOT NULL DEFAULT 0,
  high     INTEGER NOT NULL DEFAULT 0,
  critical INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (guild_id, day, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE action_days (
  guild_id   INTEGER NOT NULL,
  day        INTEGER NOT NULL,
  source     TEXT    NOT NULL,
  n          INTEGER NOT NULL GENERATED ALWAYS AS
             (notes + deletes + warns + timeouts + untimeouts + kicks + bans + unbans) STORED,
  notes      INTEGER NOT NULL DEFAULT 0,
  deletes    INTEGER NOT NULL DEFAULT 0,
  warns      INTEGER NOT NULL DEFAULT 0,
  timeouts   INTEGER NOT NULL DEFAULT 0,
  untimeouts INTEGER NOT NULL DEFAULT 0,
  kicks      INTEGER NOT NULL DEFAULT 0,
  bans       INTEGER NOT NULL DEFAULT 0,
  unbans     INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (guild_id, day, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE rule_days (
  guild_id        INTEGER NOT NULL,
  day             INTEGER NOT NULL,
  rule            TEXT    NOT NULL,
  counted         INTEGER NOT NULL DEFAULT 0,
  shadow          INTEGER NOT NULL DEFAULT 0,
  false_positives INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (guild_id, rule, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE response_days (
  guild_id INTEGER NOT NULL,
  day      INTEGER NOT NULL,
  count    INTEGER NOT NULL,
  sum_us   INTEGER NOT NULL,
  buckets  TEXT    NOT NULL,
  PRIMARY KEY (guild_id, day)
) STRICT, WITHOUT ROWID;

INSERT INTO activity_days (guild_id, day, messages, edits, deletes, commands, joins, leaves)
SELECT guild_id, bucket - bucket % 86400000, sum(messages), sum(edits), sum(deletes), sum(commands), sum(joins),
  sum(leaves)
FROM activity GROUP BY 1, 2;

INSERT INTO violation_days (guild_id, day, source, low, medium, high, critical)
SELECT guild_id, bucket - bucket % 86400000, source, sum(low), sum(medium), sum(high), sum(critical)
FROM violation_counts GROUP BY 1, 2, 3;

INSERT INTO action_days (guild_id, day, source, notes, deletes, warns, timeouts, untimeouts, kicks, bans, unbans)
SELECT guild_id, bucket - bucket % 86400000, source, sum(notes), sum(deletes), sum(warns), sum(timeouts),
  sum(untimeouts), sum(kicks), sum(bans), sum(unbans)
FROM action_counts GROUP BY 1, 2, 3;

INSERT INTO rule_days (guild_id, day, rule, counted, shadow, false_positives)
SELECT guild_id, bucket - bucket % 86400000, rule, sum(counted), sum(shadow), sum(false_positives)
FROM rule_counts GROUP BY 1, 2, 3;

-- The arrays are added up element by element.
INSERT INTO response_days (guild_id, day, count, sum_us, buckets)
SELECT s.guild_id, s.day, s.count, s.sum_us, (
  SELECT json_group_array(e.n) FROM (
    SELECT sum(j.value) AS n FROM response_times r, json_each(r.buckets) j
    WHERE r.guild_id = s.guild_id AND r.bucket >= s.day AND r.bucket < s.day + 86400000
    GROUP BY j.key ORDER BY j.key) e)
FROM (
  SELECT guild_id, bucket - bucket % 86400000 AS day, sum(count) AS count, sum(sum_us) AS sum_us
  FROM response_times GROUP BY 1, 2) s;
