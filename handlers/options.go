package handlers

import (
	"context"
	"log/slog"
	"net/netip"
	"net/url"

	"guildwatch/internal/access"
	"guildwatch/internal/export"
	"guildwatch/internal/identity"
	"guildwatch/internal/live"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// Desk does what a moderator asks for, and takes it back. Its errors are of kind fault.Error, with a sentence for that
// moderator.
type Desk interface {
	Act(context.Context, access.Grant[access.ActOnMembers], moderation.Order) (moderation.Opened, error)
	Undo(ctx context.Context, grant access.Grant[access.ActOnMembers], action int64, by moderation.Source) (moderation.Opened, error)
	SwitchRaid(ctx context.Context, grant access.Grant[access.SwitchRaidMode], on bool) (raid.Raid, error)
	ActOnRaid(context.Context, access.Grant[access.ActOnMembers], raid.Order) (int, error)
	// RaidTargets leaves out whom nobody acts on in bulk.
	RaidTargets(ctx context.Context, grant access.Grant[access.ActOnMembers], users []snowflake.UserID) (targets, spared []snowflake.UserID)
	Decide(context.Context, access.Grant[access.DecideAppeals], moderation.Decision) (moderation.Opened, error)
}

// Options is what the handlers stand on.
type Options struct {
	Stats    *stats.Stats
	Store    *store.Store // for names, and for its counters on /metrics
	Hub      *live.Hub
	Identity Identity
	Sessions *Sessions       // who is signed in; nil in the demo
	Links    *identity.Links // from Discord; nil in the demo
	OAuth    *identity.OAuth // through Discord's own page; nil in the demo
	Roster   Roster
	Exports  *export.Exporter
	Desk     Desk                         // acts for moderators, and takes back
	Reports  Reporter                     // sends reports, and says which ways there are
	Native   NativeBook                   // changes Discord's own AutoMod rules
	Health   func(context.Context) []Part // how each part is doing; must answer within a second
	Vitals   func() Vitals                // for /metrics

	// Say has the bot write one message; its error is a *fault.Error that names what is missing.
	Say         func(ctx context.Context, channel snowflake.ChannelID, text string) error
	Mail        MailServer // of the settings, for the operator's page
	SecretFixed bool       // the OAuth2 client secret is set by the environment, which wins over the page

	PublicURL      *url.URL       // what browsers use; nil: loopback names alone
	Hosts          []string       // further host:port values to answer to, such as the address listened on
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	PublicStats    bool           // /api/stats for everyone
	DemoKey        []byte         // signs the demo's cookies; nil: this is no demo

	Version   string
	BuildTime string // RFC 3339, or "unknown"

	OpeningsPerMinute int // streams that one session may open in a minute; 0: 60
	Logger            *slog.Logger
}
