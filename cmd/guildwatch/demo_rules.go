package main

import (
	"context"

	"guildwatch/internal/access"
	"guildwatch/internal/demo"
	"guildwatch/store"
)

// setUpRules saves what the owner of a demo's server has changed about its rules, and its ladder.
func setUpRules(ctx context.Context, g *demo.Guild, owner access.Actor, st *store.Store) error {
	rules, err := access.Check[access.UpdateRules](ctx, standings{st}, owner, g.ID)
	if err != nil {
		return err
	}
	for _, change := range g.Changes() {
		if _, err := st.SaveRule(ctx, rules, change.Rule, change.Note); err != nil {
			return err
		}
	}
	settings, err := access.Check[access.UpdateSettings](ctx, standings{st}, owner, g.ID)
	if err != nil {
		return err
	}
	return st.SaveLadder(ctx, settings, g.Ladder())
}
