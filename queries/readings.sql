-- PlanReading inserts a place to read back, unless it is there.
-- name: PlanReading :exec
INSERT INTO readings (guild_id, gap_id, channel_id, after_id, until_id, state)
VALUES (@guild_id, @gap_id, @channel_id, @after_id, @until_id, @state)
ON CONFLICT (guild_id, gap_id, channel_id) DO NOTHING;

-- ForgetReadings deletes what was planned after a gap.
-- name: ForgetReadings :exec
DELETE FROM readings WHERE gap_id = @gap_id;

-- CountPlanned counts what is planned for a guild after a gap: more than 0 once the guild was looked at.
-- name: CountPlanned :one
SELECT count(*) FROM readings WHERE guild_id = @guild_id AND gap_id = @gap_id;

-- ListOpenReadings gives the places that are still to be read after gaps that are over, with the start of the gap.
-- name: ListOpenReadings :many
SELECT r.guild_id, r.gap_id, r.channel_id, r.after_id, r.until_id, g.from_at
FROM readings r JOIN gaps g ON g.gap_id = r.gap_id
WHERE r.state = 0 AND g.to_at <> 0;

-- SumRequests adds up what was asked of Discord after a gap.
-- name: SumRequests :one
SELECT CAST(coalesce(sum(requests), 0) AS INTEGER) AS requests FROM readings WHERE gap_id = @gap_id;

-- AdvanceReading notes how far a place has been read, and its state unless that is a later one already.
-- name: AdvanceReading :exec
UPDATE readings SET
  after_id = max(after_id, CAST(@after_id AS INTEGER)), requests = requests + @requests, found = found + @found,
  state = max(state, CAST(@state AS INTEGER))
WHERE guild_id = @guild_id AND gap_id = @gap_id AND channel_id = @channel_id;

-- LeaveReadings gives up what is still to be read after a gap.
-- name: LeaveReadings :execrows
UPDATE readings SET state = 3 WHERE gap_id = @gap_id AND state = 0;

-- SumReadings adds up what was read back in a guild after each gap between two.
-- name: SumReadings :many
SELECT gap_id,
  CAST(sum(channel_id <> 0 AND state = 1) AS INTEGER) AS channels,
  CAST(sum(CASE WHEN channel_id <> 0 THEN found ELSE 0 END) AS INTEGER) AS messages,
  CAST(sum(CASE WHEN channel_id = 0 THEN found ELSE 0 END) AS INTEGER) AS entries,
  CAST(sum(state = 0) AS INTEGER) AS open,
  CAST(sum(state = 2) AS INTEGER) AS refused,
  CAST(sum(state = 3) AS INTEGER) AS unread
FROM readings
WHERE guild_id = @guild_id AND gap_id >= @first AND gap_id <= @last
GROUP BY gap_id;
