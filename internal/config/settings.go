package config

import (
	"fmt"
	"net/netip"
	"strings"

	"guildwatch/internal/secret"
	"guildwatch/internal/snowflake"
)

// Settings are the flags and environment variables as text, before anything is checked. The tags are kong's.
type Settings struct {
	Listen         string `default:"127.0.0.1:8080" env:"GUILDWATCH_LISTEN" help:"Address to serve the dashboard on."`
	Data           string `env:"GUILDWATCH_DATA" help:"Directory for database, backups and exports (serve: ./guildwatch-data; demo: a temporary one)."`
	PublicURL      string `name:"public-url" env:"GUILDWATCH_PUBLIC_URL" help:"What browsers use to reach the dashboard, for example https://mod.example.org."`
	TLSCert        string `name:"tls-cert" env:"GUILDWATCH_TLS_CERT" help:"File with the certificate and its chain, to speak https without a proxy."`
	TLSKey         string `name:"tls-key" env:"GUILDWATCH_TLS_KEY" help:"File with the certificate's private key."`
	TrustedProxies string `env:"GUILDWATCH_TRUSTED_PROXIES" help:"Addresses or networks of your own proxies, separated by commas."`
	InsecureHTTP   bool   `name:"insecure-http" env:"GUILDWATCH_INSECURE_HTTP" help:"Serve plain http beyond this machine, on a private network."`
	LogLevel       string `default:"info" env:"GUILDWATCH_LOG_LEVEL" help:"debug, info, warn or error."`
	LogFormat      string `default:"text" env:"GUILDWATCH_LOG_FORMAT" help:"text or json."`
	APIURL         string `name:"discord-api-url" default:"https://discord.com/api" env:"DISCORD_API_URL" help:"Base of Discord's API, up to and including /api."`
	Operators      string `env:"GUILDWATCH_OPERATORS" help:"User ids that may see the overview, separated by commas."`
	PublicStats    bool   `env:"PUBLIC_STATS" help:"Let anyone read /api/stats (aggregates only)."`
	StreamsPerUser int    `default:"5" env:"GUILDWATCH_STREAMS_PER_USER" help:"Live streams for one person on one server."`
	StreamsTotal   int    `default:"10000" env:"GUILDWATCH_STREAMS_TOTAL" help:"Live streams in all."`

	Token        string   `kong:"-"` // this and the next two: WithSecrets
	ClientSecret string   `kong:"-"`
	Key          string   `kong:"-"`
	unread       Problems // of WithSecrets
}

// Validate checks every setting and gives the value to run with, or Problems with all that is wrong.
func (s Settings) Validate() (Config, error) {
	c := Config{Listen: s.Listen, Data: s.Data, TLSCert: s.TLSCert, TLSKey: s.TLSKey, InsecureHTTP: s.InsecureHTTP,
		LogFormat: s.LogFormat, PublicStats: s.PublicStats, StreamsPerUser: s.StreamsPerUser, StreamsTotal: s.StreamsTotal,
		Token: NewSecret(s.Token), ClientSecret: NewSecret(s.ClientSecret), Key: NewSecret(s.Key)}
	wrong := append(Problems(nil), s.unread...)
	s.network(&c, &wrong)
	if err := c.LogLevel.UnmarshalText([]byte(s.LogLevel)); err != nil {
		wrong.add("--log-level (GUILDWATCH_LOG_LEVEL)", s.LogLevel, "use debug, info, warn or error")
	}
	if s.LogFormat != "text" && s.LogFormat != "json" {
		wrong.add("--log-format (GUILDWATCH_LOG_FORMAT)", s.LogFormat, "use text or json")
	}
	if u, err := checkURL(s.APIURL); err != nil {
		wrong.add("--discord-api-url (DISCORD_API_URL)", s.APIURL, "%v", err)
	} else if c.APIURL = strings.TrimRight(u.String(), "/"); !strings.HasSuffix(c.APIURL, "/api") {
		wrong.add("--discord-api-url (DISCORD_API_URL)", s.APIURL,
			"end it with /api, without a version: https://discord.com/api")
	}
	for _, text := range listed(s.Operators) {
		id, err := snowflake.Parse[snowflake.UserID](text)
		if err != nil {
			wrong.add("--operators (GUILDWATCH_OPERATORS)", text, "use Discord user ids, separated by commas")
			continue
		}
		c.Operators = append(c.Operators, id)
	}
	if s.StreamsPerUser < 1 {
		wrong.add("--streams-per-user (GUILDWATCH_STREAMS_PER_USER)", fmt.Sprint(s.StreamsPerUser), "use 1 or more")
	}
	if s.StreamsTotal < 1 {
		wrong.add("--streams-total (GUILDWATCH_STREAMS_TOTAL)", fmt.Sprint(s.StreamsTotal), "use 1 or more")
	}
	if _, err := secret.Parse(s.Key); s.Key != "" && err != nil {
		wrong.add("GUILDWATCH_KEY", "", "%v; for example from: openssl rand -hex 32", err)
	}
	if len(wrong) > 0 {
		return Config{}, wrong
	}
	return c, nil
}

// network checks where the dashboard is served and what browsers use to reach it.
func (s Settings) network(c *Config, wrong *Problems) {
	before := len(*wrong)
	if s.PublicURL != "" {
		u, err := checkURL(s.PublicURL)
		if err == nil && strings.Trim(u.Path, "/") != "" {
			err = fmt.Errorf("leave the path %q out: guildwatch is served at the root of a host", u.Path)
		}
		if err != nil {
			wrong.add("--public-url (GUILDWATCH_PUBLIC_URL)", s.PublicURL, "%v", err)
		}
		c.PublicURL = u
	}
	for _, text := range listed(s.TrustedProxies) {
		prefix, err := parseProxy(text)
		if err != nil {
			wrong.add("--trusted-proxies (GUILDWATCH_TRUSTED_PROXIES)", text, "%v", err)
			continue
		}
		c.TrustedProxies = append(c.TrustedProxies, prefix)
	}
	if field, value, err := checkPair(s.TLSCert, s.TLSKey); err != nil {
		wrong.add(field, value, "%v", err)
	}
	host, err := listenHost(s.Listen)
	if err != nil {
		wrong.add("--listen (GUILDWATCH_LISTEN)", s.Listen, "%v", err)
	}
	if len(*wrong) == before { // a half-understood address would be judged wrongly
		c.reach(host, wrong)
	}
}

// listed splits a list at commas and spaces.
func listed(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// parseProxy reads an address or a network. All addresses there are make no proxy: anybody could then claim to be
// anybody.
func parseProxy(text string) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(text)
	if addr, single := netip.ParseAddr(text); single == nil && addr.Zone() == "" {
		prefix, err = netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	if err != nil || prefix.Addr().Is4In6() {
		return netip.Prefix{}, fmt.Errorf("use addresses or networks, for example 10.0.0.5 or 10.0.0.0/24")
	}
	if prefix.Bits() == 0 {
		return netip.Prefix{}, fmt.Errorf("name your own proxies alone: whoever is trusted may claim any address")
	}
	return prefix.Masked(), nil
}
