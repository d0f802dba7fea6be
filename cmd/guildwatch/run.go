package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"guildwatch/handlers"
	"guildwatch/internal/bot"
	"guildwatch/internal/bot/courier"
	"guildwatch/internal/config"
	"guildwatch/internal/export"
	"guildwatch/internal/feed"
	"guildwatch/internal/identity"
	"guildwatch/internal/live"
	"guildwatch/internal/moderation/desk"
	"guildwatch/internal/moderation/native"
	"guildwatch/internal/report"
	"guildwatch/internal/secret"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// stopTime bounds a clean stop, in all; container runtimes kill after 10 s.
const stopTime = 8 * time.Second

// tidyPace is how often old change rows are pruned and the offender windows moved on.
const tidyPace = time.Minute

// dropPace is how often rows are deleted that their server keeps no longer.
const dropPace = 24 * time.Hour

// program is what run needs: settings, a log, and who the visitors are.
type program struct {
	config  config.Config
	log     *slog.Logger
	demoKey []byte                              // signs the demo's cookies; nil: this is no demo
	started func(address string)                // called once the dashboard answers; may be nil
	sink    *netip.AddrPort                     // the one address that the demo's webhooks may call; nil: this is no demo
	beside  func(context.Context, *store.Store) // runs beside the rest until it ends or all does; may be nil
}

// parts is the running program: what main's commands, and end-to-end tests, put together.
type parts struct {
	program
	store   *store.Store
	stats   *stats.Stats
	feed    *feed.Feed
	hub     *live.Hub
	bot     *bot.Bot
	desk    *desk.Desk
	courier *courier.Courier
	roster  *identity.Roster
	warden  *handlers.Warden
	exports *export.Exporter
	press   *report.Press
	server  *http.Server
	audit   auditWatch
	scams   *scamWatch

	sessions *handlers.Sessions // nil in the demo, like links
	links    *identity.Links

	reports reports // of members, lately
}

// run starts everything, keeps it running until ctx ends, and stops it so that nothing received is lost: the bot takes
// nothing more, what it has is recorded, pages learn of it, streams end, the store closes. It returns nil after a clean
// stop.
func run(ctx context.Context, p program) (err error) {
	listener, err := net.Listen("tcp", p.config.Listen)
	if err != nil {
		return fmt.Errorf("the dashboard cannot listen on %s: %w. Stop what uses that port, or choose another with --listen",
			p.config.Listen, err)
	}
	st, err := p.remember(ctx)
	if err != nil {
		return exitError{3, errors.Join(err, listener.Close())}
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	parts := &parts{program: p, store: st}
	if err := parts.connect(listener.Addr().String()); err != nil {
		return errors.Join(err, listener.Close())
	}
	return parts.serve(ctx, listener)
}

// remember opens the store, with the key for its secrets.
func (p program) remember(ctx context.Context) (*store.Store, error) {
	log := p.log
	if p.demoKey != nil {
		log = slog.New(slog.DiscardHandler) // nobody needs to keep a demo's key
	}
	key, err := secret.Load(p.config.Data, p.config.Key.Reveal(), log)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Options{Dir: p.config.Data, Key: key, Logger: p.log})
}

