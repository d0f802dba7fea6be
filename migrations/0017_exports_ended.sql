-- +goose Up
-- What becomes of exports: how far one is, who ended it, how often its file was fetched, and who is told of it.

ALTER TABLE exports ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;          -- how many of total were gone through; rows are those of them that fit
ALTER TABLE exports ADD COLUMN ended_by INTEGER NOT NULL DEFAULT 0;      -- who cancelled it or deleted its file; 0: nobody
ALTER TABLE exports ADD COLUMN downloads INTEGER NOT NULL DEFAULT 0;     -- how often its file was fetched
ALTER TABLE exports ADD COLUMN downloaded_at INTEGER NOT NULL DEFAULT 0; -- the last time; 0: never

-- What one user of a guild is told: on the pages that are open, or else once on the next one.
CREATE TABLE notifications (
  guild_id INTEGER NOT NULL,
  user_id  INTEGER NOT NULL,
  number   INTEGER NOT NULL,                 -- counted for each user of a guild, from 1
  at       INTEGER NOT NULL,
  kind     TEXT    NOT NULL,                 -- what happened: "export.done"
  subject  TEXT    NOT NULL,                 -- to what: an export's id
  about    TEXT    NOT NULL,                 -- of which kind that is: "violations"
  seen_at  INTEGER NOT NULL DEFAULT 0,       -- 0: not yet
  PRIMARY KEY (guild_id, user_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX notifications_unseen ON notifications (guild_id, user_id, number) WHERE seen_at = 0;
CREATE INDEX notifications_subject ON notifications (guild_id, subject) WHERE seen_at = 0;
