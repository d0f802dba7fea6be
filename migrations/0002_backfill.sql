-- +goose Up
-- What is read back from Discord after a session was lost: messages and audit entries that no event told of.

-- The newest message that was counted as it came, and the gap before the session (0: none). Both are committed with the
-- counters, so that reading back starts behind what is counted, to the message.
ALTER TABLE gateway_sessions ADD COLUMN newest INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gateway_sessions ADD COLUMN gap_id INTEGER NOT NULL DEFAULT 0;

-- The newest message counted when the session was lost. Such a gap has to_at 0 until the next session begins.
ALTER TABLE gaps ADD COLUMN after_id INTEGER NOT NULL DEFAULT 0;

-- Every place that is or was to be read back after a gap: a channel, or with channel_id 0 the guild's audit log. From
-- the id behind after_id up to until_id; after_id moves on in the transaction that counts what was read.
CREATE TABLE readings (
  guild_id   INTEGER NOT NULL,
  gap_id     INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  after_id   INTEGER NOT NULL,
  until_id   INTEGER NOT NULL,
  state      INTEGER NOT NULL DEFAULT 0,     -- 0 to be read, 1 done, 2 refused by Discord, 3 left for the limit
  requests   INTEGER NOT NULL DEFAULT 0,
  found      INTEGER NOT NULL DEFAULT 0,     -- messages or entries
  PRIMARY KEY (guild_id, gap_id, channel_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX readings_gap ON readings (gap_id, state);
CREATE INDEX readings_state ON readings (state);