// connect makes the parts and tells each what it stands on. Nothing runs yet.
func (p *parts) connect(address string) (err error) {
	p.stats = stats.New(p.store, stats.Options{Gateway: p.gateway,
		Registered: func() int { return p.bot.Status().Commands }, Logger: p.log})
	p.feed = feed.New(p.store, p.stats, nil, p.log)
	p.hub = live.New(live.Options{Backfill: p.feed.Backfill, Watching: p.feed.Watching, PerUser: p.config.StreamsPerUser,
		Total: p.config.StreamsTotal, Logger: p.log})
	p.scams = newScamWatch(p.config, p.store.UseScams, p.log)
	p.desk = p.newDesk()
	p.bot, err = bot.New(bot.Options{Token: p.config.Token.Reveal(), APIURL: p.config.APIURL,
		Desk: p.desk, Ledger: p.store, Sessions: p.store, Guilds: p.knownGuilds,
		Commands: p.commands(), Logger: p.log})
	if err != nil {
		return err
	}
	p.courier = courier.New(courier.Options{Store: p.store, Bot: p.bot, Site: p.config.Origin(address), Logger: p.log})
	p.roster = identity.NewRoster(p.store, p.bot)
	p.warden = handlers.NewWarden(p.hub, p.store)
	about := about()
	options := handlers.Options{Stats: p.stats, Store: p.store, Hub: p.hub, Health: p.health, Vitals: p.vitals,
		PublicURL: p.config.PublicURL, Hosts: []string{address}, TrustedProxies: p.config.TrustedProxies,
		PublicStats: p.config.PublicStats, Version: about.Version, BuildTime: about.Time, Logger: p.log}
	options.Desk = p.desk
	options.Native = native.NewBook(p.bot, p.store)
	if options.Exports, err = export.New(export.Options{Store: p.store, Stats: p.stats, Logger: p.log,
		Dir: filepath.Join(p.config.Data, "exports")}); err != nil {
		return err
	}
	p.exports = options.Exports
	p.press = p.newPress(address)
	options.Reports, options.Mail = p.press, p.mailServer()
	options.Say, options.SecretFixed = p.bot.Say, p.config.ClientSecret.IsSet()
	p.admit(&options, p.config.Origin(address))
	p.server = handlers.NewServer(handlers.New(options), p.hub, p.log)
	if p.config.TLSCert != "" {
		p.server.TLSConfig, err = handlers.TLS(p.config.TLSCert, p.config.TLSKey, p.log)
	}
	return err
}

// answer serves the dashboard until it is shut down, by https where there is a certificate.
func (p *parts) answer(listener net.Listener) error {
	if p.server.TLSConfig != nil {
		return p.server.ServeTLS(listener, "", "")
	}
	return p.server.Serve(listener)
}

// serve runs the parts until ctx ends. The order of the stop is the order of the data: bot, what the desk has under way, feed,
// streams, HTTP; the store is last.
func (p *parts) serve(ctx context.Context, listener net.Listener) error {
	web := p.start("dashboard", func() error { return p.answer(listener) })
	feeding, stopFeed := context.WithCancel(context.WithoutCancel(ctx))
	defer stopFeed()
	announcing := p.start("feed", func() error { return p.feed.Run(feeding, p.hub) })
	working, stopWork := context.WithCancel(ctx)
	defer stopWork()
	var chores sync.WaitGroup
	chores.Go(func() { p.keep(working, "names", func() { p.store.Names().Run(working, p.namer()) }) })
	chores.Go(func() { p.keep(working, "streams", func() { p.warden.Run(working) }) })
	chores.Go(func() { p.keep(working, "scam list", func() { p.scams.run(working) }) })
	chores.Go(func() { p.keep(working, "audit", func() { p.proveAudit(working) }) })
	chores.Go(func() { p.keep(working, "courier", func() { p.courier.Run(working) }) })
	chores.Go(func() { p.keep(working, "exports", func() { p.exports.Run(working) }) })
	chores.Go(func() { p.keep(working, "reports", func() { p.press.Run(working) }) })
	chores.Go(func() { p.keep(working, "upkeep", func() { p.tidy(working) }) })
	if p.beside != nil {
		chores.Go(func() { p.keep(working, "beside", func() { p.beside(working, p.store) }) })
	}
	chores.Go(func() { p.keep(working, "raids", func() { p.desk.RaidMode().Run(working) }) })
	acting, stopActing := context.WithCancel(context.WithoutCancel(ctx))
	defer stopActing()
	recording := p.start("clerk", func() error {
		p.keep(acting, "clerk", func() { p.desk.Clerk().Run(acting) })
		return nil
	})
	enforcing := p.start("worker", func() error {
		p.keep(acting, "worker", func() { p.desk.Worker().Run(acting) })
		return nil
	})
	if p.sessions != nil {
		chores.Go(func() { p.keep(working, "sessions", func() { p.sessions.Run(working) }) })
	}
	talking := p.start("bot", func() error { return p.bot.Run(working) })
	if p.started != nil {
		p.started(listener.Addr().String())
	}

	failure := p.wait(ctx, web, talking)
	began := time.Now()
	stopWork()
	<-talking
	chores.Wait()
	stopActing()
	<-recording
	<-enforcing
	p.settle()
	stopFeed()
	<-announcing
	stopping, done := context.WithTimeout(context.WithoutCancel(ctx), stopTime-time.Since(began))
	defer done()
	p.hub.Shutdown("guildwatch is restarting.")
	if err := p.server.Shutdown(stopping); err != nil {
		p.log.Warn("some requests were cut short", "err", err)
	}
	p.log.Info("stopped", "took", time.Since(began).Round(time.Millisecond))
	return failure
}

