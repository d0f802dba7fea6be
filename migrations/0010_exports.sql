-- +goose Up
-- What people took out of a guild, or are about to. The files lie beside the database, in exports, under export_id.
CREATE TABLE exports (
  guild_id   INTEGER NOT NULL,
  export_id  TEXT    NOT NULL,               -- 128 random bits
  what       TEXT    NOT NULL,               -- violations, actions, warnings, ...
  format     TEXT    NOT NULL,               -- csv or json
  filter     TEXT    NOT NULL,               -- JSON
  asked_by   INTEGER NOT NULL,
  asked_at   INTEGER NOT NULL,
  state      TEXT    NOT NULL,               -- queued, running, done, failed, aborted, expired
  total      INTEGER NOT NULL,               -- at most so many rows; 0: not known
  rows       INTEGER NOT NULL DEFAULT 0,     -- written so far
  bytes      INTEGER NOT NULL DEFAULT 0,     -- of the finished file
  problem    TEXT    NOT NULL DEFAULT '',    -- why it failed or was aborted
  ended_at   INTEGER NOT NULL DEFAULT 0,
  expires_at INTEGER NOT NULL DEFAULT 0,     -- when the file goes; 0: there is none
  PRIMARY KEY (guild_id, export_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX exports_guild ON exports (guild_id, asked_at);
CREATE INDEX exports_open ON exports (asked_at) WHERE state IN ('queued', 'running');
CREATE INDEX exports_expiry ON exports (expires_at) WHERE state = 'done';

-- A guild's actions in the order in which they were recorded.
CREATE INDEX actions_guild ON actions (guild_id, action_id);
