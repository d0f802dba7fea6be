package access

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

// matrix is the table of rights as it was decided: who has each, and how to ask for it.
var matrix = map[string]struct {
	roles []Role
	check func(Roster, Actor, snowflake.GuildID) (Role, error)
}{
	"view":              {[]Role{Owner, Admin, Moderator, Viewer}, ask[ViewDashboard]},
	"manage_violations": {[]Role{Owner, Admin, Moderator}, ask[ManageViolations]},
	"act_on_members":    {[]Role{Owner, Admin, Moderator}, ask[ActOnMembers]},
	"decide_appeals":    {[]Role{Owner, Admin, Moderator}, ask[DecideAppeals]},
	"export":            {[]Role{Owner, Admin, Moderator}, ask[Export]},
	"switch_raid_mode":  {[]Role{Owner, Admin, Moderator}, ask[SwitchRaidMode]},
	"update_settings":   {[]Role{Owner, Admin}, ask[UpdateSettings]},
	"update_rules":      {[]Role{Owner, Admin}, ask[UpdateRules]},
	"view_audit":        {[]Role{Owner, Admin}, ask[ViewAudit]},
	"view_team":         {[]Role{Owner, Admin}, ask[ViewTeam]},
	"delete_rules":      {[]Role{Owner}, ask[DeleteRules]},
	"manage_roles":      {[]Role{Owner}, ask[ManageRoles]},
	"erase_member":      {[]Role{Owner}, ask[EraseMember]},
}

// ask checks a right and gives the role that the grant carries.
func ask[R Right](roster Roster, actor Actor, guild snowflake.GuildID) (Role, error) {
	grant, err := Check[R](context.Background(), roster, actor, guild)
	if err != nil {
		return None, err
	}
	if grant.Guild() != guild || grant.Actor() != actor {
		return None, errors.New("the grant is somebody else's, or for elsewhere")
	}
	return grant.Role(), nil
}

// derived is a roster that follows from facts in one guild, and knows nobody anywhere else.
type derived struct {
	guild snowflake.GuildID
	facts Facts
}

func (d derived) RoleIn(_ context.Context, guild snowflake.GuildID, _ Actor) (Role, error) {
	if guild != d.guild {
		return None, nil
	}
	return Derive(d.facts).Role(), nil
}

var roles = []Role{None, Viewer, Moderator, Admin, Owner}

func anyFacts(t *rapid.T) Facts { return factsUpTo(t, rapid.SampledFrom(roles).Draw(t, "highest")) }

// factsUpTo are those of somebody whom nothing makes more than a role.
func factsUpTo(t *rapid.T, highest Role) Facts {
	upTo := rapid.SampledFrom(roles[:highest+1])
	return Facts{
		Member:     rapid.IntRange(0, 5).Draw(t, "member") > 0,
		GuildOwner: highest == Owner && rapid.Bool().Draw(t, "owner"),
		Roles: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) DiscordRole {
			return DiscordRole{
				ID:            snowflake.RoleID(rapid.Int64Range(1, 1<<40).Draw(t, "id")),
				Administrator: highest >= Admin && rapid.IntRange(0, 4).Draw(t, "administrator") == 0,
				Mapped:        upTo.Draw(t, "mapped"),
			}
		}), 0, 30).Draw(t, "roles"),
		Assigned: upTo.Draw(t, "assigned"),
	}
}

// expected is the rule in words: the owner is owner, administrators are admin, then what was given; the highest counts.
func expected(f Facts) Role {
	has := map[Role]bool{Owner: f.GuildOwner}
	for _, role := range f.Roles {
		has[Admin] = has[Admin] || role.Administrator || role.Mapped == Admin || role.Mapped == Owner
		has[Moderator] = has[Moderator] || role.Mapped == Moderator
		has[Viewer] = has[Viewer] || role.Mapped == Viewer
	}
	has[f.Assigned] = true
	for role := Owner; role > None; role-- {
		if f.Member && has[role] {
			return role
		}
	}
	return None
}

// Whatever somebody owns, has in Discord and was given, each right is theirs exactly where the matrix says so: in this
// guild, in no other, and being the operator changes nothing.
func TestEveryStateGivesTheRightsOfTheMatrix(t *testing.T) {
	for _, highest := range roles {
		reached := 0
		rapid.Check(t, func(t *rapid.T) {
			facts := factsUpTo(t, highest)
			role := expected(facts)
			if role == highest {
				reached++
			}
			actor := Person(snowflake.UserID(rapid.Int64Range(1, 1<<60).Draw(t, "user")), rapid.Bool().Draw(t, "operator"))
			for name, right := range matrix {
				got, err := right.check(derived{7, facts}, actor, 7)
				switch {
				case slices.Contains(right.roles, role):
					if err != nil || got != role {
						t.Fatalf("%s as %s: %v, %v", name, role, got, err)
					}
				case role == None && fault.Of(err) != fault.NotFound, role != None && fault.Of(err) != fault.Forbidden:
					t.Fatalf("%s as %s: %v", name, role, err)
				}
				if _, err := right.check(derived{7, facts}, actor, 8); fault.Of(err) != fault.NotFound {
					t.Fatalf("%s in another guild: %v", name, err)
				}
				if _, err := right.check(derived{7, facts}, Actor{}, 7); fault.Of(err) != fault.Unauthenticated {
					t.Fatalf("%s as nobody: %v", name, err)
				}
			}
		})
		if reached == 0 {
			t.Errorf("no state made anybody %s", highest)
		}
	}
}

