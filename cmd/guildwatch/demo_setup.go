package main

import (
	"context"
	"log/slog"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/demo"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// setUp does in the demo's servers what their owner would have done on the dashboard: staff are moderators, helpers may
// look, rules and ladder are as the owner wants them now, and the bot has a channel to report in, where there is one for
// it. Who has come back to a demo of their own finds it as they left it.
func setUp(ctx context.Context, town *demo.Town, st *store.Store, sink *sinkHost, log *slog.Logger) {
	for _, g := range town.Guilds {
		owner := access.Person(town.Owner, true)
		err := setUpGuild(ctx, g, owner, st)
		if err == nil && ctx.Err() == nil {
			err = setUpReports(ctx, g, owner, st, sink)
		}
		if err != nil && ctx.Err() == nil {
			log.Warn("a server of the demo is not set up", "guild", g.ID, "error", err)
		}
	}
}

func setUpGuild(ctx context.Context, g *demo.Guild, owner access.Actor, st *store.Store) error {
	guild := g.ID
	roles, channels, err := waitForGuild(ctx, guild, st)
	if err != nil || roles == nil {
		return err
	}
	team, err := access.Check[access.ManageRoles](ctx, standings{st}, owner, guild)
	if err != nil {
		return err
	}
	for _, role := range roles {
		if to := demoRoles[role.Name]; to != access.None {
			if err := st.AssignRole(ctx, team, access.HoldersOf(role.ID), to); err != nil {
				return err
			}
		}
	}
	if err := setUpRules(ctx, g, owner, st); err != nil {
		return err
	}
	settings, err := access.Check[access.UpdateSettings](ctx, standings{st}, owner, guild)
	if err != nil {
		return err
	}
	for _, channel := range channels {
		if channel.Name == "mod-log" || channel.Name == "log" {
			profile, _, err := st.Profile(ctx, guild)
			if err != nil {
				return err
			}
			return st.UpdateSettings(ctx, settings, store.Settings{TimeZone: profile.TimeZone, LogChannel: channel.ID})
		}
	}
	return nil
}

// demoRoles are what the demo's Discord roles mean on its dashboard.
var demoRoles = map[string]access.Role{"Staff": access.Moderator, "Helpers": access.Viewer}

// waitForGuild waits until the bot has told of a guild. It gives no roles for one in which somebody has already done
// something.
func waitForGuild(
	ctx context.Context, guild snowflake.GuildID, st *store.Store,
) (roles []moderation.DiscordRole, channels []moderation.Channel, err error) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		var touched, known bool
		err = st.Read(ctx, func(now *store.Snapshot) {
			touched = len(now.Audit(guild, store.AuditFilter{}, 1)) > 0
			roles, channels = now.DiscordRoles(guild), now.Channels(guild)
			list, _ := now.Team(guild, 1)
			known = len(roles) > 0 && len(channels) > 0 && len(list) > 0
		})
		switch {
		case err != nil:
			return nil, nil, err
		case touched:
			return nil, nil, nil
		case known:
			return roles, channels, nil
		}
		select {
		case <-ctx.Done():
			return nil, nil, nil
		case <-tick.C:
		}
	}
}

// standings is a roster that believes what is stored.
type standings struct{ store *store.Store }

// RoleIn is what the store says of somebody.
func (s standings) RoleIn(ctx context.Context, guild snowflake.GuildID, actor access.Actor) (access.Role, error) {
	standing, _, err := s.store.Standing(ctx, guild, actor.User())
	return standing.Role(), err
}
