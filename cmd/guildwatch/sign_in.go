package main

import (
	"context"

	"guildwatch/handlers"
	"guildwatch/internal/bot"
	"guildwatch/internal/identity"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// callback is where Discord's own page sends people back to, below the origin.
const callback = "/sign-in/callback"

// admit says by what people are known to the dashboard at origin: by sessions, begun by a link from Discord or on
// Discord's own page. In the demo everybody is somebody by a cookie.
func (p *parts) admit(options *handlers.Options, origin string) {
	if p.demoKey != nil {
		options.DemoKey, options.Identity = p.demoKey, handlers.Demo(p.demoKey)
		options.Roster = handlers.DemoRoster(p.store, p.stats)
		return
	}
	operators := identity.Operators{Named: p.config.Operators, Discord: p.bot.Operators}
	p.links = identity.NewLinks(identity.LinkOptions{Store: p.store, Roster: p.roster, Operator: operators.Has,
		Origin: origin})
	p.sessions = handlers.NewSessions(handlers.SessionOptions{Store: p.store, Operator: operators.Has,
		Plain: !p.config.SecureCookies(), Logger: p.log})
	options.Sessions, options.Identity, options.Roster, options.Links = p.sessions, p.sessions.Identify, p.roster, p.links
	options.OAuth = identity.NewOAuth(identity.OAuthOptions{APIURL: p.config.APIURL, Redirect: origin + callback,
		Client: p.bot.ApplicationID, Secret: p.clientSecret})
}

// clientSecret is that of the settings, else the one that an operator has stored.
func (p *parts) clientSecret(ctx context.Context) (string, error) {
	if p.config.ClientSecret.IsSet() {
		return p.config.ClientSecret.Reveal(), nil
	}
	return p.store.Secret(ctx, 0, store.SecretClient)
}

// dashboardReply is what /guildwatch dashboard says: a link for the one who asked, or how to get a role.
func (p *parts) dashboardReply(
	ctx context.Context, guild snowflake.GuildID, member moderation.Member,
) (bot.Reply, error) {
	address, err := p.links.Ask(ctx, guild, member)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: "This link signs you in to the dashboard of this server. It works once, for five minutes, " +
		"and is for you alone.", Button: bot.Button{Label: "Open the dashboard", URL: address}}, nil
}
