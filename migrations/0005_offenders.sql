-- +goose Up
-- Who broke rules how often, so that a dashboard need not read a month of violations.

-- Only what counts is in figures: the state is in the index that windows are swept by.
DROP INDEX violations_time;
CREATE INDEX violations_time ON violations (guild_id, at, user_id, state);

-- How often a member broke a rule in the last 7 and 30 days; the sweep that subtracts from target_window subtracts here.
CREATE TABLE offender_window (
  guild_id INTEGER NOT NULL,
  user_id  INTEGER NOT NULL,
  week     INTEGER NOT NULL,
  month    INTEGER NOT NULL,
  PRIMARY KEY (guild_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX offender_window_week ON offender_window (guild_id, week DESC, user_id);
CREATE INDEX offender_window_month ON offender_window (guild_id, month DESC, user_id);

INSERT INTO offender_window (guild_id, user_id, week, month)
SELECT v.guild_id, v.user_id, sum(v.at >= (SELECT e.at FROM window_edges e WHERE e.days = 7)), count(*)
FROM violations v
WHERE v.state = 'counted' AND v.user_id <> 0 AND v.at >= (SELECT e.at FROM window_edges e WHERE e.days = 30)
GROUP BY v.guild_id, v.user_id;
