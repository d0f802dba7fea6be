package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

var _ moderation.Appeals = (*Store)(nil)

// openAppeals is how many appeals of one member wait at the same time: more is no hearing but a flood.
const openAppeals = 3

// MakeAppeal records a member's appeal; see moderation.Appeals. It also plans the thread in which moderators talk of it.
func (s *Store) MakeAppeal(
	ctx context.Context, guild snowflake.GuildID, action int64, user snowflake.UserID, text string,
) (appeal moderation.Appeal, err error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n == 0 || n > moderation.AppealText {
		return appeal, fault.New(fault.Invalid, "An appeal has 1 to %d characters.", moderation.AppealText)
	}
	err = s.write(ctx, func(t *tx) error {
		row, err := mayAppeal(t.ctx, t.Queries, t.writer.clock(), guild, action, user)
		if err == nil {
			appeal, err = t.makeAppeal(&row, text)
		}
		return err
	})
	return appeal, err
}

// MayAppeal says whether MakeAppeal would take an appeal: nil, or its *fault.Error.
func (s *Store) MayAppeal(ctx context.Context, guild snowflake.GuildID, action int64, user snowflake.UserID) error {
	_, err := mayAppeal(ctx, s.reads, s.clock(), guild, action, user)
	return unreadable(err)
}

// mayAppeal finds the action that a member wants to appeal against. Its number came from outside.
func mayAppeal(
	ctx context.Context, q *db.Queries, now time.Time, guild snowflake.GuildID, action int64, user snowflake.UserID,
) (row db.Action, err error) {
	row, err = q.GetAction(ctx, db.GetActionParams{GuildID: int64(guild), ActionID: action})
	if errors.Is(err, sql.ErrNoRows) || err == nil && (row.TargetID != int64(user) || user == 0 || !appealable(&row)) {
		return row, fault.New(fault.NotFound, "There is nothing here that you could appeal against.")
	} else if err != nil {
		return row, err
	}
	home, err := q.GetGuild(ctx, int64(guild))
	switch {
	case err != nil:
		return row, err
	case home.LeftAt != 0:
		return row, fault.New(fault.Invalid, "guildwatch is not in that server any more, so nobody there would read it.")
	}
	if err := refuseSecondAppeal(ctx, q, &row); err != nil {
		return row, err
	}
	switch moderation.Outcome(row.Outcome) {
	case moderation.OutcomeFailed:
		return row, fault.New(fault.Invalid, "This was not carried out, so there is nothing to appeal against.")
	case moderation.OutcomeUndone:
		return row, fault.New(fault.Invalid, "This was taken back already.")
	}
	if home.TakeAppeals == 0 {
		return row, fault.New(fault.Invalid, "The server takes no appeals.")
	}
	n, err := q.CountOpenAppealsOf(ctx, db.CountOpenAppealsOfParams{GuildID: int64(guild), UserID: int64(user)})
	if err == nil && n >= openAppeals {
		err = fault.New(fault.TooMany, "You have %d open appeals in that server. Please wait for an answer to one of them.", n)
	}
	return row, err
}

// appealable says whether an action is guildwatch's own and weighs on a member.
func appealable(row *db.Action) bool {
	switch moderation.Source(row.Source) {
	case moderation.SourceRule, moderation.SourceDashboard, moderation.SourceCommand:
	default:
		return false
	}
	switch moderation.ActionKind(row.Kind) {
	case moderation.ActionWarn, moderation.ActionTimeout, moderation.ActionKick, moderation.ActionBan:
		return true
	}
	return false
}

// refuseSecondAppeal says what became of the appeal that there is already: against the action, or an open one about the
// same violation.
func refuseSecondAppeal(ctx context.Context, q *db.Queries, row *db.Action) error {
	known, err := q.FindAppealOfAction(ctx, db.FindAppealOfActionParams{GuildID: row.GuildID, ActionID: row.ActionID})
	if errors.Is(err, sql.ErrNoRows) {
		known, err = q.FindOpenAppealOfViolation(ctx,
			db.FindOpenAppealOfViolationParams{GuildID: row.GuildID, Violation: row.Violation})
	}
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	} else if err != nil {
		return err
	}
	switch moderation.AppealState(known.State) {
	case moderation.AppealApproved:
		return fault.New(fault.Conflict, "Your appeal #%d about this was approved.", known.Number)
	case moderation.AppealDenied:
		return fault.New(fault.Conflict, "Your appeal #%d about this was denied. The decision stands.", known.Number)
	}
	return fault.New(fault.Conflict, "The moderators have your appeal #%d about this. You will hear from them.", known.Number)
}

