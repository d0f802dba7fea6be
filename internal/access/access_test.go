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
		"role":      func() { Grant[ManageRoles]{}.Role() },
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
