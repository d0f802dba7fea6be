package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	core "guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/raid"
)

// actOnRaid shows what a kick or a ban of many would do, and does it once it comes back with the fingerprint of that
// list: what has changed meanwhile is shown again and not done.
func (s *site) actOnRaid(c echo.Context, grant access.Grant[access.ActOnMembers]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	number, page, err := raidAsked(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	read, err := s.readRaid(ctx, grant.Actor(), grant.Guild(), number, page)
	if err != nil {
		return err
	}
	place := s.raidPlace(grant.Guild(), grant.Role(), read.profile.TimeZone, read.seq)
	back := read.actForm(place)
	if back == nil {
		return fault.New(fault.Unprocessable, "This raid has nobody of whom anything could be done.")
	}
	kind, who := moderation.ActionKind(form.Get("kind")), form.Get("who")
	if kind != moderation.ActionKick && kind != moderation.ActionBan || among(who) == nil {
		back.Problem = "Choose what to do, and about whom."
		return s.showRaid(c, http.StatusUnprocessableEntity, grant.Actor(), read, place, back)
	}
	back.Kind, back.Who = string(kind), who
	users, err := s.planRaid(ctx, grant, read, back)
	if err != nil {
		return err
	}
	seen := form.Get("print")
	if seen == "" || len(users) == 0 {
		return s.showRaid(c, http.StatusOK, grant.Actor(), read, place, back)
	}
	if seen != back.Plan.Print {
		back.Problem = "The list has changed since you looked at it, so nothing was done. Look at it, then press again."
		return s.showRaid(c, http.StatusConflict, grant.Actor(), read, place, back)
	}
	n, err := s.Desk.ActOnRaid(ctx, grant, core.Order{Raid: number, Kind: kind, Users: users,
		Source: moderation.SourceDashboard})
	if err == nil {
		return c.Redirect(http.StatusSeeOther, raid.ReportURL(grant.Guild(), number)+"?done="+strconv.Itoa(n)+"#members")
	}
	status, ours := comesBack(err)
	if !ours {
		return err
	}
	back.Problem = problemOf(err).sentence
	return s.showRaid(c, status, grant.Actor(), read, place, back)
}

// among says of a member whether a choice means them; nil for none of the choices.
func among(who string) func(m *store.RaidMember) bool {
	switch who {
	case raid.WhoNew:
		return func(m *store.RaidMember) bool {
			return !m.Joined.IsZero() && core.Join{User: m.User, At: m.Joined}.New()
		}
	case raid.WhoJoined:
		return func(m *store.RaidMember) bool { return !m.Joined.IsZero() }
	case raid.WhoWrote:
		return func(m *store.RaidMember) bool { return m.Messages > 0 }
	case raid.WhoAll:
		return func(*store.RaidMember) bool { return true }
	}
	return nil
}

// planRaid fills in what would happen, and gives of whom.
func (s *site) planRaid(
	ctx context.Context, grant access.Grant[access.ActOnMembers], read *raidRead, form *raid.ActForm,
) (users []snowflake.UserID, err error) {
	plan, chosen := &raid.Plan{}, among(form.Who)
	for i := range read.members {
		m := &read.members[i]
		switch {
		case !chosen(m):
		case m.Kind == moderation.ActionKind(form.Kind) && m.Stands(), m.Kind == moderation.ActionBan && m.Stands():
			plan.Done++
		case !m.Left.IsZero():
			plan.Left++
		default:
			users = append(users, m.User)
		}
	}
	users, spared := s.Desk.RaidTargets(ctx, grant, users)
	plan.Moderators = len(spared)
	slices.Sort(users)
	plan.Print = printOf(form, users)
	people, err := s.people(ctx, grant.Actor(), users)
	for _, user := range users {
		plan.Users = append(plan.Users, people[user])
	}
	form.Plan = plan
	return users, err
}

// printOf is a fingerprint of what would be done to whom.
func printOf(form *raid.ActForm, users []snowflake.UserID) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s %v", form.Raid, form.Kind, form.Who, users))
	return hex.EncodeToString(sum[:12])
}
