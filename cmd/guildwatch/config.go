package main

import (
	"cmp"
	"fmt"
	"os"

	"guildwatch/internal/config"
)

// configCheckCommand shows the settings that serve would run with.
type configCheckCommand struct {
	config.Settings
}

func (c *configCheckCommand) flags(f *config.Flags) { c.Bind(f) }

// run prints the effective settings or every problem.
func (c *configCheckCommand) run(t terminal) error {
	cfg, err := load(c.Settings)
	if err != nil {
		return err
	}
	show := func(name, format string, args ...any) {
		fmt.Fprintf(t.out, "%-23s %s\n", name, fmt.Sprintf(format, args...))
	}
	show("listen", "%s (%s)", cfg.Listen, cfg.Scheme())
	show("data", "%s", cfg.Data)
	show("public-url", "%s", cfg.Origin(cfg.Listen))
	show("tls-cert", "%s", cmp.Or(cfg.TLSCert, "(none)"))
	show("tls-key", "%s", cmp.Or(cfg.TLSKey, "(none)"))
	show("trusted-proxies", "%v", cfg.TrustedProxies)
	show("insecure-http", "%t", cfg.InsecureHTTP)
	show("discord-api-url", "%s", cfg.APIURL)
	show("operators", "%v", cfg.Operators)
	show("public-stats", "%t", cfg.PublicStats)
	show("streams-per-user", "%d", cfg.StreamsPerUser)
	show("streams-total", "%d", cfg.StreamsTotal)
	show("scam-domains", "%s", scamFile(cfg))
	show("allow-webhooks", "%t", cfg.AllowWebhooks)
	show("mail-server", "%s", cfg.Mail)
	show("log", "%s, %s", cfg.LogLevel, cfg.LogFormat)
	show("DISCORD_TOKEN", "%s", cfg.Token)
	show("DISCORD_CLIENT_SECRET", "%s", cfg.ClientSecret)
	show("GUILDWATCH_KEY", "%s", cfg.Key)
	show("GUILDWATCH_MAIL_PASSWORD", "%s", cfg.Mail.Password)
	return nil
}

// load adds the secrets and the default data directory to what the command line said, and validates all of it.
func load(s config.Settings) (config.Config, error) {
	if s.Data == "" {
		s.Data = "./guildwatch-data"
	}
	return s.WithSecrets(os.Getenv).Validate()
}
