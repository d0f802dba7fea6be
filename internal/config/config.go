// Package config turns flags and environment into one validated value. Nothing else in the program reads the
// environment. All problems are found at once, each with the field, the value and what would be right;
// docs/CONFIGURATION.md is the same for people.
package config

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"guildwatch/internal/snowflake"
)

// Settings are the flags and environment variables as text, before anything is checked. The tags are kong's.
type Settings struct {
	Listen         string `default:"127.0.0.1:8080" env:"GUILDWATCH_LISTEN" help:"Address to serve the dashboard on."`
	Data           string `env:"GUILDWATCH_DATA" help:"Directory for database, backups and exports (serve: ./guildwatch-data; demo: a temporary one)."`
	PublicURL      string `name:"public-url" env:"GUILDWATCH_PUBLIC_URL" help:"What browsers use to reach the dashboard, for example https://mod.example.org."`
	LogLevel       string `default:"info" env:"GUILDWATCH_LOG_LEVEL" help:"debug, info, warn or error."`
	LogFormat      string `default:"text" env:"GUILDWATCH_LOG_FORMAT" help:"text or json."`
	APIURL         string `name:"discord-api-url" default:"https://discord.com/api" env:"DISCORD_API_URL" help:"Base of Discord's API, up to and including /api."`
	Operators      string `env:"GUILDWATCH_OPERATORS" help:"User ids that may see the overview, separated by commas."`
	PublicStats    bool   `env:"PUBLIC_STATS" help:"Let anyone read /api/stats (aggregates only)."`
	StreamsPerUser int    `default:"5" env:"GUILDWATCH_STREAMS_PER_USER" help:"Live streams for one person on one server."`
	StreamsTotal   int    `default:"10000" env:"GUILDWATCH_STREAMS_TOTAL" help:"Live streams in all."`
	Token          string `kong:"-"` // from DISCORD_TOKEN or DISCORD_TOKEN_FILE alone: a flag would show in the process list
}

// Config is what the program runs with. It is a value: it never changes after the start.
type Config struct {
	Listen         string
	Data           string // empty in the demo: a temporary directory
	PublicURL      *url.URL
	LogLevel       slog.Level
	LogFormat      string
	APIURL         string
	Operators      []snowflake.UserID
	PublicStats    bool
	StreamsPerUser int
	StreamsTotal   int
	Token          Secret
}

// Secret is a value that must not be printed: it formats, logs and marshals as a mask. Reveal gives the text.
type Secret struct{ text string }

// NewSecret hides text.
func NewSecret(text string) Secret { return Secret{text} }

// Reveal is the text itself: for the wire, never for a log.
func (s Secret) Reveal() string { return s.text }

// IsSet says whether there is anything to hide.
func (s Secret) IsSet() bool { return s.text != "" }

// String masks the secret, whatever the format verb.
func (s Secret) String() string {
	if s.text == "" {
		return "(not set)"
	}
	return "(set, hidden)"
}

// GoString masks the secret for %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue masks the secret in structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText masks the secret in JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Problem is one setting that cannot be used.
type Problem struct {
	Field string // the flag and the variable: "--listen (GUILDWATCH_LISTEN)"
	Value string
	Want  string // what would be right
}

// Problems is every setting that cannot be used, as one error.
type Problems []Problem

// Error lists the problems, a line each.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = fmt.Sprintf("  %s is %q: %s", one.Field, one.Value, one.Want)
	}
	return "these settings cannot be used:\n" + strings.Join(lines, "\n")
}

// Validate checks every setting and gives the value to run with, or Problems with all that is wrong.
func (s Settings) Validate() (Config, error) {
	c := Config{Listen: s.Listen, Data: s.Data, LogFormat: s.LogFormat, PublicStats: s.PublicStats, StreamsPerUser: s.StreamsPerUser,
		StreamsTotal: s.StreamsTotal, Token: NewSecret(strings.TrimSpace(s.Token))}
	var wrong Problems
	refuse := func(field, value, want string, args ...any) {
		wrong = append(wrong, Problem{field, value, fmt.Sprintf(want, args...)})
	}
	if err := checkListen(s.Listen); err != nil {
		refuse("--listen (GUILDWATCH_LISTEN)", s.Listen, "%v", err)
	}
	if err := c.LogLevel.UnmarshalText([]byte(s.LogLevel)); err != nil {
		refuse("--log-level (GUILDWATCH_LOG_LEVEL)", s.LogLevel, "use debug, info, warn or error")
	}
	if s.LogFormat != "text" && s.LogFormat != "json" {
		refuse("--log-format (GUILDWATCH_LOG_FORMAT)", s.LogFormat, "use text or json")
	}
	if s.PublicURL != "" {
		u, err := checkURL(s.PublicURL)
		if err == nil && strings.Trim(u.Path, "/") != "" {
			err = fmt.Errorf("leave the path %q out: guildwatch is served at the root of a host", u.Path)
		}
		if err != nil {
			refuse("--public-url (GUILDWATCH_PUBLIC_URL)", s.PublicURL, "%v", err)
		}
		c.PublicURL = u
	}
	if u, err := checkURL(s.APIURL); err != nil {
		refuse("--discord-api-url (DISCORD_API_URL)", s.APIURL, "%v", err)
	} else if c.APIURL = strings.TrimRight(u.String(), "/"); !strings.HasSuffix(u.Path, "/api") && !strings.HasSuffix(u.Path, "/api/") {
		refuse("--discord-api-url (DISCORD_API_URL)", s.APIURL, "end it with /api, without a version: https://discord.com/api")
	}
	for _, text := range strings.FieldsFunc(s.Operators, func(r rune) bool { return r == ',' || r == ' ' }) {
		id, err := snowflake.Parse[snowflake.UserID](text)
		if err != nil {
			refuse("--operators (GUILDWATCH_OPERATORS)", text, "use Discord user ids, separated by commas")
			continue
		}
		c.Operators = append(c.Operators, id)
	}
	if s.StreamsPerUser < 1 {
		refuse("--streams-per-user (GUILDWATCH_STREAMS_PER_USER)", fmt.Sprint(s.StreamsPerUser), "use 1 or more")
	}
	if s.StreamsTotal < 1 {
		refuse("--streams-total (GUILDWATCH_STREAMS_TOTAL)", fmt.Sprint(s.StreamsTotal), "use 1 or more")
	}
	if len(wrong) > 0 {
		return Config{}, wrong
	}
	return c, nil
}

// checkListen takes loopback addresses only: until people can sign in, whoever reaches the port sees everything.
func checkListen(listen string) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("use host:port, for example 127.0.0.1:8080")
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return fmt.Errorf("use a loopback address, for example 127.0.0.1:8080: this version has no sign-in yet, so whoever " +
			"reaches the dashboard sees everything; from elsewhere use an SSH tunnel")
	}
	return nil
}

func checkURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("use a whole address with http:// or https:// and a host")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("leave user, query and fragment out")
	}
	return u, nil
}
