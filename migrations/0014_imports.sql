-- +goose Up
-- What was taken over from another bot, marked as such, and taken back as a whole.
CREATE TABLE imports (
  guild_id   INTEGER NOT NULL,
  number     INTEGER NOT NULL,               -- from 1 in each guild
  format     TEXT    NOT NULL,               -- zeppelin, bans, table
  name       TEXT    NOT NULL,               -- of the file, as the browser gave it
  made_by    INTEGER NOT NULL,
  made_at    INTEGER NOT NULL,
  state      TEXT    NOT NULL,               -- draft, running, done, undoing, undone
  data       BLOB    NOT NULL,               -- the file while it is a draft or running; then empty
  mapping    TEXT    NOT NULL DEFAULT '',    -- JSON: which column of a table is what
  rows       INTEGER NOT NULL DEFAULT 0,     -- taken over
  known      INTEGER NOT NULL DEFAULT 0,     -- that were there already
  skipped    INTEGER NOT NULL DEFAULT 0,     -- that could not be taken over
  settled_at INTEGER NOT NULL DEFAULT 0,     -- when it was done or undone
  PRIMARY KEY (guild_id, number)
) STRICT, WITHOUT ROWID;

ALTER TABLE actions ADD COLUMN import INTEGER NOT NULL DEFAULT 0;          -- the number of the import that it came with
CREATE INDEX actions_import ON actions (guild_id, import, action_id) WHERE import <> 0;
-- Whoever was kicked elsewhere was kicked before.
DROP INDEX actions_kicks;
CREATE INDEX actions_kicks ON actions (guild_id, target_id) WHERE kind = 'kick' AND outcome IN ('done', 'imported');
