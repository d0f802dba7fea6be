-- InsertNote inserts a note beside a violation.
-- name: InsertNote :exec
INSERT INTO violation_notes (guild_id, number, at, made_by, text) VALUES (?, ?, ?, ?, ?);

-- ListNotes lists the notes beside a violation, oldest first.
-- name: ListNotes :many
SELECT * FROM violation_notes WHERE guild_id = @guild_id AND number = @number ORDER BY note_id;

-- CountNotes counts the notes beside a violation.
-- name: CountNotes :one
SELECT count(*) FROM violation_notes WHERE guild_id = @guild_id AND number = @number;

-- ListNotesOf lists the notes beside a member's violations: the newest violation first, and of each the oldest note.
-- name: ListNotesOf :many
SELECT n.* FROM violations v CROSS JOIN violation_notes n ON n.guild_id = v.guild_id AND n.number = v.number
WHERE v.guild_id = @guild_id AND v.user_id = @user_id AND v.number <= @number AND (v.number < @number OR n.note_id > @note_id)
ORDER BY v.number DESC, n.note_id LIMIT @max;
