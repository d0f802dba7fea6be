-- +goose Up
-- Every table is STRICT, ids are INTEGER (Discord's 64-bit snowflakes), times are INTEGER UTC milliseconds, 0 means
-- "none". Counters and rollups are kept in 15-minute buckets named by the millisecond at which they start; guild_id 0
-- is the sum of all guilds.

-- What this instance knows about itself: small values by name.
CREATE TABLE instance (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE guilds (
  guild_id       INTEGER NOT NULL PRIMARY KEY,
  name           TEXT    NOT NULL,
  icon           TEXT    NOT NULL,
  owner_id       INTEGER NOT NULL,
  member_count   INTEGER NOT NULL,
  permissions    INTEGER NOT NULL,           -- the bot's own
  joined_at      INTEGER NOT NULL,           -- of the current or last stay
  left_at        INTEGER NOT NULL DEFAULT 0, -- 0: the bot is there
  outage_since   INTEGER NOT NULL DEFAULT 0, -- 0: Discord can reach it
  time_zone      TEXT    NOT NULL DEFAULT 'UTC',
  log_channel_id INTEGER NOT NULL DEFAULT 0,
  updated_at     INTEGER NOT NULL            -- of the newest event about it; an older one is a replay
) STRICT;

-- Each stay of the bot in a guild, so that "how many servers a month ago" has an answer after a guild came and went.
CREATE TABLE guild_stays (
  guild_id  INTEGER NOT NULL,
  joined_at INTEGER NOT NULL,
  left_at   INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (guild_id, joined_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
  user_id     INTEGER NOT NULL PRIMARY KEY,
  name        TEXT    NOT NULL,
  global_name TEXT    NOT NULL,
  avatar      TEXT    NOT NULL,
  bot         INTEGER NOT NULL,
  gone        INTEGER NOT NULL DEFAULT 0,    -- 1: Discord says there is no such user any more
  fetched_at  INTEGER NOT NULL               -- stale after 24 h
) STRICT;

CREATE TABLE members (
  guild_id       INTEGER NOT NULL,
  user_id        INTEGER NOT NULL,
  nick           TEXT    NOT NULL,
  roles          TEXT    NOT NULL,           -- Discord role ids, a JSON array of strings
  joined_at      INTEGER NOT NULL,
  left_at        INTEGER NOT NULL DEFAULT 0,
  timeout_until  INTEGER NOT NULL DEFAULT 0,
  last_active_at INTEGER NOT NULL DEFAULT 0, -- the bucket in which they last wrote, ran a command or joined
  last_join      INTEGER NOT NULL DEFAULT 0, -- the newest join and leave that were counted: an older one is a replay
  last_leave     INTEGER NOT NULL DEFAULT 0,
  updated_at     INTEGER NOT NULL,
  PRIMARY KEY (guild_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_user ON members (user_id, left_at, last_active_at);

-- Members active in a calendar month (UTC, month = year * 100 + month); guild_id 0: in any guild. History cannot be
-- rebuilt without it.
CREATE TABLE member_month (
  month    INTEGER NOT NULL,
  guild_id INTEGER NOT NULL,
  user_id  INTEGER NOT NULL,
  PRIMARY KEY (month, guild_id, user_id)
) STRICT, WITHOUT ROWID;

-- How many distinct users were active in a month; guild_id 0: on the whole instance.
CREATE TABLE active_months (
  guild_id INTEGER NOT NULL,
  month    INTEGER NOT NULL,
  users    INTEGER NOT NULL,
  PRIMARY KEY (guild_id, month)
) STRICT, WITHOUT ROWID;

-- The last bucket in which a user was active in a guild that the user has not left, and how many users have each as
-- their last: the sum over 30 days of the second is the number of active users, without counting distinct rows.
CREATE TABLE user_activity (
  user_id INTEGER NOT NULL PRIMARY KEY,
  bucket  INTEGER NOT NULL
) STRICT;
CREATE TABLE active_buckets (
  bucket INTEGER NOT NULL PRIMARY KEY,
  users  INTEGER NOT NULL
) STRICT;

-- What is counted without a row of its own, and joins, leaves and commands.
CREATE TABLE activity (
  guild_id INTEGER NOT NULL,
  bucket   INTEGER NOT NULL,
  messages INTEGER NOT NULL DEFAULT 0,
  edits    INTEGER NOT NULL DEFAULT 0,
  deletes  INTEGER NOT NULL DEFAULT 0,
  commands INTEGER NOT NULL DEFAULT 0,
  joins    INTEGER NOT NULL DEFAULT 0,
  leaves   INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (guild_id, bucket)
) STRICT, WITHOUT ROWID;

-- One row for each source rather than one for each pair of severity and source: a month's figures are a plain sum over
-- one range of at most 5 rows a bucket. With a row for each pair SQLite sorted some 30 000 of them for GROUP BY.
CREATE TABLE violation_counts (
  guild_id INTEGER NOT NULL,
  bucket   INTEGER NOT NULL,
  source   TEXT    NOT NULL,
  low      INTEGER NOT NULL DEFAULT 0,
  medium   INTEGER NOT NULL DEFAULT 0,
  high     INTEGER NOT NULL DEFAULT 0,
  critical INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (guild_id, bucket, source)
) STRICT, WITHOUT ROWID;

-- A column for each kind of action, for the same reason, and their sum: adding up eight columns again for each source
-- took longer than reading the rows.
CREATE TABLE action_counts (
  guild_id   INTEGER NOT NULL,
  bucket     INTEGER NOT NULL,
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
  PRIMARY KEY (guild_id, bucket, source)
) STRICT, WITHOUT ROWID;

-- Gateway heartbeats: count, sum, and how many fell in each latency bucket (a JSON array).
CREATE TABLE latency (
  bucket  INTEGER NOT NULL PRIMARY KEY,
  count   INTEGER NOT NULL,
  sum_us  INTEGER NOT NULL,
  buckets TEXT    NOT NULL
) STRICT;

-- The number of each guild's newest violation.
CREATE TABLE violation_numbers (
  guild_id INTEGER NOT NULL PRIMARY KEY,
  last     INTEGER NOT NULL
) STRICT;

CREATE TABLE violations (
  guild_id   INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  source     TEXT    NOT NULL,
  severity   TEXT    NOT NULL,
  rule       TEXT    NOT NULL,
  rule_name  TEXT    NOT NULL,
  user_id    INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  subject    TEXT    NOT NULL,               -- the message, or member and moment where there is none
  evidence   TEXT    NOT NULL,               -- hash of what was matched
  keyword    TEXT    NOT NULL,
  content    TEXT    NOT NULL,
  PRIMARY KEY (guild_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX violations_once ON violations (guild_id, source, subject, rule, evidence);
CREATE INDEX violations_time ON violations (guild_id, at, user_id);

CREATE TABLE actions (
  action_id  INTEGER NOT NULL PRIMARY KEY,
  guild_id   INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  kind       TEXT    NOT NULL,
  source     TEXT    NOT NULL,
  target_id  INTEGER NOT NULL,
  actor_id   INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  violation  INTEGER NOT NULL DEFAULT 0,     -- its number in the guild
  reason     TEXT    NOT NULL,
  until      INTEGER NOT NULL DEFAULT 0,
  count      INTEGER NOT NULL DEFAULT 1,
  outcome    TEXT    NOT NULL,
  origin     TEXT    NOT NULL                -- what makes it unique in its guild: "entry:1", "automod:412:delete"
) STRICT;
CREATE UNIQUE INDEX actions_once ON actions (guild_id, origin);
CREATE INDEX actions_time ON actions (guild_id, at, target_id);
CREATE INDEX actions_target ON actions (guild_id, target_id, at);

-- Who was acted on how often in the last 7 and 30 days; a sweep subtracts what has grown older.
CREATE TABLE target_window (
  guild_id INTEGER NOT NULL,
  user_id  INTEGER NOT NULL,
  week     INTEGER NOT NULL,
  month    INTEGER NOT NULL,
  PRIMARY KEY (guild_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX target_window_week ON target_window (guild_id, week DESC, user_id);
CREATE INDEX target_window_month ON target_window (guild_id, month DESC, user_id);

-- Up to where the sweep has come: an action older than its edge is in that window no more.
CREATE TABLE window_edges (
  days INTEGER NOT NULL PRIMARY KEY,         -- 7 and 30
  at   INTEGER NOT NULL
) STRICT;

CREATE TABLE native_rules (
  guild_id   INTEGER NOT NULL,
  rule_id    INTEGER NOT NULL,
  name       TEXT    NOT NULL,
  trigger    INTEGER NOT NULL,
  enabled    INTEGER NOT NULL,
  deleted    INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (guild_id, rule_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE command_runs (
  interaction_id INTEGER NOT NULL PRIMARY KEY,
  guild_id       INTEGER NOT NULL,
  at             INTEGER NOT NULL,
  command        TEXT    NOT NULL,
  user_id        INTEGER NOT NULL,
  channel_id     INTEGER NOT NULL,
  ok             INTEGER NOT NULL,
  took_ms        INTEGER NOT NULL
) STRICT;
CREATE INDEX command_runs_time ON command_runs (at);
CREATE INDEX command_runs_guild ON command_runs (guild_id, at);

-- Time during which events may have been missed; guild_id 0: in every guild.
CREATE TABLE gaps (
  gap_id   INTEGER NOT NULL PRIMARY KEY,
  guild_id INTEGER NOT NULL,
  from_at  INTEGER NOT NULL,
  to_at    INTEGER NOT NULL,
  reason   TEXT    NOT NULL,
  dropped  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX gaps_once ON gaps (guild_id, to_at, from_at, reason);
CREATE INDEX gaps_time ON gaps (to_at);

-- Where a gateway session can be resumed: committed together with the counters of all events up to seq.
CREATE TABLE gateway_sessions (
  shard      INTEGER NOT NULL PRIMARY KEY,
  session_id TEXT    NOT NULL,
  seq        INTEGER NOT NULL,
  resume_url TEXT    NOT NULL,
  saved_at   INTEGER NOT NULL
) STRICT;

-- Every IDENTIFY, because a thousand in a day reset the bot's token.
CREATE TABLE identifies (
  identify_id INTEGER NOT NULL PRIMARY KEY,
  at          INTEGER NOT NULL
) STRICT;
CREATE INDEX identifies_time ON identifies (at);

-- Committed changes in the order of their commit: the feed, and the cursor of every live stream.
CREATE TABLE changes (
  seq        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  guild_id   INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  kind       TEXT    NOT NULL,
  source     TEXT    NOT NULL,
  severity   TEXT    NOT NULL,
  action     TEXT    NOT NULL,
  outcome    TEXT    NOT NULL,
  ref        INTEGER NOT NULL,
  user_id    INTEGER NOT NULL,
  actor_id   INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  label      TEXT    NOT NULL,
  detail     TEXT    NOT NULL
) STRICT;
CREATE INDEX changes_guild ON changes (guild_id, seq);