func (t *tx) makeAppeal(action *db.Action, text string) (moderation.Appeal, error) {
	number, err := t.NextAppealNumber(t.ctx, action.GuildID)
	if err != nil {
		return moderation.Appeal{}, err
	}
	now := t.writer.clock()
	row := db.Appeal{GuildID: action.GuildID, Number: number, ActionID: action.ActionID, Violation: action.Violation,
		UserID: action.TargetID, At: msOf(now), Text: text, State: string(moderation.AppealOpen)}
	if err := t.InsertAppeal(t.ctx, db.InsertAppealParams{GuildID: row.GuildID, Number: row.Number, ActionID: row.ActionID,
		Violation: row.Violation, UserID: row.UserID, At: row.At, Text: row.Text}); err != nil {
		return moderation.Appeal{}, err
	}
	guild := snowflake.GuildID(row.GuildID)
	if err := t.planNotice(guild, moderation.NoticeThread, number, snowflake.UserID(row.UserID)); err != nil {
		return moderation.Appeal{}, err
	}
	return appealOf(&row), t.appealChanged(&row, 0)
}

// WithdrawAppeal closes an appeal by whoever made it. It answers a *fault.Error: NotFound for one that is none of theirs,
// Conflict for one that is closed.
func (s *Store) WithdrawAppeal(ctx context.Context, guild snowflake.GuildID, number int64, user snowflake.UserID) error {
	return s.write(ctx, func(t *tx) error {
		row, err := t.findAppeal(guild, number)
		switch {
		case err != nil:
			return err
		case row.UserID != int64(user):
			return noAppeal()
		case row.State == string(moderation.AppealWithdrawn):
			return nil
		case row.State != string(moderation.AppealOpen):
			return fault.New(fault.Conflict, "It is decided already: your appeal was %s.", row.State)
		}
		row.State = string(moderation.AppealWithdrawn)
		if err := t.closeAppeal(&row, user, ""); err != nil {
			return err
		}
		return t.appealChanged(&row, 0)
	})
}

// closeAppeal writes the state that row has from now on.
func (t *tx) closeAppeal(row *db.Appeal, by snowflake.UserID, answer string) error {
	return t.DecideAppeal(t.ctx, db.DecideAppealParams{State: row.State, DecidedBy: int64(by),
		DecidedAt: msOf(t.writer.clock()), Answer: answer, GuildID: row.GuildID, Number: row.Number})
}

// appealChanged tells of an appeal: a line of the feed, and pages that show the violation ask again.
func (t *tx) appealChanged(row *db.Appeal, by snowflake.UserID) error {
	guild, user := snowflake.GuildID(row.GuildID), snowflake.UserID(row.UserID)
	t.changed(MatterAppeals, guild)
	if err := t.announce(moderation.Change{Guild: guild, At: t.writer.clock(), Kind: moderation.ChangeAppeal,
		Ref: row.Number, User: user, Actor: by, Label: row.State}); err != nil {
		return err
	}
	return t.violationChanged(guild, row.Violation, user, by, "appeal")
}

// forgetAppeals empties the texts of appeals that were decided longer ago than their guild keeps what members write, in
// small jobs, and says how many those were.
func (s *Store) forgetAppeals(ctx context.Context, now time.Time, guild int64) (emptied int64, err error) {
	days, err := keepText(ctx, s.reads, snowflake.GuildID(guild))
	if err != nil {
		return 0, unreadable(err)
	}
	before := msOf(now) - days*day.Milliseconds()
	old, err := s.reads.HasOldAppeals(ctx, db.HasOldAppealsParams{GuildID: guild, Before: before})
	if err != nil || old == 0 {
		return 0, unreadable(err)
	}
	return s.inBatches(ctx, func(t *tx) (int64, error) {
		return t.ForgetAppeals(t.ctx, db.ForgetAppealsParams{GuildID: guild, Before: before, Max: pruneBatch})
	})
}

func (t *tx) findAppeal(guild snowflake.GuildID, number int64) (db.Appeal, error) {
	row, err := t.GetAppeal(t.ctx, db.GetAppealParams{GuildID: int64(guild), Number: number})
	if errors.Is(err, sql.ErrNoRows) {
		err = noAppeal()
	}
	return row, err
}

func noAppeal() error { return fault.New(fault.NotFound, "There is no such appeal here.") }

func appealTarget(number int64) string { return fmt.Sprintf("appeal:%d", number) }

func appealOf(row *db.Appeal) moderation.Appeal {
	return moderation.Appeal{
		Number: row.Number, Action: row.ActionID, Violation: row.Violation, User: snowflake.UserID(row.UserID),
		At: timeOf(row.At), Text: row.Text, State: moderation.AppealState(row.State),
		DecidedBy: snowflake.UserID(row.DecidedBy), DecidedAt: timeOf(row.DecidedAt), Answer: row.Answer,
	}
}
