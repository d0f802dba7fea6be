package handlers

import (
	"context"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/appeals"
	"guildwatch/views/violations"
)

// appealsListed is how many appeals a page of the list has, and how many open ones stand above them.
const appealsListed = 50

// appeals lists what members say against what was done about them: open ones first, then the others, newest first, a page
// at a time.
func (s *site) appeals(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	state := moderation.AppealState(c.QueryParam("state"))
	if state != "" && !slices.Contains(appeals.States(), state) {
		return fault.New(fault.Invalid, "The state %.20q is not known; use open, approved, denied or withdrawn.", state)
	}
	before, err := rowNumber(c.QueryParam("before"))
	if err != nil {
		return err
	}
	read, err := s.readAppeals(c.Request().Context(), grant.Actor(), grant.Guild(), state, before)
	if err != nil {
		return err
	}
	list := appeals.List{Place: s.place(grant.Guild(), grant.Role(), read.profile.TimeZone, read.seq), State: state,
		Closed: !read.profile.Appeals, Open: read.appeals(read.open), Rows: read.appeals(read.rows)}
	if len(list.Open) > appealsListed { // more wait than a page holds: they have a list of their own
		list.Open = list.Open[:appealsListed]
		list.Older = appeals.URL(grant.Guild(), moderation.AppealOpen, list.Open[appealsListed-1].Number)
		list.Rows = nil
	} else if len(list.Rows) > appealsListed {
		list.Rows = list.Rows[:appealsListed]
		list.Older = appeals.URL(grant.Guild(), state, list.Rows[appealsListed-1].Number)
	}
	if before != 0 {
		list.Newest = appeals.URL(grant.Guild(), state, 0)
	}
	if region := regionOf(c); region != "" {
		if region != string(appeals.Region) {
			return noRegion()
		}
		return render(c, http.StatusOK, appeals.Listed(list))
	}
	view := appeals.View{List: list}
	if view.Page, err = s.guildFrame(c, grant.Actor(), read.profile, read.seq); err != nil {
		return err
	}
	return render(c, http.StatusOK, appeals.Page(view))
}

// appealsRead is a part of a guild's appeals and who is in it, all of one moment.
type appealsRead struct {
	names
	profile    store.Profile
	open, rows []store.AppealRow
	seq        int64
}

func (s *site) readAppeals(
	ctx context.Context, actor access.Actor, guild snowflake.GuildID, state moderation.AppealState, before int64,
) (*appealsRead, error) {
	read, there := &appealsRead{}, false
	err := s.Store.Read(ctx, func(now *store.Snapshot) {
		if read.profile, there = now.Profile(guild); !there {
			return
		}
		if state == "" && before == 0 {
			read.open = now.Appeals(guild, moderation.AppealOpen, 0, appealsListed+1)
		}
		read.rows, read.seq = now.Appeals(guild, state, before, appealsListed+1), now.Seq()
	})
	if err == nil && !there {
		err = noGuild()
	}
	if err != nil {
		return nil, err
	}
	read.names, err = s.named(ctx, actor, nil, usersOfAppeals(slices.Concat(read.open, read.rows)))
	return read, err
}

func usersOfAppeals(rows []store.AppealRow) (users []snowflake.UserID) {
	for i := range rows {
		users = append(users, rows[i].User, rows[i].DecidedBy, rows[i].Against.Actor)
	}
	return users
}

func (n names) appeals(rows []store.AppealRow) []violations.Appeal {
	list := make([]violations.Appeal, len(rows))
	for i := range rows {
		list[i] = n.appeal(&rows[i])
	}
	return list
}

func (n names) appeal(row *store.AppealRow) violations.Appeal {
	return violations.Appeal{Appeal: row.Appeal, Who: n.people[row.User], Decider: n.people[row.DecidedBy],
		Against: n.actions([]store.ActionRow{row.Against})[0]}
}

// withNotices adds to actions what the member was told of each.
func withNotices(actions []violations.Action, told map[int64]moderation.Notice) {
	for i := range actions {
		actions[i].Told = told[actions[i].ID]
	}
}

// noticesOf is what was said about actions.
func noticesOf(now *store.Snapshot, guild snowflake.GuildID, actions []store.ActionRow) map[int64]moderation.Notice {
	ids := make([]int64, len(actions))
	for i := range actions {
		ids[i] = actions[i].ID
	}
	return now.Notices(guild, moderation.NoticeAction, ids)
}
