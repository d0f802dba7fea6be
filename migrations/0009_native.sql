-- +goose Up
-- Discord's own AutoMod rules, whole, and how severe a guild takes what they catch.

ALTER TABLE native_rules ADD COLUMN body TEXT NOT NULL DEFAULT ''; -- what it looks for and does, as JSON; empty: not told yet

-- A guild's own severities; what has no row has the default one.
CREATE TABLE native_severities (
  guild_id INTEGER NOT NULL,
  catch    TEXT    NOT NULL,               -- keyword, spam, mentions, profanity, sexual, slurs, profile
  severity TEXT    NOT NULL,
  PRIMARY KEY (guild_id, catch)
) STRICT, WITHOUT ROWID;
