-- GetDaySheet gives what was counted for a subject on a day.
-- name: GetDaySheet :one
SELECT cells FROM day_sheets WHERE guild_id = @guild_id AND sheet = @sheet AND day = @day AND subject = @subject;

-- PutDaySheet replaces what was counted for a subject on a day.
-- name: PutDaySheet :exec
INSERT INTO day_sheets (guild_id, sheet, day, subject, cells) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (guild_id, sheet, day, subject) DO UPDATE SET cells = excluded.cells;

-- DeleteDaySheet deletes what was counted for a subject on a day.
-- name: DeleteDaySheet :exec
DELETE FROM day_sheets WHERE guild_id = @guild_id AND sheet = @sheet AND day = @day AND subject = @subject;

-- ListDaySheets gives what was counted on the days of a half-open range of time, oldest first.
-- name: ListDaySheets :many
SELECT day, subject, cells FROM day_sheets
WHERE guild_id = @guild_id AND sheet = @sheet AND day >= @since AND day < @until
ORDER BY day, subject;
