package handlers

import (
	"context"
	"strings"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/views/team"
	"guildwatch/views/ui"
)

// found is how many members a search shows.
const found = 10

// searchTeam is the way to whose role is to be changed, with what was found for the visitor's text.
func (s *site) searchTeam(c echo.Context, look looker, read *teamRead) (team.Search, error) {
	search := team.Search{Text: ui.Clip(strings.TrimSpace(c.QueryParam("q")), 100), Roles: read.choices(),
		Chosen: c.QueryParam("discord_role")}
	if search.Text == "" {
		return search, nil
	}
	ctx := c.Request().Context()
	members, err := s.findMembers(ctx, look.guild, search.Text, found+1)
	if err != nil {
		return search, err
	}
	if search.More = len(members) > found; search.More {
		members = members[:found]
	}
	for _, m := range members {
		standing, _, err := s.Store.Standing(ctx, look.guild, m.ID)
		if err != nil {
			return search, err
		}
		search.Found = append(search.Found, team.Found{Person: personOf(m), Note: m.Name, Role: standing.Role()})
	}
	return search, nil
}

func (s *site) findMembers(
	ctx context.Context, guild snowflake.GuildID, text string, most int,
) (members []moderation.Member, err error) {
	err = s.Store.Read(ctx, func(now *store.Snapshot) { members = now.FindMembers(guild, text, most) })
	return members, err
}

// personOf is a member by the name that the guild knows: the nick where there is one.
func personOf(m moderation.Member) stats.Person {
	p := stats.Person{ID: m.ID, Name: m.Display(), Avatar: m.Avatar, Bot: m.Bot, Known: true}
	if m.Nick != "" {
		p.Name = m.Nick
	}
	return p
}

// choices are the Discord roles that can mean a role here: those of bots and integrations belong to no person.
func (r *teamRead) choices() (options []ui.Option) {
	for _, role := range r.roles {
		if role.Managed {
			continue
		}
		label := ui.Clip(role.Name, 64)
		if given := r.inForce(access.HoldersOf(role.ID)); given != access.None {
			label += " (" + given.String() + " now)"
		}
		options = append(options, ui.Option{Value: snowflake.String(role.ID), Label: label})
	}
	return options
}

// chosen is the form for whom the address names; nil: it names nobody.
func (s *site) chosen(c echo.Context, look looker, read *teamRead) (*team.Change, error) {
	kind, id := access.SubjectMember, c.QueryParam("member")
	if id == "" {
		kind, id = access.SubjectDiscordRole, c.QueryParam("discord_role")
	}
	if id == "" {
		return nil, nil
	}
	subject, err := subjectOf(string(kind), id)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, noSubject)
	}
	return s.change(c.Request().Context(), look, read, subject)
}

const noSubject = "There is no such member or Discord role in this server."

// change is the form for a subject as things stand. Who is no member of the guild and was never given anything there,
// and a Discord role of another guild, are not there: NotFound.
func (s *site) change(
	ctx context.Context, look looker, read *teamRead, subject access.Subject,
) (*team.Change, error) {
	change := &team.Change{Subject: subject, Was: read.inForce(subject)}
	change.To = change.Was
	_, given := read.assignment(subject)
	if subject.Kind == access.SubjectDiscordRole {
		change.Discord, change.Everyone = read.discord(subject.Role), int64(subject.Role) == int64(look.guild)
		if change.Discord.Gone && !given {
			return nil, fault.New(fault.NotFound, noSubject)
		}
		return change, nil
	}
	members, err := s.findMembers(ctx, look.guild, snowflake.String(subject.User), 1)
	switch {
	case err != nil:
		return nil, err
	case len(members) == 1 && members[0].ID == subject.User:
		change.Person = personOf(members[0])
	case given:
		change.Person = read.people[subject.User]
	default:
		return nil, fault.New(fault.NotFound, noSubject)
	}
	if change.Fixed = read.fixed(look, subject.User); change.Person.Bot {
		change.Fixed = fixedBot
	}
	standing, _, err := s.Store.Standing(ctx, look.guild, subject.User)
	for _, cause := range standing {
		if cause.Ground != access.ByAssignment {
			change.Stays = max(change.Stays, cause.Role)
		}
	}
	return change, err
}
