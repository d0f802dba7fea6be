package handlers

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/store"
	"guildwatch/views/appeals"
	"guildwatch/views/violations"
)

// appeal shows one appeal with the evidence, and the buttons that decide it to whoever may press them.
func (s *site) appeal(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	look, err := appealLooker(c, grant)
	if err != nil {
		return err
	}
	read, err := s.readAppeal(c.Request().Context(), look)
	if err != nil {
		return err
	}
	if region := regionOf(c); region != "" {
		if region != string(appeals.CaseRegion) {
			return noRegion()
		}
		return render(c, http.StatusOK, appeals.Known(read.known))
	}
	return s.showAppeal(c, http.StatusOK, read, appeals.DecideForm{})
}

// appealLooker is who looks at which appeal; the number is the appeal's.
func appealLooker[R access.Right](c echo.Context, grant access.Grant[R]) (caseLook, error) {
	look := caseLook{actor: grant.Actor(), role: grant.Role(), guild: grant.Guild()}
	var err error
	if look.number, err = strconv.ParseInt(c.Param("appeal"), 10, 64); err != nil {
		err = noAppeal()
	}
	return look, err
}

func noAppeal() error { return fault.New(fault.NotFound, "There is no such appeal here.") }

// appealRead is an appeal, what it is about, and the member behind it, all of one moment.
type appealRead struct {
	caseLook
	names
	profile store.Profile
	row     store.AppealRow
	detail  store.ViolationDetail // of the violation; zero: the action answered none
	card    store.MemberCard
	others  []store.AppealRow
	known   appeals.Case
}

func (s *site) readAppeal(ctx context.Context, look caseLook) (*appealRead, error) {
	read, there, known, broken := &appealRead{caseLook: look}, false, false, false
	var channels []moderation.Channel
	var told map[int64]moderation.Notice
	var seq int64
	err := s.Store.Read(ctx, func(now *store.Snapshot) {
		if read.profile, there = now.Profile(look.guild); !there {
			return
		}
		if read.row, known = now.Appeal(look.guild, look.number); !known {
			return
		}
		if read.row.Violation != 0 {
			read.detail, broken = now.Violation(look.guild, read.row.Violation)
		}
		read.card = now.MemberCard(look.guild, read.row.User)
		read.others = now.AppealsOf(look.guild, read.row.User, 0, pastShown+1)
		told = noticesOf(now, look.guild, read.actionRows(broken))
		channels, seq = now.Channels(look.guild), now.Seq()
	})
	switch {
	case err != nil:
		return nil, err
	case !there:
		return nil, noGuild()
	case !known:
		return nil, noAppeal()
	}
	users := append(usersIn(append(read.card.Recent, read.detail.ViolationRow)),
		usersOfAppeals(append(read.others, read.row))...)
	if read.names, err = s.named(ctx, look.actor, channels, users); err != nil {
		return nil, err
	}
	read.known = appeals.Case{Place: s.place(look.guild, look.role, read.profile.TimeZone, seq),
		Appeal: read.appeal(&read.row), Thread: read.row.Thread, Told: read.row.Told,
		Actions: read.actions(read.actionRows(broken))}
	withNotices(read.known.Actions, told)
	if broken {
		row := read.names.row(&read.detail.ViolationRow)
		read.known.Row = &row
	}
	return read, nil
}

// actionRows are what was done: about the violation, or the one action that answered none.
func (r *appealRead) actionRows(broken bool) []store.ActionRow {
	if broken {
		return r.detail.Actions
	}
	return []store.ActionRow{r.row.Against}
}

// past is where the member stands, without the appeal of the page and what it is about.
func (r *appealRead) past() appeals.Past {
	past := appeals.Past{Counted: r.card.Violations.Counted, Level: r.card.Level, Next: violations.Costs(r.card.Next)}
	for i := range r.card.Recent {
		if row := &r.card.Recent[i]; row.Number != r.row.Violation && len(past.Rows) < pastShown {
			past.Rows = append(past.Rows, r.names.row(row))
		}
	}
	others := slices.DeleteFunc(r.appeals(r.others), func(a violations.Appeal) bool { return a.Number == r.number })
	past.Appeals = others[:min(len(others), pastShown)]
	return past
}

// showAppeal shows the page; form is as it was filled in.
func (s *site) showAppeal(c echo.Context, status int, read *appealRead, form appeals.DecideForm) error {
	view := appeals.Detail{Case: read.known, Past: read.past()}
	open := read.row.State == moderation.AppealOpen
	if access.Allows[access.DecideAppeals](read.role) && (open || form.Problem != "") && read.row.User != read.actor.User() {
		view.Decide = &form
	}
	var err error
	if view.Page, err = s.guildFrame(c, read.actor, read.profile, read.known.Seq); err != nil {
		return err
	}
	if c.Request().Method == http.MethodPost {
		view.Page.Home = violations.AppealURL(read.guild, read.number)
	}
	if c.QueryParam("done") == "decided" && !open {
		view.Page.Flash = "The appeal is " + string(read.row.State) + ". The member is told."
	}
	return render(c, status, appeals.DetailPage(view))
}

// decideAppeal approves or denies an appeal. What is refused comes back with the reason, and with whoever was faster.
func (s *site) decideAppeal(c echo.Context, grant access.Grant[access.DecideAppeals]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	look, err := appealLooker(c, grant)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if _, err := s.readAppeal(ctx, look); err != nil {
		return err
	}
	do := form.Get("do")
	if do != "approve" && do != "deny" {
		return fault.New(fault.Unprocessable, "Choose whether to approve or to deny.")
	}
	_, err = s.Desk.Decide(ctx, grant, moderation.Decision{Number: look.number, Approve: do == "approve",
		Answer: form.Get("answer"), Source: moderation.SourceDashboard})
	if err == nil {
		return c.Redirect(http.StatusSeeOther, violations.AppealURL(look.guild, look.number)+"?done=decided")
	}
	status := http.StatusUnprocessableEntity
	switch fault.Of(err) {
	case fault.Invalid:
	case fault.Conflict:
		status = http.StatusConflict
	default:
		return err
	}
	back := appeals.DecideForm{Answer: form.Get("answer"), Problem: problemOf(err).sentence}
	read, err := s.readAppeal(ctx, look)
	if err != nil {
		return err
	}
	return s.showAppeal(c, status, read, back)
}

// appealsAbout adds to the page of a violation what members say against what was done, and what they were told.
func (r *caseRead) appealsAbout(rows []store.AppealRow, told map[int64]moderation.Notice) {
	withNotices(r.known.Actions, told)
	if len(rows) > 0 {
		r.known.Appeals = r.appeals(rows)
	}
}

// onCard is how many appeals a member's card shows.
const onCard = 10

// appealsOf adds to the card of a member their appeals, and what they were told of each action.
func (r *memberRead) appealsOf(rows []store.AppealRow, told map[int64]moderation.Notice) {
	withNotices(r.shown.Actions, told)
	r.shown.Appeals = r.appeals(rows)
}
