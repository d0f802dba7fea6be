package store

import (
	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// teamCount is how many of a guild's team are counted beyond those that are listed.
const teamCount = 1000

// TeamMember is somebody with a role in a guild, and why.
type TeamMember struct {
	User     snowflake.UserID
	Standing access.Standing
}

// Team lists who has a role in a guild other than what everybody there has, the highest role first, at most most of
// them; more is how many there are besides, counted up to a thousand.
func (s *Snapshot) Team(guild snowflake.GuildID, most int) (list []TeamMember, more int) {
	users := s.teamUsers(guild, most+teamCount)
	for len(users) > 0 && len(list) < most && s.err == nil {
		if standing, _ := s.standing(guild, users[0]); standing.Role() != access.None {
			list = append(list, TeamMember{users[0], standing})
		}
		users = users[1:]
	}
	if s.err != nil {
		return nil, 0
	}
	return list, len(users)
}

// teamSample is how many of a team are looked at to say whether there is one: bots and those who have left may be among
// the first.
const teamSample = 32

// HasTeam says whether anybody but the owner in Discord has a role in a guild other than what everybody there has.
func (s *Snapshot) HasTeam(guild snowflake.GuildID) bool {
	for _, user := range s.teamUsers(guild, teamSample) {
		standing, _ := s.standing(guild, user)
		if standing.Role() != access.None && standing[0].Ground != access.ByOwnership {
			return true
		}
	}
	return false
}

// teamUsers lists the ids of a guild's team, those of the highest role first, so that a limit cuts off the lowest.
func (s *Snapshot) teamUsers(guild snowflake.GuildID, limit int) (users []snowflake.UserID) {
	profile, present := s.Profile(guild)
	if !present {
		return nil
	}
	team := team{snapshot: s, guild: guild, limit: limit, listed: map[snowflake.UserID]bool{}}
	given, roles := s.Assignments(guild), s.DiscordRoles(guild)
	mapped := map[snowflake.RoleID]access.Role{}
	for _, a := range given {
		if a.Subject.Kind == access.SubjectDiscordRole {
			mapped[a.Subject.Role] = a.Role
		}
	}
	team.add(profile.Owner)
	for role := access.Owner; role > access.None; role-- {
		for _, a := range given {
			if a.Subject.Kind == access.SubjectMember && a.Role == role && !a.Ended {
				team.add(a.Subject.User)
			}
		}
		for _, r := range roles {
			administrators := role == access.Admin && administrates(int64(r.Permissions))
			if r.ID != everyone(guild) && (administrators || mapped[r.ID] == role) {
				team.addHolders(r.ID)
			}
		}
	}
	return team.users
}

// team gathers users, each once, up to a limit.
type team struct {
	snapshot *Snapshot
	guild    snowflake.GuildID
	limit    int
	users    []snowflake.UserID
	listed   map[snowflake.UserID]bool
}

func (t *team) add(user snowflake.UserID) {
	if user != 0 && !t.listed[user] && len(t.users) < t.limit {
		t.listed[user] = true
		t.users = append(t.users, user)
	}
}

// addHolders adds who has a Discord role. Those listed already may be among the first, so as many more are asked for.
func (t *team) addHolders(role snowflake.RoleID) {
	if t.snapshot.err != nil || len(t.users) >= t.limit {
		return
	}
	holders, err := t.snapshot.q.ListHolders(t.snapshot.ctx, db.ListHoldersParams{
		GuildID: int64(t.guild), RoleID: int64(role), Max: int64(t.limit),
	})
	t.snapshot.ok("holders of a role", err)
	for _, user := range holders {
		t.add(snowflake.UserID(user))
	}
}
