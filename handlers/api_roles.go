package handlers

import (
	"context"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/views/team"
)

// rolesAnswer is the JSON of GET /api/servers/{guild_id}/roles: the team page for scripts. Every key is always there.
type rolesAnswer struct {
	Guild   snowflake.GuildID `json:"guild_id"`
	Members []memberAnswer    `json:"members"` // highest role first
	More    int               `json:"more"`    // members with a role beyond those listed
	Mapped  []mappedAnswer    `json:"discord_roles"`
}

// memberAnswer is somebody with a role; "none" for one whose role was given and has ended.
type memberAnswer struct {
	User    snowflake.UserID `json:"user_id"`
	Name    string           `json:"name"`
	Role    string           `json:"role"`
	Reasons []reasonAnswer   `json:"reasons"`
}

// reasonAnswer is one ground for a role. Discord_role is null where none is the ground, given_* where nothing was given.
type reasonAnswer struct {
	Role    string            `json:"role"`
	Ground  access.Ground     `json:"ground"`
	Discord *string           `json:"discord_role"`
	By      *snowflake.UserID `json:"given_by"`
	At      *time.Time        `json:"given_at"`
	Ended   bool              `json:"ended"`
}

// mappedAnswer is a Discord role that means a role here.
type mappedAnswer struct {
	ID   snowflake.RoleID `json:"id"`
	Name string           `json:"name"`
	Gone bool             `json:"gone"` // Discord has it no more
	Role string           `json:"role"`
	By   snowflake.UserID `json:"given_by"`
	At   time.Time        `json:"given_at"`
}

// apiRoles is GET /api/servers/{guild_id}/roles: who has which role, and why.
func (s *site) apiRoles(c echo.Context, grant access.Grant[access.ViewTeam]) error {
	return s.answer(c, grant.Guild(), func(ctx context.Context) (any, error) {
		read, err := s.readTeam(ctx, looker{guild: grant.Guild()})
		if err != nil {
			return nil, err
		}
		answer := rolesAnswer{Guild: grant.Guild(), Members: []memberAnswer{}, Mapped: []mappedAnswer{}, More: read.team.More}
		for _, m := range read.team.People {
			answer.Members = append(answer.Members, memberAnswer{m.Person.ID, m.Person.Name, m.Role.String(),
				reasonAnswers(m.Reasons)})
		}
		for _, m := range read.team.Mappings {
			answer.Mapped = append(answer.Mapped, mappedAnswer{m.ID, m.Discord.Name, m.Discord.Gone, m.Role.String(),
				m.By.ID, m.At.UTC()})
		}
		return answer, nil
	})
}

func reasonAnswers(reasons []team.Reason) []reasonAnswer {
	answers := make([]reasonAnswer, 0, len(reasons))
	for _, r := range reasons {
		answer := reasonAnswer{Role: r.Role.String(), Ground: r.Ground, Ended: r.Ended}
		if r.Discord.Name != "" {
			answer.Discord = &r.Discord.Name
		}
		if r.Ground == access.ByAssignment {
			at := r.At.UTC()
			answer.By, answer.At = &r.By.ID, &at
		}
		answers = append(answers, answer)
	}
	return answers
}
