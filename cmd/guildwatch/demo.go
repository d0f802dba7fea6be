package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"guildwatch/internal/config"
	"guildwatch/internal/demo"
	"guildwatch/internal/discordsim"
	"guildwatch/store"
)

// demoCommand shows guildwatch at work without Discord.
type demoCommand struct {
	config.Settings
	Seed int
}

func (c *demoCommand) flags(f *config.Flags) {
	c.Bind(f)
	f.Number(&c.Seed, "seed", "", 1, "The demo's world is made from this number and the hour.")
}

// run plays a made-up world on a stand-in for Discord, and lets the bot and its dashboard run on it.
func (c *demoCommand) run(t terminal) error {
	cfg, err := c.Settings.Validate()
	if err != nil {
		return err
	}
	if cfg.Data == "" {
		if cfg.Data, err = os.MkdirTemp("", "guildwatch-demo-"); err != nil {
			return err
		}
		defer os.RemoveAll(cfg.Data)
	}
	return playDemo(t, t, cfg, uint64(c.Seed), func(address string) { t.showDemo(cfg.Origin(address)) })
}

// showDemo says where to look.
func (t terminal) showDemo(origin string) {
	fmt.Fprintf(t.out, `
  guildwatch demo   %s

  Three made-up servers, 90 days of history, live traffic over Discord's own protocol. Worth a look:
    the overview        events arrive by themselves; the first burst of spam comes within a minute
    a server's page     Pixel Harbour is loud, Copper Wire Club busy, Moss & Fern quiet and not quite set up
    its violations      somebody in Pixel Harbour breaks a rule every 20 s or so: see what was done, and undo it
    its appeals         members say their side now and then; decide before its moderators do
    its rules           words that mean nothing, in every disguise; try a message of your own on them
    your phone's size   pull down to refresh, swipe between sections; light and dark follow the system
    /api/stats          the same figures as JSON

  Stop it with Ctrl-C.

`, origin)
}

// playDemo shows the demo until ctx ends.
func playDemo(ctx context.Context, t terminal, cfg config.Config, seed uint64, started func(string)) error {
	cfg.LogLevel = max(cfg.LogLevel, slog.LevelWarn) // the terminal is for the visitor
	d, err := openDemo(ctx, cfg, seed, logger(cfg, t.errs))
	if err != nil {
		return err
	}
	return d.play(ctx, started)
}

// demonstration is a made-up world on its stand-in, and what the program needs to run there.
type demonstration struct {
	town   *demo.Town
	sim    *discordsim.Sim
	sink   *sinkHost
	config config.Config
	log    *slog.Logger
}

// openDemo makes the world, and lets the stand-in listen. It must be played, which closes it.
func openDemo(ctx context.Context, cfg config.Config, seed uint64, log *slog.Logger) (*demonstration, error) {
	town, err := demo.Open(ctx, cfg.Data, seed, time.Now())
	if err != nil {
		return nil, exitError{3, err}
	}
	sim := discordsim.New(discordsim.Options{Owner: town.Owner, Seed: seed, Logger: log})
	town.Settle(sim)
	if err := sim.Start("127.0.0.1:0"); err != nil {
		return nil, err
	}
	sink, err := openSink()
	if err != nil {
		return nil, errors.Join(err, sim.Close())
	}
	cfg.Token, cfg.APIURL, cfg.PublicStats = config.NewSecret(sim.Token()), sim.URL(), true
	cfg.AllowWebhooks, cfg.Mail = true, config.Mail{} // which lead to the sink alone
	return &demonstration{town, sim, sink, cfg, log}, nil
}

// play runs the stand-in, its traffic and the program itself until ctx ends.
func (d *demonstration) play(ctx context.Context, started func(string)) error {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails: the program would end instead
	playing, stop := context.WithCancel(ctx)
	var traffic sync.WaitGroup
	traffic.Go(func() {
		if d.sim.WaitConnected(playing) == nil {
			d.town.Play(playing, d.sim)
		}
	})
	err := run(ctx, program{config: d.config, log: d.log, demoKey: key, started: started,
		sink: &d.sink.address,
		beside: func(ctx context.Context, st *store.Store) {
			setUp(ctx, d.town, st, d.sink, d.log)
			keepOrder(ctx, d.town, st, d.log)
		}})
	stop()
	traffic.Wait()
	return errors.Join(err, d.sim.Close(), d.sink.server.Close())
}
