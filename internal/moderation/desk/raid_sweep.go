package desk

import (
	"context"
	"fmt"
	"slices"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
)

// sweep asks Discord for all bans of a raid at once, 200 at a time. Whoever is not banned by that is left to the Worker,
// which asks for one after the other and learns why.
func (m *RaidMode) sweep(ctx context.Context, w *raid.Work) {
	for {
		errands, err := m.raids.TakeSweep(ctx, *w)
		if err != nil || len(errands) == 0 {
			if err != nil && ctx.Err() == nil {
				m.log.Error("the bans of a raid could not be read", "guild", w.Guild, "raid", w.Number, "err", err)
			}
			return
		}
		users := make([]snowflake.UserID, len(errands))
		for i, e := range errands {
			users[i] = e.Target
		}
		banned, result := m.gate.BanMany(ctx, w.Guild, users, fmt.Sprintf("guildwatch: Raid %d", w.Number))
		if !result.Done {
			banned = nil
		}
		var left []moderation.Errand
		for _, e := range errands {
			if !slices.Contains(banned, e.Target) {
				left = append(left, e)
				continue
			}
			if err := m.docket.Settle(context.WithoutCancel(ctx), e, moderation.Result{Done: true}); err != nil {
				m.log.Error("a ban could not be recorded; it will be asked for again", "action", e.Action, "err", err)
			}
		}
		if len(left) == 0 {
			continue
		}
		if err := m.raids.LeaveSweep(context.WithoutCancel(ctx), *w, left); err != nil {
			m.log.Error("bans of a raid could not be left to the worker", "guild", w.Guild, "raid", w.Number, "err", err)
		}
		m.worker.Wake()
		if !result.Done {
			return // the rest would fail in the same way; what was not taken becomes due by itself
		}
	}
}
