-- +goose Up
-- What is kept of members, how long, and finding it again to erase it.

-- How long rows are kept that speak of single members, in days; 0: for ever. Counts stay.
ALTER TABLE guilds ADD COLUMN keep_rows_days INTEGER NOT NULL DEFAULT 0;
-- Rows from before have been deleted: what is counted from rows begins here.
ALTER TABLE guilds ADD COLUMN rows_from INTEGER NOT NULL DEFAULT 0;

-- By whom: seldom asked, and few rows have somebody.
CREATE INDEX violations_marked ON violations (guild_id, marked_by) WHERE marked_by <> 0;
CREATE INDEX violations_claimed ON violations (guild_id, claimed_by) WHERE claimed_by <> 0;
CREATE INDEX violation_notes_maker ON violation_notes (guild_id, made_by);
CREATE INDEX actions_actor ON actions (guild_id, actor_id, action_id) WHERE actor_id <> 0;
CREATE INDEX warnings_giver ON warnings (guild_id, given_by) WHERE given_by <> 0;
CREATE INDEX warning_clears_person ON warning_clears (guild_id, cleared_by) WHERE cleared_by <> 0;
CREATE INDEX command_runs_user ON command_runs (guild_id, user_id, interaction_id);
CREATE INDEX raid_members_user ON raid_members (guild_id, user_id);
CREATE INDEX notices_user ON notices (guild_id, user_id);
CREATE INDEX member_month_user ON member_month (guild_id, user_id, month);
