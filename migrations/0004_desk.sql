-- +goose Up
-- guildwatch's own rules, what they found, what was done about it, and what was undone.

-- A guild's rules as they are now. What a rule looks for is in body, as JSON; so are all earlier versions.
CREATE TABLE rules (
  guild_id   INTEGER NOT NULL,
  number     INTEGER NOT NULL,               -- from 1 in each guild, never given twice
  version    INTEGER NOT NULL,
  kind       TEXT    NOT NULL,               -- words, regex, links, ...
  mode       TEXT    NOT NULL,               -- enforce, shadow or off
  body       TEXT    NOT NULL,
  problem    TEXT    NOT NULL DEFAULT '',    -- why guildwatch has switched it off; empty: it has not
  made_at    INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (guild_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE rule_versions (
  guild_id INTEGER NOT NULL,
  number   INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  body     TEXT    NOT NULL,
  at       INTEGER NOT NULL,
  made_by  INTEGER NOT NULL,                 -- the user; 0: guildwatch
  note     TEXT    NOT NULL,                 -- "rolled back to version 3"
  PRIMARY KEY (guild_id, number, version)
) STRICT, WITHOUT ROWID;

-- How often each rule of any source was broken, by what became of it.
CREATE TABLE rule_counts (
  guild_id        INTEGER NOT NULL,
  bucket          INTEGER NOT NULL,
  rule            TEXT    NOT NULL,          -- as in violations
  counted         INTEGER NOT NULL DEFAULT 0,
  shadow          INTEGER NOT NULL DEFAULT 0,
  false_positives INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (guild_id, rule, bucket)
) STRICT, WITHOUT ROWID;

-- counted: it is in every figure. shadow: a rule in shadow mode would have acted. false_positive: a moderator says that
-- the rule was wrong. The last two are in no figure but their own.
ALTER TABLE violations ADD COLUMN state TEXT NOT NULL DEFAULT 'counted';
ALTER TABLE violations ADD COLUMN shadow INTEGER NOT NULL DEFAULT 0;       -- 1: the rule was in shadow mode
ALTER TABLE violations ADD COLUMN rule_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE violations ADD COLUMN surface TEXT NOT NULL DEFAULT '';
ALTER TABLE violations ADD COLUMN detected_at INTEGER NOT NULL DEFAULT 0;  -- when guildwatch had read it
ALTER TABLE violations ADD COLUMN response_ms INTEGER NOT NULL DEFAULT -1; -- from there to the first action done; -1: none yet
ALTER TABLE violations ADD COLUMN marked_by INTEGER NOT NULL DEFAULT 0;    -- who called it a false positive
ALTER TABLE violations ADD COLUMN claimed_by INTEGER NOT NULL DEFAULT 0;
ALTER TABLE violations ADD COLUMN claimed_until INTEGER NOT NULL DEFAULT 0;
CREATE INDEX violations_user ON violations (guild_id, user_id, number);
CREATE INDEX violations_rule ON violations (guild_id, rule, number);
CREATE INDEX violations_severity ON violations (guild_id, severity, number);
CREATE INDEX violations_state ON violations (guild_id, state, number) WHERE state <> 'counted';
CREATE INDEX violations_text ON violations (guild_id, at) WHERE content <> '' OR keyword <> '';

-- What moderators wrote beside a violation.
CREATE TABLE violation_notes (
  note_id  INTEGER NOT NULL PRIMARY KEY,
  guild_id INTEGER NOT NULL,
  number   INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  made_by  INTEGER NOT NULL,
  text     TEXT    NOT NULL
) STRICT;
CREATE INDEX violation_notes_violation ON violation_notes (guild_id, number, note_id);

ALTER TABLE actions ADD COLUMN message_id INTEGER NOT NULL DEFAULT 0;      -- of a delete
ALTER TABLE actions ADD COLUMN undoes INTEGER NOT NULL DEFAULT 0;          -- the action that this one takes back
ALTER TABLE actions ADD COLUMN undone_by INTEGER NOT NULL DEFAULT 0;       -- the action that took this one back
ALTER TABLE actions ADD COLUMN problem TEXT NOT NULL DEFAULT '';           -- why it failed, with the fix
ALTER TABLE actions ADD COLUMN settled_at INTEGER NOT NULL DEFAULT 0;      -- when it was done or failed for good
ALTER TABLE actions ADD COLUMN before TEXT NOT NULL DEFAULT '';            -- JSON: what to put back when it is undone
-- Only what was done counts: the outcome is in the index that windows are swept by.
DROP INDEX actions_time;
CREATE INDEX actions_time ON actions (guild_id, at, target_id, outcome);
CREATE INDEX actions_kicks ON actions (guild_id, target_id) WHERE kind = 'kick' AND outcome = 'done';
CREATE INDEX actions_violation ON actions (guild_id, violation, action_id) WHERE violation <> 0;

-- Actions that Discord has still to be asked for, gravest first.
CREATE TABLE outbox (
  action_id INTEGER NOT NULL PRIMARY KEY,
  guild_id  INTEGER NOT NULL,
  priority  INTEGER NOT NULL,                -- 0 low to 3 critical
  due_at    INTEGER NOT NULL,
  attempts  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX outbox_due ON outbox (guild_id, priority DESC, due_at);

-- Warnings are never changed: one is cleared by a row in warning_clears. Level on the ladder follows from both and the
-- clock.
CREATE TABLE warnings (
  guild_id  INTEGER NOT NULL,
  number    INTEGER NOT NULL,                -- from 1 in each guild
  user_id   INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  given_by  INTEGER NOT NULL,                -- the user; 0: a rule
  source    TEXT    NOT NULL,
  violation INTEGER NOT NULL,                -- its number; 0: none
  action_id INTEGER NOT NULL,
  reason    TEXT    NOT NULL,
  PRIMARY KEY (guild_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX warnings_user ON warnings (guild_id, user_id, number);
CREATE TABLE warning_clears (
  guild_id   INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  cleared_by INTEGER NOT NULL,               -- the user; 0: guildwatch
  cause      TEXT    NOT NULL,               -- person, false_positive, undone; the last two go when their cause does
  reason     TEXT    NOT NULL,
  PRIMARY KEY (guild_id, number)
) STRICT, WITHOUT ROWID;

-- A guild's own ladder; without a row the default one holds.
CREATE TABLE ladders (
  guild_id   INTEGER NOT NULL PRIMARY KEY,
  steps      TEXT    NOT NULL,               -- JSON
  updated_at INTEGER NOT NULL
) STRICT;

-- Time from detection to done, as latency is kept: count, sum, and how many fell in each bucket (a JSON array).
CREATE TABLE response_times (
  guild_id INTEGER NOT NULL,
  bucket   INTEGER NOT NULL,
  count    INTEGER NOT NULL,
  sum_us   INTEGER NOT NULL,
  buckets  TEXT    NOT NULL,
  PRIMARY KEY (guild_id, bucket)
) STRICT, WITHOUT ROWID;

-- How long message text is kept, in days; 0: not at all, only its hash.
ALTER TABLE guilds ADD COLUMN keep_text_days INTEGER NOT NULL DEFAULT 7;
CREATE INDEX changes_words ON changes (guild_id, at) WHERE kind = 'violation' AND detail <> '';
