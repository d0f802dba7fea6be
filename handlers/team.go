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
	"guildwatch/views/team"
)

// teamListed is how many people with a role the team page lists. A guild with more has given one to a Discord role, and
// the search finds each of them.
const teamListed = 100

// team shows who has which role in a guild and why. Owners get the forms as well.
func (s *site) team(c echo.Context, grant access.Grant[access.ViewTeam]) error {
	look := looker{actor: grant.Actor(), guild: grant.Guild(), owner: access.Allows[access.ManageRoles](grant.Role())}
	read, err := s.readTeam(c.Request().Context(), look)
	if err != nil {
		return err
	}
	if region := regionOf(c); region != "" {
		if region != string(team.Region) {
			return noRegion()
		}
		return render(c, http.StatusOK, team.People(read.team))
	}
	view := team.View{Team: read.team}
	if look.owner {
		if view.Search, err = s.searchTeam(c, look, read); err != nil {
			return err
		}
		if view.Change, err = s.chosen(c, look, read); err != nil {
			return err
		}
	}
	return s.showTeam(c, http.StatusOK, look, read, view)
}

// looker is who looks at a team, and what they may do.
type looker struct {
	actor access.Actor
	guild snowflake.GuildID
	owner bool
}

func (s *site) showTeam(c echo.Context, status int, look looker, read *teamRead, view team.View) error {
	var err error
	if view.Page, err = s.guildFrame(c, look.actor, read.profile, read.team.Seq); err != nil {
		return err
	}
	view.Page.Flash = s.given(c, read)
	return render(c, status, team.Page(view))
}

// teamRead is what the team page is made of, all of one moment.
type teamRead struct {
	profile store.Profile
	given   []store.Assignment
	roles   []moderation.DiscordRole
	people  people
	team    team.Team
}

// readTeam reads who has which role and why, and the names of everybody in it.
func (s *site) readTeam(ctx context.Context, look looker) (*teamRead, error) {
	read := &teamRead{}
	var members []store.TeamMember
	there, more := false, 0
	var seq int64
	err := s.Store.Read(ctx, func(now *store.Snapshot) {
		if read.profile, there = now.Profile(look.guild); !there {
			return
		}
		members, more = now.Team(look.guild, teamListed)
		read.given, read.roles, seq = now.Assignments(look.guild), now.DiscordRoles(look.guild), now.Seq()
	})
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, noGuild()
	}
	var ids []snowflake.UserID
	for _, m := range members {
		ids = append(ids, m.User)
	}
	for _, a := range read.given {
		ids = append(ids, a.By, a.Subject.User)
	}
	if read.people, err = s.people(ctx, look.actor, ids); err != nil {
		return nil, err
	}
	read.team = team.Team{Guild: look.guild, At: s.now(), Seq: seq, TimeZone: read.profile.TimeZone, More: more,
		Owner: look.owner, Mappings: read.mappings()}
	for _, m := range members {
		read.team.People = append(read.team.People, read.member(look, m.User, m.Standing))
	}
	read.addEnded(look)
	return read, nil
}

// assignment is what was given to a subject.
func (r *teamRead) assignment(subject access.Subject) (store.Assignment, bool) {
	at := slices.IndexFunc(r.given, func(a store.Assignment) bool { return a.Subject == subject })
	if at < 0 {
		return store.Assignment{}, false
	}
	return r.given[at], true
}

// inForce is the role that is given to a subject and counts; None where there is none.
func (r *teamRead) inForce(subject access.Subject) access.Role {
	if a, given := r.assignment(subject); given && !a.Ended {
		return a.Role
	}
	return access.None
}

// given is what a page says after a role was given or taken: what holds now, read from the store, so that a made-up
// link cannot make it say anything else.
func (s *site) given(c echo.Context, read *teamRead) string {
	subject, name, known := s.saved(c, read)
	if !known {
		return ""
	}
	role := read.inForce(subject)
	switch {
	case role == access.None && subject.Kind == access.SubjectDiscordRole:
		return "The Discord role " + name + " means nothing here now."
	case role == access.None:
		return "No role is given to " + name + " now."
	case subject.Kind == access.SubjectDiscordRole:
		return "Whoever has the Discord role " + name + " is " + role.String() + " now."
	}
	return name + " is given the role " + role.String() + " now."
}

// saved is the subject that a page was sent to with after its role was changed.
func (s *site) saved(c echo.Context, read *teamRead) (subject access.Subject, name string, known bool) {
	subject, err := subjectOf(c.QueryParam("saved"), c.QueryParam("id"))
	if err != nil {
		return subject, "", false
	}
	if subject.Kind == access.SubjectDiscordRole {
		return subject, read.discord(subject.Role).Name, true
	}
	if person, there := read.people[subject.User]; there {
		return subject, person.Name, true
	}
	// What was taken from somebody is in no list any more; nobody of another guild is named.
	members, err := s.findMembers(c.Request().Context(), read.profile.Guild.ID, snowflake.String(subject.User), 1)
	if err != nil || len(members) == 0 || members[0].ID != subject.User {
		return subject, "", false
	}
	return subject, personOf(members[0]).Name, true
}

// subjectOf reads to whom a role is given.
func subjectOf(kind, id string) (access.Subject, error) {
	switch access.SubjectKind(kind) {
	case access.SubjectMember:
		user, err := snowflake.Parse[snowflake.UserID](id)
		return access.Member(user), err
	case access.SubjectDiscordRole:
		role, err := snowflake.Parse[snowflake.RoleID](id)
		return access.HoldersOf(role), err
	}
	return access.Subject{}, fault.New(fault.Unprocessable, "Choose a member or a Discord role.")
}
