package handlers

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/violations"
)

// violation shows one violation, with what was done about it, and the buttons that the visitor's role may press.
func (s *site) violation(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	look, err := caseLooker(c, grant)
	if err != nil {
		return err
	}
	read, err := s.readCase(c.Request().Context(), look)
	if err != nil {
		return err
	}
	if region := regionOf(c); region != "" {
		if region != string(violations.CaseRegion) {
			return noRegion()
		}
		return render(c, http.StatusOK, violations.Known(read.known))
	}
	return s.showCase(c, http.StatusOK, read, nil, violations.NoteForm{})
}

// caseLook is who looks at which violation.
type caseLook struct {
	actor  access.Actor
	role   access.Role
	guild  snowflake.GuildID
	number int64
}

func caseLooker[R access.Right](c echo.Context, grant access.Grant[R]) (caseLook, error) {
	look := caseLook{actor: grant.Actor(), role: grant.Role(), guild: grant.Guild()}
	var err error
	if look.number, err = strconv.ParseInt(c.Param("number"), 10, 64); err != nil {
		err = noViolation()
	}
	return look, err
}

func noViolation() error { return fault.New(fault.NotFound, "There is no such violation here.") }

// caseRead is a violation and the member behind it, all of one moment.
type caseRead struct {
	caseLook
	names
	profile store.Profile
	detail  store.ViolationDetail
	card    store.MemberCard // of whoever broke the rule, if anybody is known
	known   violations.Case
}

func (s *site) readCase(ctx context.Context, look caseLook) (*caseRead, error) {
	read, there, known := &caseRead{caseLook: look}, false, false
	var channels []moderation.Channel
	var about []store.AppealRow
	var told map[int64]moderation.Notice
	var seq int64
	err := s.Store.Read(ctx, func(now *store.Snapshot) {
		if read.profile, there = now.Profile(look.guild); !there {
			return
		}
		if read.detail, known = now.Violation(look.guild, look.number); !known {
			return
		}
		about, told = now.AppealsAbout(look.guild, look.number), noticesOf(now, look.guild, read.detail.Actions)
		channels, seq = now.Channels(look.guild), now.Seq()
		if read.detail.User != 0 {
			read.card = now.MemberCard(look.guild, read.detail.User)
		}
	})
	switch {
	case err != nil:
		return nil, err
	case !there:
		return nil, noGuild()
	case !known:
		return nil, noViolation()
	}
	users := append(usersIn(append(read.card.Recent, read.detail.ViolationRow)), usersOfAppeals(about)...)
	for _, note := range read.detail.Notes {
		users = append(users, note.By)
	}
	if read.names, err = s.named(ctx, look.actor, channels, users); err != nil {
		return nil, err
	}
	read.known = violations.Case{Place: s.place(look.guild, look.role, read.profile.TimeZone, seq),
		Row: read.row(&read.detail.ViolationRow)}
	read.appealsAbout(about, told)
	for _, note := range read.detail.Notes {
		read.known.Notes = append(read.known.Notes, violations.Note{At: note.At, By: read.people[note.By], Text: note.Text})
	}
	return read, nil
}

// past is what the member did beside this violation.
func (r *caseRead) past() violations.Past {
	past := violations.Past{Counted: r.card.Violations.Counted, Level: r.card.Level, Next: violations.Costs(r.card.Next)}
	for i := range r.card.Recent {
		if row := &r.card.Recent[i]; row.Number != r.number && len(past.Rows) < pastShown {
			past.Rows = append(past.Rows, r.row(row))
		}
	}
	return past
}

// pastShown is how many other violations of the member the page shows; their card has more.
const pastShown = 5

// actForm is the form by which the visitor may act; nil: they may not, or there is nobody and nothing to act on.
func (s *site) actForm(r *caseRead) *violations.ActForm {
	form := &violations.ActForm{To: violations.PageURL(r.guild, r.number) + "/act",
		Message: r.detail.Message != 0 && r.detail.Channel != 0, Nobody: r.detail.User == 0,
		TimedOut: r.card.Member.TimeoutUntil.After(s.now())}
	if !r.known.May.Act || form.Nobody && !form.Message {
		return nil
	}
	return form
}

// showCase shows the page; act is a form that came back, nil for a fresh one.
func (s *site) showCase(c echo.Context, status int, read *caseRead, act *violations.ActForm,
	note violations.NoteForm) error {
	view := violations.Detail{Case: read.known, Note: note, Act: act}
	if act == nil {
		view.Act = s.actForm(read)
	}
	if read.detail.User != 0 {
		view.Past = read.past()
	}
	var err error
	if view.Page, err = s.guildFrame(c, read.actor, read.profile, read.known.Seq); err != nil {
		return err
	}
	if c.Request().Method == http.MethodPost {
		view.Page.Home = violations.PageURL(read.guild, read.number)
	}
	view.Page.Flash = read.done(c.QueryParam("done"))
	return render(c, status, violations.DetailPage(view))
}

// done is what the page says after a button was pressed: what holds now, so that a made-up link cannot make it say
// anything else.
func (r *caseRead) done(what string) string {
	switch mine := r.detail.Claim.By == r.actor.User(); {
	case what == "claim" && mine:
		return "You are on it, for five minutes."
	case what == "release" && !mine:
		return "You are not on it any more."
	case what == "false" && r.detail.State == moderation.StateFalsePositive:
		return "Marked as a false positive."
	case what == "right" && r.detail.State != moderation.StateFalsePositive:
		return "It counts again."
	case what == "note" && len(r.detail.Notes) > 0:
		return "The note is saved."
	}
	return happened(r.known.Actions, what)
}

// happened says how the action with an id went; "" where the list has none.
func happened(actions []violations.Action, id string) string {
	for _, action := range actions {
		if strconv.FormatInt(action.ID, 10) == id {
			return action.Happened()
		}
	}
	return ""
}
