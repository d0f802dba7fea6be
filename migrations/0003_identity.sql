-- +goose Up
-- Who may do what in a guild, who is signed in, and what they did.

-- Discord's roles of each guild: their permissions decide rights, their names explain them.
CREATE TABLE discord_roles (
  guild_id    INTEGER NOT NULL,
  role_id     INTEGER NOT NULL,              -- that of @everyone is the guild's own id
  name        TEXT    NOT NULL,
  color       INTEGER NOT NULL,              -- 0xRRGGBB, 0: none
  position    INTEGER NOT NULL,
  permissions INTEGER NOT NULL,
  managed     INTEGER NOT NULL,              -- 1: belongs to a bot or an integration, nobody can be given it
  updated_at  INTEGER NOT NULL,
  PRIMARY KEY (guild_id, role_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE channels (
  guild_id   INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  parent_id  INTEGER NOT NULL,               -- the category; 0: none
  name       TEXT    NOT NULL,
  kind       INTEGER NOT NULL,               -- Discord's number: 0 text, 4 category, 5 announcements
  position   INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (guild_id, channel_id)
) STRICT, WITHOUT ROWID;

-- Roles on the dashboard that were given, to a member or to whoever has a role in Discord.
CREATE TABLE role_assignments (
  guild_id INTEGER NOT NULL,
  subject  TEXT    NOT NULL,                 -- member or discord_role
  id       INTEGER NOT NULL,                 -- of the user or of the Discord role
  role     TEXT    NOT NULL,
  given_by INTEGER NOT NULL,
  given_at INTEGER NOT NULL,
  PRIMARY KEY (guild_id, subject, id)
) STRICT, WITHOUT ROWID;

-- Who has which Discord role: what members.roles says, the other way round, so that a team is found without reading
-- every member.
CREATE TABLE member_roles (
  guild_id INTEGER NOT NULL,
  role_id  INTEGER NOT NULL,
  user_id  INTEGER NOT NULL,
  PRIMARY KEY (guild_id, role_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO member_roles (guild_id, role_id, user_id)
SELECT DISTINCT m.guild_id, CAST(r.value AS INTEGER), m.user_id FROM members m, json_each(m.roles) r;

-- To find people by the start of a name.
CREATE INDEX members_nick ON members (guild_id, nick COLLATE NOCASE) WHERE nick <> '';
CREATE INDEX users_name ON users (name COLLATE NOCASE);
CREATE INDEX users_global_name ON users (global_name COLLATE NOCASE) WHERE global_name <> '';

-- Links that sign one person in, once. Spent and late ones stay until they are swept, so that a page can say which.
CREATE TABLE sign_in_links (
  token_hash TEXT    NOT NULL PRIMARY KEY,
  guild_id   INTEGER NOT NULL,
  user_id    INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  spent_at   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_links_user ON sign_in_links (guild_id, user_id);
CREATE INDEX sign_in_links_expiry ON sign_in_links (expires_at);

-- An ended session keeps its row until it would have expired: a request that was under way when it ended must not
-- bring it back.
CREATE TABLE sessions (
  token_hash   TEXT    NOT NULL PRIMARY KEY,
  session_id   INTEGER NOT NULL UNIQUE,      -- random; names it on pages
  user_id      INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  ended_at     INTEGER NOT NULL DEFAULT 0,
  device       TEXT    NOT NULL,             -- browser and system in words
  address      TEXT    NOT NULL              -- the IP that it was last used from
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id, ended_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Values that must not lie about in clear: AES-256-GCM under a key that is not in the database.
CREATE TABLE secrets (
  guild_id   INTEGER NOT NULL,               -- 0: the instance's
  name       TEXT    NOT NULL,
  key_id     TEXT    NOT NULL,               -- of the key that sealed it
  sealed     BLOB    NOT NULL,               -- nonce and ciphertext; guild and name are authenticated with it
  hint       TEXT    NOT NULL,               -- what pages show instead: the last four characters
  set_by     INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (guild_id, name)
) STRICT, WITHOUT ROWID;

-- Whom audit rows speak of. The rows hold ref alone; to erase a person is to delete the row here, and no hash breaks.
CREATE TABLE audit_people (
  guild_id INTEGER NOT NULL,                 -- 0: the instance
  ref      INTEGER NOT NULL,                 -- random, not derived from the user
  user_id  INTEGER NOT NULL,
  PRIMARY KEY (guild_id, ref)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX audit_people_user ON audit_people (guild_id, user_id);

-- What people did on the dashboard and what they were refused, as one chain: each hash covers the row and the hash
-- before it.
CREATE TABLE audit (
  number     INTEGER NOT NULL PRIMARY KEY,   -- from 1, without gaps
  guild_id   INTEGER NOT NULL,               -- 0: the instance
  at         INTEGER NOT NULL,
  actor_ref  INTEGER NOT NULL,               -- 0: guildwatch itself, or nobody known
  actor_role TEXT    NOT NULL,               -- what the actor was then; empty: no role was needed
  action     TEXT    NOT NULL,               -- "role.assigned", "settings.changed", "denied"
  target     TEXT    NOT NULL,               -- what it was done to, without naming people: "discord_role:81384788765712384"
  target_ref INTEGER NOT NULL,               -- the person it was done to; 0: none
  before     TEXT    NOT NULL,               -- JSON; empty: there was nothing
  after      TEXT    NOT NULL,               -- JSON; empty: there is nothing
  request    TEXT    NOT NULL,               -- the reference id of the request; empty: none
  hash       BLOB    NOT NULL
) STRICT;
CREATE INDEX audit_guild ON audit (guild_id, number);
CREATE INDEX audit_guild_action ON audit (guild_id, action, number);
CREATE INDEX audit_guild_actor ON audit (guild_id, actor_ref, number);

-- The end of the chain, so that rows cut off at the end are missed as well.
CREATE TABLE audit_head (
  one    INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  number INTEGER NOT NULL,
  hash   BLOB    NOT NULL
) STRICT;
INSERT INTO audit_head (one, number, hash) VALUES (1, 0, x'');

-- +goose StatementBegin
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit BEGIN
  SELECT raise(ABORT, 'the audit log is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit BEGIN
  SELECT raise(ABORT, 'the audit log is append-only');
END;
-- +goose StatementEnd
-- REPLACE takes the old row away without a word to the trigger above.
-- +goose StatementBegin
CREATE TRIGGER audit_never_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE number = NEW.number) BEGIN
  SELECT raise(ABORT, 'the audit log is append-only');
END;
-- +goose StatementEnd
-- Whom a reference names may be forgotten, and never becomes somebody else.
-- +goose StatementBegin
CREATE TRIGGER audit_people_never_change BEFORE UPDATE ON audit_people BEGIN
  SELECT raise(ABORT, 'a reference of the audit log names one person for good');
END;
-- +goose StatementEnd
