package config

import (
	"fmt"

	"github.com/spf13/pflag"
)

// Flags are the flags of one command. A flag that the command line does not name takes the value of its environment
// variable, where it has one.
type Flags struct {
	set *pflag.FlagSet
	env map[string]string // by the flag's name
}

// NewFlags adds to the flags in set.
func NewFlags(set *pflag.FlagSet) *Flags {
	set.SortFlags = false
	return &Flags{set: set, env: map[string]string{}}
}

// Text makes a flag of at. env may be empty.
func (f *Flags) Text(at *string, name, env, usual, help string) {
	f.set.StringVar(at, name, usual, f.help(name, env, help))
}

// Number makes a flag of at. env may be empty.
func (f *Flags) Number(at *int, name, env string, usual int, help string) {
	f.set.IntVar(at, name, usual, f.help(name, env, help))
}

// Switch makes a flag of at that is off unless it is named. env may be empty.
func (f *Flags) Switch(at *bool, name, env, help string) {
	f.set.BoolVar(at, name, false, f.help(name, env, help))
}

// Var makes a flag of whatever reads itself.
func (f *Flags) Var(at pflag.Value, name, help string) { f.set.Var(at, name, help) }

func (f *Flags) help(name, env, help string) string {
	if env == "" {
		return help
	}
	f.env[name] = env
	return help + " ($" + env + ")"
}

// Environ fills in what the command line has left out. A value that cannot be read is an error that names its variable.
func (f *Flags) Environ(getenv func(string) string) (err error) {
	f.set.VisitAll(func(flag *pflag.Flag) {
		env := f.env[flag.Name]
		value := getenv(env)
		if env == "" || value == "" || flag.Changed || err != nil {
			return
		}
		if flag.Value.Set(value) != nil {
			err = fmt.Errorf("%s=%q cannot be read as --%s, which takes a %s", env, value, flag.Name, flag.Value.Type())
		}
	})
	return err
}

// Bind makes a flag of each setting.
func (s *Settings) Bind(f *Flags) {
	f.Text(&s.Listen, "listen", "GUILDWATCH_LISTEN", "127.0.0.1:8080", "Address to serve the dashboard on.")
	f.Text(&s.Data, "data", "GUILDWATCH_DATA", "",
		"Directory for database, backups and exports; serve: ./guildwatch-data, demo: a temporary one.")
	f.Text(&s.PublicURL, "public-url", "GUILDWATCH_PUBLIC_URL", "",
		"What browsers use to reach the dashboard, for example https://mod.example.org.")
	f.Text(&s.TLSCert, "tls-cert", "GUILDWATCH_TLS_CERT", "",
		"File with the certificate and its chain, to speak https without a proxy.")
	f.Text(&s.TLSKey, "tls-key", "GUILDWATCH_TLS_KEY", "", "File with the certificate's private key.")
	f.Text(&s.TrustedProxies, "trusted-proxies", "GUILDWATCH_TRUSTED_PROXIES", "",
		"Addresses or networks of your own proxies, separated by commas.")
	f.Switch(&s.InsecureHTTP, "insecure-http", "GUILDWATCH_INSECURE_HTTP",
		"Serve plain http beyond this machine, on a private network.")
	f.Text(&s.LogLevel, "log-level", "GUILDWATCH_LOG_LEVEL", "info", "debug, info, warn or error.")
	f.Text(&s.LogFormat, "log-format", "GUILDWATCH_LOG_FORMAT", "text", "text or json.")
	f.Text(&s.APIURL, "discord-api-url", "DISCORD_API_URL", "https://discord.com/api",
		"Base of Discord's API, up to and including /api.")
	f.Text(&s.Operators, "operators", "GUILDWATCH_OPERATORS", "", "User ids that may see the overview, separated by commas.")
	f.Switch(&s.PublicStats, "public-stats", "PUBLIC_STATS", "Let anyone read /api/stats (aggregates only).")
	f.Number(&s.StreamsPerUser, "streams-per-user", "GUILDWATCH_STREAMS_PER_USER", 5, "Live streams for one person on one server.")
	f.Number(&s.StreamsTotal, "streams-total", "GUILDWATCH_STREAMS_TOTAL", 10_000, "Live streams in all.")
	f.Text(&s.ScamDomains, "scam-domains", "SCAM_DOMAINS", "",
		"File with scam domains in place of those that come with guildwatch; usually scam-domains.txt in the data directory.")
	f.Switch(&s.AllowWebhooks, "allow-webhooks", "GUILDWATCH_ALLOW_WEBHOOKS",
		"Let servers send reports to webhooks of any service, not of Discord alone.")
	f.Text(&s.MailServer, "mail-server", "GUILDWATCH_MAIL_SERVER", "", "Mail server for reports, host:port; port 465 speaks TLS from the start.")
	f.Text(&s.MailFrom, "mail-from", "GUILDWATCH_MAIL_FROM", "", "Address that mail comes from.")
	f.Text(&s.MailUser, "mail-user", "GUILDWATCH_MAIL_USER", "", "User at the mail server, if it wants one.")
}
