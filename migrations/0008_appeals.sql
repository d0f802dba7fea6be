-- +goose Up
-- What members are told about actions, and what they answer.

ALTER TABLE guilds ADD COLUMN tell_members INTEGER NOT NULL DEFAULT 1;     -- 1: members are told what was done about them
ALTER TABLE guilds ADD COLUMN take_appeals INTEGER NOT NULL DEFAULT 1;     -- 1: they may appeal
ALTER TABLE guilds ADD COLUMN log_problem TEXT NOT NULL DEFAULT '';        -- why nothing arrives in the log channel; empty: it does

CREATE TABLE appeals (
  guild_id   INTEGER NOT NULL,
  number     INTEGER NOT NULL,               -- from 1 in each guild
  action_id  INTEGER NOT NULL,               -- what it is against
  violation  INTEGER NOT NULL,               -- the number of the violation that the action answered; 0: none
  user_id    INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  text       TEXT    NOT NULL,               -- emptied some days after the decision, as message text is
  state      TEXT    NOT NULL,               -- open, approved, denied, withdrawn
  decided_by INTEGER NOT NULL DEFAULT 0,
  decided_at INTEGER NOT NULL DEFAULT 0,     -- or when it was withdrawn
  answer     TEXT    NOT NULL DEFAULT '',    -- to the member; may be empty
  PRIMARY KEY (guild_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX appeals_action ON appeals (guild_id, action_id) WHERE state <> 'withdrawn';
CREATE UNIQUE INDEX appeals_violation ON appeals (guild_id, violation) WHERE state = 'open' AND violation <> 0;
CREATE INDEX appeals_state ON appeals (guild_id, state, number);
CREATE INDEX appeals_user ON appeals (guild_id, user_id, number);
CREATE INDEX appeals_about ON appeals (guild_id, violation, number) WHERE violation <> 0;
CREATE INDEX appeals_text ON appeals (guild_id, decided_at) WHERE text <> '' OR answer <> '';

-- What is to be said in Discord about an action or an appeal, and what became of it: at most one message for each.
CREATE TABLE notices (
  guild_id   INTEGER NOT NULL,
  kind       TEXT    NOT NULL,               -- action: the member is told of it; answer: of a decision; thread: moderators talk
  ref        INTEGER NOT NULL,               -- the action's id or the appeal's number
  user_id    INTEGER NOT NULL,
  state      TEXT    NOT NULL,               -- due, said, refused (Discord says no, for good), late (not any more)
  at         INTEGER NOT NULL,               -- when it was planned, then when it was said
  due_at     INTEGER NOT NULL,
  attempts   INTEGER NOT NULL DEFAULT 0,
  channel_id INTEGER NOT NULL DEFAULT 0,     -- where it was said
  message_id INTEGER NOT NULL DEFAULT 0,
  problem    TEXT    NOT NULL DEFAULT '',    -- why not, in words
  PRIMARY KEY (guild_id, kind, ref)
) STRICT, WITHOUT ROWID;
CREATE INDEX notices_due ON notices (due_at) WHERE state = 'due';
