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

// Run connects to Discord and serves the dashboard until it is told to stop.
func (c *serveCommand) Run(t terminal) error {
	cfg, err := load(c.Settings)
	if err != nil {
		return err
	}
	if !cfg.Token.IsSet() {
		return fault.New(fault.Invalid, "there is no bot token. Open https://discord.com/developers/applications, choose your "+
			"application (or make one), Bot, Reset Token, and start guildwatch with DISCORD_TOKEN set to it. "+
			"To look around without one: guildwatch demo")
	}
	log := logger(cfg, t.errs)
	return run(t, program{config: cfg, log: log, started: func(address string) {
		fmt.Fprintf(t.out, "The dashboard is on http://%s. It listens on this machine alone: there is no sign-in yet, and whoever\n"+
			"reaches it may see every server. From elsewhere use an SSH tunnel.\n", address)
	}})
}
