-- +goose Up
-- The terms of violation_facets begin with the guild's slot. An index goes through a list until it finds a violation that is
-- on all, so with lists of all guilds two filters that nothing has in one server went through those of others: 19 ms in a
-- server of 30 000 violations among ten million.
DROP TRIGGER violations_found;
DROP TRIGGER violations_changed;
DROP TRIGGER violations_lost;
DROP TABLE violation_facets;

CREATE VIRTUAL TABLE violation_facets USING fts5(facets, content='', detail=none, columnsize=0,
  tokenize='ascii');
INSERT INTO violation_facets (violation_facets, rank) VALUES ('secure-delete', 1);

-- +goose StatementBegin
CREATE TRIGGER violations_found AFTER INSERT ON violations BEGIN
  INSERT OR IGNORE INTO violation_slots (guild_id, slot)
  VALUES (NEW.guild_id, (SELECT coalesce(max(slot), 0) + 1 FROM violation_slots));
  INSERT INTO violation_spans (guild_id, day, lowest, highest)
  VALUES (NEW.guild_id, NEW.at - NEW.at % 86400000, NEW.number, NEW.number)
  ON CONFLICT (guild_id, day) DO UPDATE SET
    lowest  = min(violation_spans.lowest, excluded.lowest),
    highest = max(violation_spans.highest, excluded.highest);
  INSERT INTO violation_facets (rowid, facets)
  SELECT slot << 40 | NEW.number, slot || 's' || hex(NEW.source) || ' ' || slot || 'v' || hex(NEW.severity) ||
    ' ' || slot || 't' || hex(NEW.state) || ' ' || slot || 'r' || hex(NEW.rule) ||
    ' ' || slot || 'u' || NEW.user_id || ' ' || slot || 'c' || NEW.channel_id
  FROM violation_slots WHERE guild_id = NEW.guild_id;
  INSERT INTO violation_words (rowid, words)
  SELECT slot << 40 | NEW.number, NEW.keyword || char(10) || NEW.content
  FROM violation_slots WHERE guild_id = NEW.guild_id AND (NEW.keyword <> '' OR NEW.content <> '');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER violations_changed AFTER UPDATE OF source, severity, state, rule, user_id, channel_id ON violations BEGIN
  INSERT INTO violation_facets (violation_facets, rowid, facets)
  SELECT 'delete', slot << 40 | OLD.number, slot || 's' || hex(OLD.source) || ' ' || slot || 'v' || hex(OLD.severity) ||
    ' ' || slot || 't' || hex(OLD.state) || ' ' || slot || 'r' || hex(OLD.rule) ||
    ' ' || slot || 'u' || OLD.user_id || ' ' || slot || 'c' || OLD.channel_id
  FROM violation_slots WHERE guild_id = OLD.guild_id;
  INSERT INTO violation_facets (rowid, facets)
  SELECT slot << 40 | NEW.number, slot || 's' || hex(NEW.source) || ' ' || slot || 'v' || hex(NEW.severity) ||
    ' ' || slot || 't' || hex(NEW.state) || ' ' || slot || 'r' || hex(NEW.rule) ||
    ' ' || slot || 'u' || NEW.user_id || ' ' || slot || 'c' || NEW.channel_id
  FROM violation_slots WHERE guild_id = NEW.guild_id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER violations_lost AFTER DELETE ON violations BEGIN
  INSERT INTO violation_facets (violation_facets, rowid, facets)
  SELECT 'delete', slot << 40 | OLD.number, slot || 's' || hex(OLD.source) || ' ' || slot || 'v' || hex(OLD.severity) ||
    ' ' || slot || 't' || hex(OLD.state) || ' ' || slot || 'r' || hex(OLD.rule) ||
    ' ' || slot || 'u' || OLD.user_id || ' ' || slot || 'c' || OLD.channel_id
  FROM violation_slots WHERE guild_id = OLD.guild_id;
  INSERT INTO violation_words (violation_words, rowid, words)
  SELECT 'delete', slot << 40 | OLD.number, OLD.keyword || char(10) || OLD.content
  FROM violation_slots WHERE guild_id = OLD.guild_id AND (OLD.keyword <> '' OR OLD.content <> '');
END;
-- +goose StatementEnd

INSERT INTO violation_facets (rowid, facets)
SELECT s.slot << 40 | v.number, s.slot || 's' || hex(v.source) || ' ' || s.slot || 'v' || hex(v.severity) || ' ' || s.slot || 't' || hex(v.state) ||
  ' ' || s.slot || 'r' || hex(v.rule) ||
    ' ' || s.slot || 'u' || v.user_id || ' ' || s.slot || 'c' || v.channel_id
FROM violation_slots s JOIN violations v ON v.guild_id = s.guild_id
ORDER BY s.slot, v.number;
