package config

import (
	"fmt"
	"net/netip"
	"strings"

	"guildwatch/internal/secret"
	"guildwatch/internal/snowflake"
)

// Settings are the flags and environment variables as text, before anything is checked; see Bind for what each is.
type Settings struct {
	Listen         string
	Data           string
	PublicURL      string
	TLSCert        string
	TLSKey         string
	TrustedProxies string
	InsecureHTTP   bool
	LogLevel       string
	LogFormat      string
	APIURL         string
	Operators      string
	PublicStats    bool
	StreamsPerUser int
	StreamsTotal   int
	ScamDomains    string
	AllowWebhooks  bool
	MailServer     string
	MailFrom       string
	MailUser       string

	Token        string // this and the next three: WithSecrets
	ClientSecret string
	Key          string
	MailPassword string
	unread       Problems // of WithSecrets
}

// Validate checks every setting and gives the value to run with, or Problems with all that is wrong.
func (s Settings) Validate() (Config, error) {
	c := Config{Listen: s.Listen, Data: s.Data, TLSCert: s.TLSCert, TLSKey: s.TLSKey, InsecureHTTP: s.InsecureHTTP,
		LogFormat: s.LogFormat, PublicStats: s.PublicStats, StreamsPerUser: s.StreamsPerUser, StreamsTotal: s.StreamsTotal,
		AllowWebhooks: s.AllowWebhooks, ScamDomains: s.ScamDomains,
		Token: NewSecret(s.Token), ClientSecret: NewSecret(s.ClientSecret), Key: NewSecret(s.Key)}
	wrong := append(Problems(nil), s.unread...)
	s.network(&c, &wrong)
	s.mail(&c, &wrong)
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
