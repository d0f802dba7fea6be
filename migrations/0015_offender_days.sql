-- +goose Up
-- Who broke a rule on a UTC day that is over and had many violations, and how often: an answer that is kept, for a list of
-- offenders over a year would otherwise read two million entries of an index (500 ms). Every change to a violation of the
-- day takes it away, whoever makes it; without it the day's entries are read.
CREATE TABLE offender_days (
  guild_id INTEGER NOT NULL,
  day      INTEGER NOT NULL,                 -- the millisecond at which it starts
  people   BLOB    NOT NULL,                 -- of each, in the order of their ids: what the id is above the last one, how often; uvarints
  PRIMARY KEY (guild_id, day)
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER offenders_found AFTER INSERT ON violations BEGIN
  DELETE FROM offender_days WHERE guild_id = NEW.guild_id AND day = NEW.at - NEW.at % 86400000;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER offenders_changed AFTER UPDATE OF at, state, user_id ON violations BEGIN
  DELETE FROM offender_days WHERE guild_id = OLD.guild_id
    AND day IN (OLD.at - OLD.at % 86400000, NEW.at - NEW.at % 86400000);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER offenders_lost AFTER DELETE ON violations BEGIN
  DELETE FROM offender_days WHERE guild_id = OLD.guild_id AND day = OLD.at - OLD.at % 86400000;
END;
-- +goose StatementEnd
