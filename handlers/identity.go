package handlers

import (
	"context"
	"net/http"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// Identity says who the visitor is; the zero Actor is nobody. It may set a cookie on w, whose headers are not sent yet.
type Identity func(w http.ResponseWriter, r *http.Request) access.Actor

// Loopback takes whoever sits at this machine for the operator, and everyone else, and every proxy, for nobody. It is
// who `serve` knows until people can sign in.
func Loopback() Identity {
	return func(_ http.ResponseWriter, r *http.Request) access.Actor {
		if !fromLoopback(r) {
			return access.Actor{}
		}
		return access.Person(0, true)
	}
}

// LoopbackRoster makes whoever is signed in a viewer of every guild that the bot is in: the right to look, and no more,
// because nobody knows who sits at the machine.
func LoopbackRoster(store *store.Store) access.Roster {
	return roster{store, func(access.Actor) access.Role { return access.Viewer }}
}

// roster gives a role by the actor alone, the same in every guild that the bot is in.
type roster struct {
	store *store.Store
	role  func(access.Actor) access.Role
}

// RoleIn is the actor's role where the bot is, None elsewhere.
func (r roster) RoleIn(ctx context.Context, guild snowflake.GuildID, actor access.Actor) (access.Role, error) {
	if actor.IsNobody() {
		return access.None, nil
	}
	profile, known, err := r.store.Profile(ctx, guild)
	if err != nil || !known || !profile.Left.IsZero() {
		return access.None, err
	}
	return r.role(actor), nil
}

// witness is a roster that remembers the role that it told, so that a request asks once.
type witness struct {
	access.Roster
	role access.Role
}

// RoleIn asks the roster behind it.
func (w *witness) RoleIn(ctx context.Context, guild snowflake.GuildID, actor access.Actor) (access.Role, error) {
	role, err := w.Roster.RoleIn(ctx, guild, actor)
	w.role = role
	return role, err
}