// wait returns when ctx ends (nil) or the dashboard fails, which stops the bot as well. When the bot is refused for
// good, the dashboard stays: it says why.
func (p *parts) wait(ctx context.Context, web, talking <-chan error) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-web:
			return fmt.Errorf("the dashboard stopped: %w", err)
		case err := <-talking:
			if err == nil {
				<-ctx.Done()
				return nil
			}
			p.log.Error("the bot has stopped; the dashboard goes on", "err", err)
			talking = nil
		}
	}
}

// settle waits until everything committed has been announced, at most a second: pages should not learn of it only by
// reconnecting.
func (p *parts) settle() {
	deadline := time.Now().Add(time.Second)
	for p.feed.Announced() < p.store.LastSeq() && time.Now().Before(deadline) {
		time.Sleep(5 * time.Millisecond)
	}
}

// start runs a part in a goroutine of its own; the channel gives its error and is closed when it has ended.
func (p *parts) start(name string, fn func() error) <-chan error {
	ended := make(chan error, 1)
	go func() {
		defer close(ended)
		ended <- p.guard(name, fn)
	}()
	return ended
}

// keep runs a part until it ends by itself or ctx does; after a panic it runs it again, a second later.
func (p *parts) keep(ctx context.Context, name string, fn func()) {
	for p.guard(name, func() error { fn(); return nil }) != nil {
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return
		}
	}
}

// guard turns a panic of a part into its error.
func (p *parts) guard(name string, fn func() error) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			p.log.Error("a part panicked", "part", name, "reason", reason, "stack", string(debug.Stack()))
			err = fmt.Errorf("%s panicked: %v", name, reason)
		}
	}()
	return fn()
}

// tidy prunes and sweeps until ctx ends.
func (p *parts) tidy(ctx context.Context) {
	tick := time.NewTicker(tidyPace)
	defer tick.Stop()
	var dropped time.Time
	for {
		now := time.Now()
		if now.Sub(dropped) >= dropPace {
			if _, err := p.store.DropOldRows(ctx, now); err != nil && ctx.Err() == nil {
				p.log.Warn("rows that servers keep no longer could not be deleted", "err", err)
			}
			if err := p.store.SumOffenders(ctx, now); err != nil && ctx.Err() == nil {
				p.log.Warn("who broke rules on the days that are over could not be summed", "err", err)
			}
			dropped = now
		}
		if _, err := p.store.Prune(ctx, now); err != nil && ctx.Err() == nil {
			p.log.Warn("old lines of the feed could not be pruned", "err", err)
		}
		if err := p.store.SweepWindows(ctx, now); err != nil && ctx.Err() == nil {
			p.log.Warn("the windows of top targets could not be moved on", "err", err)
		}
		if err := p.store.SweepIdentity(ctx, now); err != nil && ctx.Err() == nil {
			p.log.Warn("sessions and links that are over could not be swept", "err", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// knownGuilds lists the guilds that the bot was in when it last ran.
func (p *parts) knownGuilds(ctx context.Context) (ids []snowflake.GuildID, err error) {
	err = p.store.Read(ctx, func(now *store.Snapshot) {
		for _, profile := range now.Profiles() {
			ids = append(ids, profile.ID)
		}
	})
	return ids, err
}
