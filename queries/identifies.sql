-- InsertIdentify notes an IDENTIFY.
-- name: InsertIdentify :exec
INSERT INTO identifies (at) VALUES (@at);

-- CountIdentifies counts the IDENTIFYs since a time.
-- name: CountIdentifies :one
SELECT count(*) FROM identifies WHERE at >= @since;

-- DeleteIdentifies deletes the IDENTIFYs before a time.
-- name: DeleteIdentifies :execrows
DELETE FROM identifies WHERE at < @before;
