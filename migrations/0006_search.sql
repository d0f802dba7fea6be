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

-- What the list of violations is narrowed by. Both indexes have a row for each violation under the number of its guild
-- here and its own number: slot << 40 | number, so that one guild's rows are one range. They hold row ids for terms and
-- nothing else (no copy of the text, no positions), some 8 bytes a violation for facets and 1.4 bytes a character for
-- words. The triggers keep them in the transaction of the row, whoever changes it: text that is emptied leaves at once,
-- and secure-delete takes its terms out of the pages rather than marking them.
CREATE TABLE violation_slots (
  guild_id INTEGER NOT NULL PRIMARY KEY,
  slot     INTEGER NOT NULL UNIQUE           -- from 1
) STRICT;

-- The lowest and highest number of the violations of a UTC day: where a list of some days begins and ends.
CREATE TABLE violation_spans (
  guild_id INTEGER NOT NULL,
  day      INTEGER NOT NULL,
  lowest   INTEGER NOT NULL,
  highest  INTEGER NOT NULL,
  PRIMARY KEY (guild_id, day)
) STRICT, WITHOUT ROWID;

-- One term for each filter. A pair of filters that both leave 100 000 rows is one pass over two lists of numbers (some
-- 10 ms); with an index of rows for each filter it looked at every row that one of them left.
CREATE VIRTUAL TABLE violation_facets USING fts5(facets, content='', detail=none, columnsize=0,
  tokenize='ascii');
INSERT INTO violation_facets (violation_facets, rank) VALUES ('secure-delete', 1);

-- Every three characters in a row, in small letters: any part of a word is found, in every script.
CREATE VIRTUAL TABLE violation_words USING fts5(words, content='', detail=none, columnsize=0,
  tokenize='trigram');
INSERT INTO violation_words (violation_words, rank) VALUES ('secure-delete', 1);

-- +goose StatementBegin
CREATE TRIGGER violations_found AFTER INSERT ON violations BEGIN
  INSERT OR IGNORE INTO violation_slots (guild_id, slot)
  VALUES (NEW.guild_id, (SELECT coalesce(max(slot), 0) + 1 FROM violation_slots));
  INSERT INTO violation_spans (guild_id, day, lowest, highest)
  VALUES (NEW.guild_id, NEW.at - NEW.at % 86400000, NEW.number, NEW.number)
  ON CONFLICT (guild_id, day) DO UPDATE SET
    lowest  = min(violation_spans.lowest, excluded.lowest),
    highest = max(violation_spans.highest, excluded.highest);
  INSERT INTO violation_facets (rowid, facets)
  SELECT slot << 40 | NEW.number, 's' || hex(NEW.source) || ' v' || hex(NEW.severity) || ' t' || hex(NEW.state) ||
    ' r' || hex(NEW.rule) || ' u' || NEW.user_id || ' c' || NEW.channel_id
  FROM violation_slots WHERE guild_id = NEW.guild_id;
  INSERT INTO violation_words (rowid, words)
  SELECT slot << 40 | NEW.number, NEW.keyword || char(10) || NEW.content
  FROM violation_slots WHERE guild_id = NEW.guild_id AND (NEW.keyword <> '' OR NEW.content <> '');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER violations_changed AFTER UPDATE OF source, severity, state, rule, user_id, channel_id ON violations BEGIN
  INSERT INTO violation_facets (violation_facets, rowid, facets)
  SELECT 'delete', slot << 40 | OLD.number, 's' || hex(OLD.source) || ' v' || hex(OLD.severity) || ' t' ||
    hex(OLD.state) || ' r' || hex(OLD.rule) || ' u' || OLD.user_id || ' c' || OLD.channel_id
  FROM violation_slots WHERE guild_id = OLD.guild_id;
  INSERT INTO violation_facets (rowid, facets)
  SELECT slot << 40 | NEW.number, 's' || hex(NEW.source) || ' v' || hex(NEW.severity) || ' t' || hex(NEW.state) ||
    ' r' || hex(NEW.rule) || ' u' || NEW.user_id || ' c' || NEW.channel_id
  FROM violation_slots WHERE guild_id = NEW.guild_id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER violations_reworded AFTER UPDATE OF keyword, content ON violations BEGIN
  INSERT INTO violation_words (violation_words, rowid, words)
  SELECT 'delete', slot << 40 | OLD.number, OLD.keyword || char(10) || OLD.content
  FROM violation_slots WHERE guild_id = OLD.guild_id AND (OLD.keyword <> '' OR OLD.content <> '');
  INSERT INTO violation_words (rowid, words)
  SELECT slot << 40 | NEW.number, NEW.keyword || char(10) || NEW.content
  FROM violation_slots WHERE guild_id = NEW.guild_id AND (NEW.keyword <> '' OR NEW.content <> '');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER violations_lost AFTER DELETE ON violations BEGIN
  INSERT INTO violation_facets (violation_facets, rowid, facets)
  SELECT 'delete', slot << 40 | OLD.number, 's' || hex(OLD.source) || ' v' || hex(OLD.severity) || ' t' ||
    hex(OLD.state) || ' r' || hex(OLD.rule) || ' u' || OLD.user_id || ' c' || OLD.channel_id
  FROM violation_slots WHERE guild_id = OLD.guild_id;
  INSERT INTO violation_words (violation_words, rowid, words)
  SELECT 'delete', slot << 40 | OLD.number, OLD.keyword || char(10) || OLD.content
  FROM violation_slots WHERE guild_id = OLD.guild_id AND (OLD.keyword <> '' OR OLD.content <> '');
END;
-- +goose StatementEnd

INSERT INTO violation_slots (guild_id, slot)
SELECT guild_id, row_number() OVER (ORDER BY guild_id) FROM (SELECT DISTINCT guild_id FROM violations);

INSERT INTO violation_spans (guild_id, day, lowest, highest)
SELECT guild_id, at - at % 86400000, min(number), max(number) FROM violations GROUP BY 1, 2;

INSERT INTO violation_facets (rowid, facets)
SELECT s.slot << 40 | v.number, 's' || hex(v.source) || ' v' || hex(v.severity) || ' t' || hex(v.state) ||
  ' r' || hex(v.rule) || ' u' || v.user_id || ' c' || v.channel_id
FROM violation_slots s JOIN violations v ON v.guild_id = s.guild_id
ORDER BY s.slot, v.number;

INSERT INTO violation_words (rowid, words)
SELECT s.slot << 40 | v.number, v.keyword || char(10) || v.content
FROM violation_slots s JOIN violations v ON v.guild_id = s.guild_id
WHERE v.keyword <> '' OR v.content <> ''
ORDER BY s.slot, v.number;

-- Facets do what these did, in a third of their size.
DROP INDEX violations_rule;
DROP INDEX violations_severity;
DROP INDEX violations_state;
