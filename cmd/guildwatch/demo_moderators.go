package main

import (
	"context"
	"log/slog"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/demo"
	"guildwatch/internal/moderation"
	"guildwatch/store"
)

// rounds is how often the demo's moderators look at what the rules have found, and after how long at the earliest: a
// visitor should have seen a false alarm before it is marked as one.
const rounds = 20 * time.Second

// keepOrder lets the demo's moderators say where a rule was wrong, decide appeals, and be on what is new, until ctx ends.
func keepOrder(ctx context.Context, town *demo.Town, st *store.Store, log *slog.Logger) {
	tick := time.NewTicker(rounds)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			for _, g := range town.Guilds {
				for _, look := range []func(context.Context, *demo.Guild, time.Time, *store.Store) error{markAlarms, hearAppeals, lookAround} {
					if err := look(ctx, g, now.Add(-rounds), st); err != nil && ctx.Err() == nil {
						log.Warn("a moderator of the demo did not do their round", "guild", g.ID, "error", err)
					}
				}
			}
		}
	}
}

// markAlarms marks what a guild's rules were wrong about before a moment.
func markAlarms(ctx context.Context, g *demo.Guild, before time.Time, st *store.Store) error {
	var found []store.ViolationRow
	err := st.Read(ctx, func(now *store.Snapshot) {
		found = now.Violations(g.ID, store.ViolationFilter{Source: moderation.SourceRule, State: moderation.StateCounted}, 30)
	})
	if err != nil {
		return err
	}
	for _, v := range found {
		if v.Detected.After(before) || !demo.FalseAlarm(v.Content) {
			continue
		}
		staff := g.Moderators()
		who := access.Person(staff[int(v.Number)%len(staff)].ID, false)
		grant, err := access.Check[access.ManageViolations](ctx, standings{st}, who, g.ID)
		if err != nil {
			return err
		}
		if err := st.NoteViolation(ctx, grant, v.Number, "Nobody was meant by this."); err != nil {
			return err
		}
		if err := st.MarkFalsePositive(ctx, grant, v.Number, true); err != nil {
			return err
		}
	}
	return nil
}
