package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/member"
	"guildwatch/views/violations"
)

// member shows the card of somebody who is, or was, a member of the guild, or is known there for what they did.
func (s *site) member(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	look, err := memberLooker(c, grant)
	if err != nil {
		return err
	}
	read, err := s.readMember(c.Request().Context(), look)
	if err != nil {
		return err
	}
	if region := regionOf(c); region != "" {
		if region != string(member.Region) {
			return noRegion()
		}
		return render(c, http.StatusOK, member.Current(read.shown))
	}
	return s.showMember(c, http.StatusOK, read, nil, member.ClearForm{})
}

// memberLook is who looks at whom.
type memberLook struct {
	actor access.Actor
	role  access.Role
	guild snowflake.GuildID
	user  snowflake.UserID
}

func memberLooker[R access.Right](c echo.Context, grant access.Grant[R]) (memberLook, error) {
	look := memberLook{actor: grant.Actor(), role: grant.Role(), guild: grant.Guild()}
	var err error
	if look.user, err = snowflake.Parse[snowflake.UserID](c.Param("user_id")); err != nil {
		err = noMember()
	}
	return look, err
}

func noMember() error { return fault.New(fault.NotFound, "There is no such member here.") }

// memberRead is what is known of a member, all of one moment.
type memberRead struct {
	memberLook
	names
	profile store.Profile
	card    store.MemberCard
	roles   []moderation.DiscordRole
	shown   member.Card
}

// readMember reads a card. Who was never seen in the guild and did nothing there is not there, whatever other guilds know
// of them.
func (s *site) readMember(ctx context.Context, look memberLook) (*memberRead, error) {
	read, there := &memberRead{memberLook: look}, false
	var channels []moderation.Channel
	var made []store.AppealRow
	var told map[int64]moderation.Notice
	var seq int64
	err := s.Store.Read(ctx, func(now *store.Snapshot) {
		if read.profile, there = now.Profile(look.guild); !there {
			return
		}
		read.card, read.roles = now.MemberCard(look.guild, look.user), now.DiscordRoles(look.guild)
		made, told = now.AppealsOf(look.guild, look.user, 0, onCard), noticesOf(now, look.guild, read.card.Actions)
		channels, seq = now.Channels(look.guild), now.Seq()
	})
	switch card := &read.card; {
	case err != nil:
		return nil, err
	case !there:
		return nil, noGuild()
	case !card.Seen && len(card.Actions)+len(card.Recent)+len(card.Warnings) == 0:
		return nil, noMember()
	}
	users := append(append(usersIn(read.card.Recent), look.user), usersOfAppeals(made)...)
	for _, action := range read.card.Actions {
		users = append(users, action.Actor)
	}
	for _, warning := range read.card.Warnings {
		users = append(users, warning.By, warning.ClearedBy)
	}
	if read.names, err = s.named(ctx, look.actor, channels, users); err != nil {
		return nil, err
	}
	read.shown = read.show(s.place(look.guild, look.role, read.profile.TimeZone, seq))
	read.appealsOf(made, told)
	return read, nil
}

// violationsOnCard is how many violations a card shows; the list has all.
const violationsOnCard = 10

func (r *memberRead) show(place violations.Place) member.Card {
	from := &r.card
	card := member.Card{Place: place, Who: r.people[r.user], User: from.Member.User, Nick: from.Member.Nick,
		Seen: from.Seen,
		Left: from.Left, Joined: from.Member.JoinedAt, Level: from.Level, Next: violations.Costs(from.Next),
		Kicked: from.KickedBefore, Counted: from.Violations.Counted, Shadow: from.Violations.Shadow,
		False: from.Violations.FalsePositives, Actions: r.actions(from.Actions)}
	if from.Member.Nick != "" {
		card.Who.Name = from.Member.Nick
	}
	if from.Member.TimeoutUntil.After(place.At) {
		card.TimedOut = from.Member.TimeoutUntil
	}
	team := teamRead{roles: r.roles}
	for _, role := range from.Member.Roles {
		card.Roles = append(card.Roles, team.discord(role))
	}
	for i := range from.Warnings {
		card.Warnings = append(card.Warnings, r.warning(&from.Warnings[i]))
	}
	for i := range from.Recent[:min(len(from.Recent), violationsOnCard)] {
		card.Rows = append(card.Rows, r.row(&from.Recent[i]))
	}
	return card
}

// memberForm is the form by which the visitor may act; nil: they may not.
func (r *memberRead) memberForm() *violations.ActForm {
	if !r.shown.May.Act {
		return nil
	}
	return &violations.ActForm{To: violations.MemberURL(r.guild, r.user) + "/act",
		TimedOut: r.shown.TimedOut != time.Time{}}
}

// showMember shows the page; act is a form that came back, nil for a fresh one.
func (s *site) showMember(c echo.Context, status int, read *memberRead, act *violations.ActForm,
	clear member.ClearForm) error {
	return s.showCard(c, status, read, member.View{Act: act, Clear: clear})
}

// showCard shows the page with the forms of view that came back; the others are fresh.
func (s *site) showCard(c echo.Context, status int, read *memberRead, view member.View) (err error) {
	view.Card = read.shown
	if view.Act == nil {
		view.Act = read.memberForm()
	}
	if view.Data == nil {
		view.Data = dataForm(read.role)
	}
	if view.Page, err = s.guildFrame(c, read.actor, read.profile, read.shown.Seq); err != nil {
		return err
	}
	if c.Request().Method == http.MethodPost {
		view.Page.Home = violations.MemberURL(read.guild, read.user)
	}
	view.Page.Flash = happened(read.shown.Actions, c.QueryParam("done"))
	if c.QueryParam("done") == "cleared" && read.card.Level == 0 {
		view.Page.Flash = "No warning counts any more."
	}
	return render(c, status, member.Page(view))
}
