-- +goose Up
-- Rows that came with one import and stand in another too: taking back the first hands them over.
CREATE TABLE import_shares (
  guild_id  INTEGER NOT NULL,
  action_id INTEGER NOT NULL,
  number    INTEGER NOT NULL,                -- of the other import
  PRIMARY KEY (guild_id, action_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_shares_number ON import_shares (guild_id, number);

-- Whoever deletes a row need not know of this: a number is given again.
-- +goose StatementBegin
CREATE TRIGGER imported_lost AFTER DELETE ON actions WHEN OLD.import <> 0 BEGIN
  DELETE FROM import_shares WHERE guild_id = OLD.guild_id AND action_id = OLD.action_id;
END;
-- +goose StatementEnd

-- Which warning came with an imported row: without it taking back a file goes through all warnings for each of its rows.
CREATE INDEX warnings_imported ON warnings (guild_id, action_id) WHERE source = 'import';
