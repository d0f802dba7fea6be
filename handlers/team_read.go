package handlers

import (
	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/views/team"
	"guildwatch/views/ui"
)

// Why nothing given on the dashboard changes somebody's role.
const (
	fixedSelf  = "This is you. Nobody changes their own role: ask another owner."
	fixedOwner = "Whoever owns the server in Discord is owner here, whatever else is given."
	fixedBot   = "A bot cannot have a role here."
)

// member is somebody of the team with every reason for their role.
func (r *teamRead) member(look looker, user snowflake.UserID, standing access.Standing) team.Member {
	m := team.Member{Person: r.people[user], Role: standing.Role(), Fixed: r.fixed(look, user)}
	for _, cause := range standing {
		reason := team.Reason{Role: cause.Role, Ground: cause.Ground}
		switch cause.Ground {
		case access.ByAssignment:
			a, _ := r.assignment(access.Member(user))
			reason.By, reason.At = r.people[a.By], a.At
		case access.ByAdministrator, access.ByDiscordRole:
			reason.Discord = r.discord(cause.Discord)
		}
		m.Reasons = append(m.Reasons, reason)
	}
	return m
}

// fixed is why a member's role cannot be changed; empty: it can.
func (r *teamRead) fixed(look looker, user snowflake.UserID) string {
	switch {
	case user == look.actor.User():
		return fixedSelf
	case user == r.profile.Owner:
		return fixedOwner
	case r.people[user].Bot:
		return fixedBot
	}
	return ""
}

// addEnded lists what was given and ended when somebody left, so that it can be given anew or taken out of the list.
func (r *teamRead) addEnded(look looker) {
	for _, a := range r.given {
		if !a.Ended {
			continue
		}
		reason := team.Reason{Role: a.Role, Ground: access.ByAssignment, By: r.people[a.By], At: a.At, Ended: true}
		listed := false
		for i := range r.team.People {
			if m := &r.team.People[i]; m.Person.ID == a.Subject.User {
				m.Reasons, listed = append(m.Reasons, reason), true
			}
		}
		if !listed {
			r.team.People = append(r.team.People, team.Member{Person: r.people[a.Subject.User],
				Reasons: []team.Reason{reason}, Fixed: r.fixed(look, a.Subject.User)})
		}
	}
}

// discord is a Discord role of the guild as pages name it.
func (r *teamRead) discord(id snowflake.RoleID) ui.DiscordRole {
	for _, role := range r.roles {
		if role.ID == id {
			return ui.DiscordRole{Name: role.Name, Color: role.Color}
		}
	}
	return ui.DiscordRole{Name: "Deleted role #" + snowflake.Tail(id), Gone: true}
}

// mappings are the Discord roles that mean a role here, the highest in Discord first and those that are gone last.
func (r *teamRead) mappings() (list []team.Mapping) {
	add := func(id snowflake.RoleID) {
		if a, mapped := r.assignment(access.HoldersOf(id)); mapped {
			list = append(list, team.Mapping{ID: id, Discord: r.discord(id), Role: a.Role, By: r.people[a.By], At: a.At})
		}
	}
	there := map[snowflake.RoleID]bool{}
	for _, role := range r.roles {
		there[role.ID] = true
		add(role.ID)
	}
	for _, a := range r.given {
		if a.Subject.Kind == access.SubjectDiscordRole && !there[a.Subject.Role] {
			add(a.Subject.Role)
		}
	}
	return list
}
