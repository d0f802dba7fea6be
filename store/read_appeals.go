package store

import (
	"cmp"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// AppealRow is an appeal with what it is against, and what was said of it in Discord.
type AppealRow struct {
	moderation.Appeal
	Against ActionRow
	Thread  moderation.Notice // in which moderators talk of it; zero: none was planned
	Told    moderation.Notice // the member, of the decision; zero: there is none yet
}

// OpenAppeals counts a guild's open appeals.
func (s *Snapshot) OpenAppeals(guild snowflake.GuildID) int64 {
	if s.err != nil {
		return 0
	}
	n, err := s.q.CountOpenAppeals(s.ctx, int64(guild))
	s.ok("open appeals", err)
	return n
}

// Appeals lists at most so many of a guild's appeals in a state, the newest first; of all that are closed for an empty
// state. before is the number that the last page ended with, 0 for the first page.
func (s *Snapshot) Appeals(guild snowflake.GuildID, state moderation.AppealState, before int64, most int) []AppealRow {
	if s.err != nil {
		return nil
	}
	if before == 0 {
		before = newest
	}
	var rows []db.Appeal
	var err error
	if state == "" {
		rows, err = s.q.ListAppealsClosed(s.ctx,
			db.ListAppealsClosedParams{GuildID: int64(guild), Before: before, Max: int64(most)})
	} else {
		rows, err = s.q.ListAppealsIn(s.ctx,
			db.ListAppealsInParams{GuildID: int64(guild), State: string(state), Before: before, Max: int64(most)})
	}
	s.ok("appeals", err)
	return s.appealRows(guild, rows)
}

// AppealsOf lists a member's appeals, the newest first, at most so many. before is the number that the last page ended
// with, 0 for the first page.
func (s *Snapshot) AppealsOf(guild snowflake.GuildID, user snowflake.UserID, before int64, most int) []AppealRow {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListAppealsOf(s.ctx,
		db.ListAppealsOfParams{GuildID: int64(guild), UserID: int64(user), Before: cmp.Or(before, newest), Max: int64(most)})
	s.ok("appeals of a member", err)
	return s.appealRows(guild, rows)
}

// appealsAboutOne is how many appeals about one violation are listed: one is against each action at most.
const appealsAboutOne = 10

// AppealsAbout lists the appeals about a violation, the newest first.
func (s *Snapshot) AppealsAbout(guild snowflake.GuildID, violation int64) []AppealRow {
	if s.err != nil || violation == 0 {
		return nil
	}
	rows, err := s.q.ListAppealsAbout(s.ctx,
		db.ListAppealsAboutParams{GuildID: int64(guild), Violation: violation, Max: appealsAboutOne})
	s.ok("appeals about a violation", err)
	return s.appealRows(guild, rows)
}

// Appeal gives one of a guild's appeals.
func (s *Snapshot) Appeal(guild snowflake.GuildID, number int64) (AppealRow, bool) {
	if s.err != nil {
		return AppealRow{}, false
	}
	row, err := s.q.GetAppeal(s.ctx, db.GetAppealParams{GuildID: int64(guild), Number: number})
	if !s.ok("appeal", err) {
		return AppealRow{}, false
	}
	rows := s.appealRows(guild, []db.Appeal{row})
	if s.err != nil {
		return AppealRow{}, false
	}
	return rows[0], true
}

// Action gives one of a guild's actions.
func (s *Snapshot) Action(guild snowflake.GuildID, action int64) (ActionRow, bool) {
	if s.err != nil {
		return ActionRow{}, false
	}
	row, err := s.q.GetAction(s.ctx, db.GetActionParams{GuildID: int64(guild), ActionID: action})
	if !s.ok("action", err) {
		return ActionRow{}, false
	}
	return actionRowOf(&row), true
}

func (s *Snapshot) appealRows(guild snowflake.GuildID, rows []db.Appeal) []AppealRow {
	if s.err != nil {
		return nil
	}
	list, numbers := make([]AppealRow, len(rows)), make([]int64, len(rows))
	for i := range rows {
		list[i].Appeal, numbers[i] = appealOf(&rows[i]), rows[i].Number
		list[i].Against, _ = s.Action(guild, rows[i].ActionID)
	}
	threads := s.Notices(guild, moderation.NoticeThread, numbers)
	answers := s.Notices(guild, moderation.NoticeAnswer, numbers)
	for i := range list {
		list[i].Thread, list[i].Told = threads[list[i].Number], answers[list[i].Number]
	}
	return list
}
