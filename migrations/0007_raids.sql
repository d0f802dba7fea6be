-- +goose Up
-- Raids, what raid mode changed in a guild and how it was before, and who and what belonged to them.

CREATE TABLE raids (
  guild_id     INTEGER NOT NULL,
  number       INTEGER NOT NULL,               -- from 1 in each guild
  trigger      TEXT    NOT NULL,               -- person, joins_6, joins_10, messages
  new_joins    INTEGER NOT NULL,               -- within the minute before
  all_joins    INTEGER NOT NULL,
  started_at   INTEGER NOT NULL,
  started_by   INTEGER NOT NULL,               -- the user; 0: guildwatch
  last_sign_at INTEGER NOT NULL,
  state        TEXT    NOT NULL,               -- planned, raised, restoring, over
  ended_at     INTEGER NOT NULL DEFAULT 0,     -- when it was switched off; restoring may take longer
  ended_by     INTEGER NOT NULL DEFAULT 0,
  ended_why    TEXT    NOT NULL DEFAULT '',    -- calm, person, expected
  invites      TEXT    NOT NULL,               -- JSON: what was found, what was set, how far it is
  verification TEXT    NOT NULL,
  problem      TEXT    NOT NULL DEFAULT '',    -- what Discord refused, with the fix
  told_on      INTEGER NOT NULL DEFAULT 0,     -- 1: the log channel has heard of it
  told_off     INTEGER NOT NULL DEFAULT 0,
  attempts     INTEGER NOT NULL DEFAULT 0,
  sweep_at     INTEGER NOT NULL DEFAULT 0,     -- since when bans wait to be asked for together; 0: none do
  work_at      INTEGER NOT NULL,               -- when there is something to do for it; 0: nothing
  PRIMARY KEY (guild_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX raids_work ON raids (guild_id, work_at) WHERE work_at > 0;

-- Who joined during a raid, or wrote what belonged to it: the first 500.
CREATE TABLE raid_members (
  guild_id  INTEGER NOT NULL,
  raid      INTEGER NOT NULL,
  user_id   INTEGER NOT NULL,
  joined_at INTEGER NOT NULL,                  -- 0: was there before
  messages  INTEGER NOT NULL,                  -- how many of its clusters
  action_id INTEGER NOT NULL DEFAULT 0,        -- the newest that came of the raid
  PRIMARY KEY (guild_id, raid, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE raid_clusters (
  guild_id INTEGER NOT NULL,
  raid     INTEGER NOT NULL,
  cluster  INTEGER NOT NULL,                   -- hash of what is alike
  text     TEXT    NOT NULL,                   -- of the first one, as long as the guild keeps text
  messages INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at  INTEGER NOT NULL,
  PRIMARY KEY (guild_id, raid, cluster)
) STRICT, WITHOUT ROWID;

ALTER TABLE guilds ADD COLUMN raid_preset TEXT NOT NULL DEFAULT 'balanced';
ALTER TABLE guilds ADD COLUMN raid_expected_until INTEGER NOT NULL DEFAULT 0; -- until then newcomers are no raid
