-- LastDelivery gives the highest number of a guild's deliveries; 0 for none.
-- name: LastDelivery :one
SELECT CAST(coalesce(max(delivery_id), 0) AS INTEGER) AS delivery_id FROM deliveries WHERE guild_id = @guild_id;

-- InsertDelivery puts something into the outbox.
-- name: InsertDelivery :exec
INSERT INTO deliveries (guild_id, delivery_id, destination, subject, made_at, due_at, state)
VALUES (?, ?, ?, ?, ?, ?, 'waiting');

-- ListDueDeliveries gives what waits and is due, of all guilds, the longest due first.
-- name: ListDueDeliveries :many
SELECT * FROM deliveries WHERE state = 'waiting' AND due_at <= @now ORDER BY due_at LIMIT @max;

-- NextDelivery gives when the next waiting delivery of all guilds is due; 0 for none.
-- name: NextDelivery :one
SELECT CAST(coalesce(min(due_at), 0) AS INTEGER) AS due_at FROM deliveries WHERE state = 'waiting' AND due_at > @now;

-- GetDelivery gives one of a guild's deliveries.
-- name: GetDelivery :one
SELECT * FROM deliveries WHERE guild_id = @guild_id AND delivery_id = @delivery_id;

-- SetDelivery notes what an attempt came to.
-- name: SetDelivery :exec
UPDATE deliveries SET due_at = @due_at, attempts = @attempts, state = @state, detail = @detail, settled_at = @settled_at
WHERE guild_id = @guild_id AND delivery_id = @delivery_id;

-- CountWaiting counts what waits for one of a guild's destinations.
-- name: CountWaiting :one
SELECT count(*) FROM deliveries WHERE guild_id = @guild_id AND destination = @destination AND state = 'waiting';

-- HoldDeliveries puts off what waits for one of a guild's destinations.
-- name: HoldDeliveries :exec
UPDATE deliveries SET due_at = CAST(@until AS INTEGER)
WHERE guild_id = @guild_id AND destination = @destination AND state = 'waiting' AND due_at < @until;

-- DropDeliveries gives up what waits for one of a guild's destinations.
-- name: DropDeliveries :exec
UPDATE deliveries SET state = 'failed', detail = @detail, settled_at = @settled_at
WHERE guild_id = @guild_id AND destination = @destination AND state = 'waiting';

-- DeleteSettledDeliveries deletes what became of a guild's deliveries before a time.
-- name: DeleteSettledDeliveries :exec
DELETE FROM deliveries WHERE guild_id = @guild_id AND settled_at > 0 AND settled_at < @before;

-- GetReportDelivery gives the newest of a guild's deliveries of a report, whatever was missed before it.
-- name: GetReportDelivery :one
SELECT * FROM deliveries
WHERE guild_id = @guild_id AND (subject = CAST(@report AS TEXT) OR subject LIKE CAST(@report AS TEXT) || ':%')
ORDER BY delivery_id DESC LIMIT 1;

-- DropReport gives up what waits of a guild's report.
-- name: DropReport :exec
UPDATE deliveries SET state = 'failed', detail = @detail, settled_at = @settled_at
WHERE guild_id = @guild_id AND (subject = CAST(@report AS TEXT) OR subject LIKE CAST(@report AS TEXT) || ':%') AND state = 'waiting';
