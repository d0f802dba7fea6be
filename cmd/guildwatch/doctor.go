package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"guildwatch/internal/bot"
	"guildwatch/internal/config"
	"guildwatch/internal/fault"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// doctorCommand looks at everything that serve needs and says how to mend what is wrong.
type doctorCommand struct {
	config.Settings
}

// maxSkew is how far this machine's clock may be off: interactions are signed with times, and Discord's ids are
// moments.
const maxSkew = 5 * time.Second

func (c *doctorCommand) flags(f *config.Flags) { c.Bind(f) }

// run examines and prints a line for each finding; anything wrong is an error, so that the exit code is 1.
func (c *doctorCommand) run(t terminal) error {
	cfg, err := load(c.Settings)
	if err != nil {
		return err
	}
	x := &examination{out: t.out}
	x.database(t, cfg)
	x.key(cfg)
	x.address(cfg)
	x.certificate(cfg, time.Now())
	x.mail(cfg)
	x.scams(cfg)
	x.discord(t, cfg)
	if x.wrong > 0 {
		return fmt.Errorf("%d of %d checks need a hand", x.wrong, x.all)
	}
	return nil
}

// examination prints findings as they come.
type examination struct {
	out        io.Writer
	all, wrong int
}

func (x *examination) well(what, format string, args ...any) {
	x.all++
	fmt.Fprintf(x.out, "  ok   %-12s %s\n", what, fmt.Sprintf(format, args...))
}

func (x *examination) mend(what, found, fix string) {
	x.all++
	x.wrong++
	fmt.Fprintf(x.out, "  FIX  %-12s %s\n       %-12s %s\n", what, found, "", fix)
}

// database opens the data, unless a running guildwatch holds it: then that one watches over it.
func (x *examination) database(ctx context.Context, cfg config.Config) {
	if _, err := os.Stat(filepath.Join(cfg.Data, "guildwatch.db")); errors.Is(err, fs.ErrNotExist) {
		x.well("database", "none in %s yet: serve will make it", cfg.Data)
		return
	}
	s, err := store.Open(ctx, store.Options{Dir: cfg.Data})
	if err == nil {
		err = s.Close()
	}
	switch {
	case err == nil:
		x.well("database", "%s opens, and its schema is the newest", cfg.Data)
	case fault.Of(err) == fault.Conflict:
		x.well("database", "in use by a running guildwatch")
	default:
		x.mend("database", "cannot be opened", err.Error())
	}
}

// discord asks Discord about the token, the intents, the permissions in each guild, and the time.
func (x *examination) discord(ctx context.Context, cfg config.Config) {
	if !cfg.Token.IsSet() {
		x.mend("token", "DISCORD_TOKEN is not set", "Open https://discord.com/developers/applications, choose your application, Bot, Reset Token.")
		return
	}
	inspector, err := bot.NewInspector(cfg.APIURL, cfg.Token.Reveal())
	if err != nil {
		x.mend("token", "cannot be used", err.Error())
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	me, err := inspector.Identity(ctx)
	if err != nil {
		x.mend("token", "Discord does not accept it, or cannot be reached at "+cfg.APIURL, err.Error())
		return
	}
	x.well("token", "belongs to %s (application %s)", me.Name, me.Application)
	if skew := inspector.Skew(); skew.Abs() > maxSkew {
		x.mend("clock", fmt.Sprintf("this machine's clock is off by %s", skew.Abs().Round(time.Second)), "Switch on time synchronisation (NTP).")
	} else {
		x.well("clock", "agrees with Discord's")
	}
	if missing := me.Missing(); len(missing) == 0 {
		x.well("intents", "both privileged intents are switched on")
	} else {
		for _, m := range missing {
			x.mend("intents", m.Intent+" is off. "+m.Effect, m.Remedy)
		}
	}
	x.signIn(cfg, me)
	x.places(ctx, inspector)
}

func (x *examination) places(ctx context.Context, inspector *bot.Inspector) {
	places, err := inspector.Places(ctx)
	if err != nil {
		x.mend("permissions", "the bot's servers could not be listed", err.Error())
		return
	}
	if len(places) == 0 {
		x.mend("permissions", "the bot is in no server", "Invite it: developer portal, your application, Installation, with the scopes bot and applications.commands.")
	}
	for _, place := range places {
		if missing := stats.MissingPermissions(place.Permissions); len(missing) > 0 {
			x.mend("permissions", fmt.Sprintf("in %q it lacks %s", place.Name, strings.Join(missing, ", ")),
				"Open that server's settings, Roles, the bot's role, and switch them on.")
			continue
		}
		x.well("permissions", "has what it needs in %q", place.Name)
	}
}
