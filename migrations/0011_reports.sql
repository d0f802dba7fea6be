-- +goose Up
-- Reports: where they go, when they come, and what is on its way.

-- Where a guild wants to be told. The address is among the secrets, under "destination:" and the number.
CREATE TABLE destinations (
  guild_id    INTEGER NOT NULL,
  number      INTEGER NOT NULL,              -- within the guild, from 1; never given again
  kind        TEXT    NOT NULL,              -- discord, email, webhook
  name        TEXT    NOT NULL,              -- chosen by people
  shown       TEXT    NOT NULL,              -- as much of the address as pages show
  daily       INTEGER NOT NULL,              -- 1: these reports go there
  weekly      INTEGER NOT NULL,
  monthly     INTEGER NOT NULL,
  stopped     TEXT    NOT NULL DEFAULT '',   -- why nothing is sent there any more, for people; empty: it is
  failures    INTEGER NOT NULL DEFAULT 0,    -- attempts in a row that failed
  rests_until INTEGER NOT NULL DEFAULT 0,    -- nothing is tried before; 0: it does not rest
  last_at     INTEGER NOT NULL DEFAULT 0,    -- when it was last tried; 0: never
  last_detail TEXT    NOT NULL DEFAULT '',   -- why that failed, for people; empty: it did not
  made_by     INTEGER NOT NULL,
  made_at     INTEGER NOT NULL,
  removed_at  INTEGER NOT NULL DEFAULT 0,    -- the row stays, so that its number is not given again
  PRIMARY KEY (guild_id, number)
) STRICT, WITHOUT ROWID;

-- The reports that come by themselves. A cadence without a row is off.
CREATE TABLE report_schedules (
  guild_id INTEGER NOT NULL,
  cadence  TEXT    NOT NULL,                 -- daily, weekly, monthly
  hour     INTEGER NOT NULL,                 -- of the guild's day, 0 to 23
  done     TEXT    NOT NULL,                 -- the first day of the last report that was made: "2026-11-20"
  PRIMARY KEY (guild_id, cadence)
) STRICT, WITHOUT ROWID;

-- What is to be delivered, and what became of it. Waiting rows are the outbox.
CREATE TABLE deliveries (
  guild_id    INTEGER NOT NULL,
  delivery_id INTEGER NOT NULL,              -- within the guild, from 1
  destination INTEGER NOT NULL,
  subject     TEXT    NOT NULL,              -- "report:daily:2026-11-20"; "try:" for a test
  made_at     INTEGER NOT NULL,
  due_at      INTEGER NOT NULL,              -- not tried before
  attempts    INTEGER NOT NULL DEFAULT 0,
  state       TEXT    NOT NULL,              -- waiting, sent, failed
  detail      TEXT    NOT NULL DEFAULT '',   -- why the last attempt failed, for people
  settled_at  INTEGER NOT NULL DEFAULT 0,    -- 0: it waits
  PRIMARY KEY (guild_id, delivery_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state = 'waiting';
