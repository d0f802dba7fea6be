-- GetEdge gives where a window of so many days begins.
-- name: GetEdge :one
SELECT at FROM window_edges WHERE days = @days;

-- PutEdge moves where a window begins.
-- name: PutEdge :exec
INSERT INTO window_edges (days, at) VALUES (@days, @at) ON CONFLICT (days) DO UPDATE SET at = excluded.at;
