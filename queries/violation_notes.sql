-- InsertNote inserts a note beside a violation.
-- name: InsertNote :exec
INSERT INTO violation_notes (guild_id, number, at, made_by, text) VALUES (?, ?, ?, ?, ?);

-- ListNotes lists the notes beside a violation, oldest first.
-- name: ListNotes :many
SELECT * FROM violation_notes WHERE guild_id = @guild_id AND number = @number ORDER BY note_id;

-- CountNotes counts the notes beside a violation.
-- name: CountNotes :one
SELECT count(*) FROM violation_notes WHERE guild_id = @guild_id AND number = @number;