// A right that is added and not decided in the matrix is noticed.
func TestTheMatrixHasEveryRight(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "right.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	rights := 0
	for _, declaration := range file.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok && function.Name.Name == "right" {
			rights++
		}
	}
	if rights != len(matrix) {
		t.Errorf("there are %d rights, and %d in the matrix", rights, len(matrix))
	}
	for name, right := range matrix {
		if _, err := right.check(fixed{role: Owner}, Person(7, false), 42); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := right.check(fixed{role: None}, Person(7, true), 42); err == nil {
			t.Errorf("%s is nobody's and was granted", name)
		}
	}
}

// A standing names every cause once, the highest first, and nothing that is given lowers anybody.
func TestStandingsExplainThemselves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := anyFacts(t)
		standing := Derive(facts)
		causes := 0
		if facts.Member {
			if facts.GuildOwner {
				causes++
			}
			if facts.Assigned != None {
				causes++
			}
			for _, role := range facts.Roles {
				if role.Administrator {
					causes++
				}
				if role.Mapped != None {
					causes++
				}
			}
		}
		if len(standing) != causes {
			t.Fatalf("%d causes, want %d: %+v", len(standing), causes, standing)
		}
		if !slices.IsSortedFunc(standing, func(a, b Cause) int { return int(b.Role - a.Role) }) {
			t.Fatalf("the highest is not first: %+v", standing)
		}
		for _, cause := range standing {
			ofRole := cause.Ground == ByAdministrator || cause.Ground == ByDiscordRole
			if ofRole != (cause.Discord != 0) || ofRole && cause.Role == Owner {
				t.Fatalf("an odd cause: %+v", cause)
			}
		}

		more := facts
		more.Assigned = max(facts.Assigned, rapid.SampledFrom(roles).Draw(t, "given"))
		more.Roles = append(slices.Clone(facts.Roles), DiscordRole{ID: 1, Mapped: rapid.SampledFrom(roles).Draw(t, "map")})
		less := facts
		less.Assigned = None
		if Derive(more).Role() < standing.Role() || Derive(less).Role() > standing.Role() {
			t.Fatalf("giving lowered %s to %s, or taking raised to %s", standing.Role(), Derive(more).Role(),
				Derive(less).Role())
		}
	})
}

// Nobody grants or takes at or above their own role, but owners name owners; nobody changes their own; no Discord role
// makes an owner.
func TestWhoMayAssign(t *testing.T) {
	allowed, refused := 0, 0
	for _, own := range roles {
		for _, from := range roles {
			for _, to := range roles {
				for name, subject := range map[string]Subject{
					"themselves": Member(7), "another": Member(8), "a Discord role": HoldersOf(9), "nothing": {},
					"member 0": Member(0), "role 0": HoldersOf(0), "both": {Kind: "both", User: 8, Role: 9},
				} {
					err := MayAssign(Person(7, true), own, subject, from, to)
					may := own == Owner || from < own && to < own
					switch name {
					case "themselves", "nothing", "member 0", "role 0", "both":
						may = false
					case "a Discord role":
						may = may && to != Owner
					}
					if may != (err == nil) {
						t.Errorf("%s gives %s in place of %s to %s: %v", own, to, from, name, err)
					}
					if kind := fault.Of(err); err != nil && kind != fault.Forbidden && kind != fault.Invalid {
						t.Errorf("%s to %s: %v", own, name, err)
					}
					if may {
						allowed++
					} else {
						refused++
					}
				}
			}
		}
	}
	if allowed == 0 || refused == 0 {
		t.Errorf("%d allowed, %d refused", allowed, refused)
	}
}

// Who owns the guild stays owner whatever is given to them or taken, so no guild is ever without one.
func TestAGuildIsNeverWithoutItsOwner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := anyFacts(t)
		facts.Member, facts.GuildOwner = true, true
		if standing := Derive(facts); standing.Role() != Owner || standing[0].Ground != ByOwnership {
			t.Fatalf("the guild's owner is %+v", standing)
		}
	})
}
