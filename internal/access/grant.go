// Package access says who may do what, and proves it by type. A handler or a store call that changes something takes a
// Grant[R]; only Check makes one, after looking; so code that skips the check does not compile.
package access

import (
	"context"

	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

// Grant is the proof that an actor was found to have right R in a guild. Its fields are out of reach outside this
// package and the zero value panics when used, so a grant in hand is a check that was made. A grant is for one request:
// never keep one.
type Grant[R Right] struct {
	_     [0]R // no size; without it a grant of one right could be converted to one of any other
	actor Actor
	guild snowflake.GuildID
	role  Role
	made  bool
}

// Actor is who was checked.
func (g Grant[R]) Actor() Actor { g.must(); return g.actor }

// Guild is where the right holds. What is read or changed is read or changed there and nowhere else.
func (g Grant[R]) Guild() snowflake.GuildID { g.must(); return g.guild }

// Role is what the actor was in the guild when the right was checked.
func (g Grant[R]) Role() Role { g.must(); return g.role }

func (g Grant[R]) must() {
	if !g.made {
		panic("access: a zero Grant[" + NameOf[R]() + "] was used: grants come from access.Check")
	}
}

// Roster knows the role of a person in a guild. It answers None, without an error, where there is none.
type Roster interface {
	RoleIn(ctx context.Context, guild snowflake.GuildID, actor Actor) (Role, error)
}

// Check asks the roster and gives the grant, or a *fault.Error: Unauthenticated for nobody, NotFound for a person
// without any role (a foreign guild and an absent one look the same), Forbidden for a role too low, Unavailable when
// the roster cannot say.
func Check[R Right](ctx context.Context, roster Roster, actor Actor, guild snowflake.GuildID) (Grant[R], error) {
	if actor.IsNobody() {
		return Grant[R]{}, fault.New(fault.Unauthenticated, "Please sign in to see this page.")
	}
	role, err := roster.RoleIn(ctx, guild, actor)
	switch {
	case err != nil:
		return Grant[R]{}, fault.Wrap(err, fault.Unavailable, "Your rights could not be checked just now. Please try again.")
	case role == None:
		return Grant[R]{}, fault.New(fault.NotFound, "There is no such server here, or you have no access to it.")
	case !Allows[R](role):
		var r R
		return Grant[R]{}, fault.New(fault.Forbidden, "You may not %s: it needs the role %s, and yours is %s.",
			r.right().verb, r.right().least, role)
	}
	return Grant[R]{actor: actor, guild: guild, role: role, made: true}, nil
}

// Operation is the proof that an actor runs this instance: the overview and the instance's health are theirs.
type Operation struct {
	actor Actor
	made  bool
}

// Actor is who was checked; it panics on a zero Operation.
func (o Operation) Actor() Actor {
	if !o.made {
		panic("access: a zero Operation was used: it comes from access.CheckOperator")
	}
	return o.actor
}

// CheckOperator gives the proof, or a *fault.Error: Unauthenticated for nobody, Forbidden for anyone but the operator.
func CheckOperator(actor Actor) (Operation, error) {
	switch {
	case actor.IsNobody():
		return Operation{}, fault.New(fault.Unauthenticated, "Please sign in to see this page.")
	case !actor.IsOperator():
		return Operation{}, fault.New(fault.Forbidden, "The overview is for whoever runs this instance.")
	}
	return Operation{actor: actor, made: true}, nil
}
