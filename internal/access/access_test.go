package access

import (
	"context"
	"errors"
	"testing"

	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

type fixed struct {
	role Role
	err  error
}

func (f fixed) RoleIn(context.Context, snowflake.GuildID, Actor) (Role, error) { return f.role, f.err }

func granted[R Right](t *testing.T, role Role) bool {
	t.Helper()
	actor := Person(7, true)
	g, err := Check[R](context.Background(), fixed{role: role}, actor, 42)
	if err == nil && (g.Guild() != 42 || g.Actor() != actor) {
		t.Errorf("%s: the grant is for guild %d", NameOf[R](), g.Guild())
	}
	want := fault.Forbidden
	if role == None {
		want = fault.NotFound
	}
	if err != nil && fault.Of(err) != want {
		t.Errorf("%s as %s: %v", NameOf[R](), role, err)
	}
	return err == nil
}

// The matrix of product.md 7. Being the operator (true above) must not change a cell.
func TestRightsMatrix(t *testing.T) {
	for role := None; role <= Owner; role++ {
		for name, cell := range map[string]struct{ got, want bool }{
			"view":              {granted[ViewDashboard](t, role), role >= Viewer},
			"manage violations": {granted[ManageViolations](t, role), role >= Moderator},
			"act on members":    {granted[ActOnMembers](t, role), role >= Moderator},
			"decide appeals":    {granted[DecideAppeals](t, role), role >= Moderator},
			"export":            {granted[Export](t, role), role >= Moderator},
			"raid mode":         {granted[SwitchRaidMode](t, role), role >= Moderator},
			"settings":          {granted[UpdateSettings](t, role), role >= Admin},
			"rules":             {granted[UpdateRules](t, role), role >= Admin},
			"audit":             {granted[ViewAudit](t, role), role >= Admin},
			"team":              {granted[ViewTeam](t, role), role >= Admin},
			"delete rules":      {granted[DeleteRules](t, role), role == Owner},
			"roles":             {granted[ManageRoles](t, role), role == Owner},
			"erase":             {granted[EraseMember](t, role), role == Owner},
		} {
			if cell.got != cell.want {
				t.Errorf("%s as %s: granted = %v, want %v", name, role, cell.got, cell.want)
			}
		}
	}
}

func TestNobodyAndABrokenRosterGetNothing(t *testing.T) {
	ctx := context.Background()
	if _, err := Check[ViewDashboard](ctx, fixed{role: Owner}, Actor{}, 42); fault.Of(err) != fault.Unauthenticated {
		t.Errorf("nobody: %v", err)
	}
	if _, err := Check[ViewDashboard](ctx, fixed{err: errors.New("down")}, Person(7, false), 42); fault.Of(err) != fault.Unavailable {
		t.Errorf("broken roster: %v", err)
	}
	if _, err := CheckOperator(Actor{}); fault.Of(err) != fault.Unauthenticated {
		t.Errorf("nobody as operator: %v", err)
	}
	if _, err := CheckOperator(Person(7, false)); fault.Of(err) != fault.Forbidden {
		t.Errorf("somebody as operator: %v", err)
	}
	if o, err := CheckOperator(Person(7, true)); err != nil || o.Actor().User() != 7 {
		t.Errorf("the operator: %v", err)
	}
}

func TestZeroGrantsPanic(t *testing.T) {
	for name, use := range map[string]func(){
		"guild":     func() { Grant[DeleteRules]{}.Guild() },
		"actor":     func() { Grant[ViewDashboard]{}.Actor() },
		"operation": func() { Operation{}.Actor() },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: a zero grant was usable", name)
				}
			}()
			use()
		}()
	}
}

func TestRoleWordsRoundTrip(t *testing.T) {
	for role := None; role <= Owner; role++ {
		if back, ok := ParseRole(role.String()); !ok || back != role {
			t.Errorf("%s came back as %s", role, back)
		}
	}
	if _, ok := ParseRole("root"); ok {
		t.Error("root is no role")
	}
}
