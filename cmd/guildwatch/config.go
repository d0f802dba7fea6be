package main

import (
	"fmt"
	"os"

	"guildwatch/internal/config"
)

// configCommands groups what concerns settings.
type configCommands struct {
	Check configCheckCommand `cmd:"" help:"Check all settings and show the effective ones, without secrets."`
}

// configCheckCommand shows the settings that serve would run with.
type configCheckCommand struct {
	config.Settings
}

// Run prints the effective settings or every problem.
func (c *configCheckCommand) Run(t terminal) error {
	cfg, err := load(c.Settings)
	if err != nil {
		return err
	}
	public := "http://" + cfg.Listen
	if cfg.PublicURL != nil {
		public = cfg.PublicURL.String()
	}
	fmt.Fprintf(t.out, "listen            %s\ndata              %s\npublic-url        %s\ndiscord-api-url   %s\nDISCORD_TOKEN     %s\n",
		cfg.Listen, cfg.Data, public, cfg.APIURL, cfg.Token)
	fmt.Fprintf(t.out, "operators         %v\npublic-stats      %t\nstreams-per-user  %d\nstreams-total     %d\nlog               %s, %s\n",
		cfg.Operators, cfg.PublicStats, cfg.StreamsPerUser, cfg.StreamsTotal, cfg.LogLevel, cfg.LogFormat)
	return nil
}

// load adds the token and the default data directory to what the command line said, and validates all of it.
func load(s config.Settings) (config.Config, error) {
	token, err := config.TokenFromEnv(os.Getenv)
	if err != nil {
		return config.Config{}, err
	}
	s.Token = token
	if s.Data == "" {
		s.Data = "./guildwatch-data"
	}
	return s.Validate()
}
