package main

import (
	"fmt"

	"guildwatch/internal/config"
	"guildwatch/internal/fault"
)

// serveCommand runs the real thing.
type serveCommand struct {
	config.Settings
}

func (c *serveCommand) flags(f *config.Flags) { c.Bind(f) }

// run connects to Discord and serves the dashboard until it is told to stop.
func (c *serveCommand) run(t terminal) error {
	cfg, err := load(c.Settings)
	if err != nil {
		return err
	}
	if !cfg.Token.IsSet() {
		return fault.New(fault.Invalid,
			"there is no bot token. Open https://discord.com/developers/applications, choose your "+
				"application (or make one), Bot, Reset Token, and start guildwatch with DISCORD_TOKEN set to it. "+
				"To look around without one: guildwatch demo")
	}
	return run(t, program{config: cfg, log: logger(cfg, t.errs), started: func(address string) {
		fmt.Fprintf(t.out,
			"The dashboard is on %s. To sign in, write /guildwatch dashboard in a server that the bot is in.\n",
			cfg.Origin(address))
	}})
}
