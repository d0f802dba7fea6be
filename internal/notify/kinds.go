package notify

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net/mail"
	"net/url"
	"regexp"
	"strings"

	"guildwatch/internal/fault"
)

// Kind is a kind of channel.
type Kind string

// The kinds. What a destination's row holds is one of these words.
const (
	KindDiscord Kind = "discord"
	KindMail    Kind = "email"
	KindWebhook Kind = "webhook"
)

// Address is where a destination's messages go: what is sealed in the database and never shown again.
type Address struct {
	URL  string `json:"url,omitempty"`
	Mail string `json:"mail,omitempty"`
	Key  string `json:"key,omitempty"` // signs what is sent to a webhook
}

// Given is an address that was found good.
type Given struct {
	Address Address
	Shown   string // what may be shown of it
}

// Seal writes an address as the store keeps it.
func (a Address) Seal() string {
	text, _ := json.Marshal(a) // strings always encode
	return string(text)
}

// Unseal reads what Seal has written.
func Unseal(text string) (a Address, err error) {
	err = json.Unmarshal([]byte(text), &a)
	return a, err
}

// discordHook is the address of a webhook of Discord's, whole: an expression without its ends would find it in a longer
// one as well.
var discordHook = regexp.MustCompile(
	`^https://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{15,21}/[A-Za-z0-9_-]{20,120}$`)

// Accept reads what somebody has given as the address of a channel. It answers an Invalid, or an Unprocessable when the
// operator has not set up that kind of channel; neither shows anything of what was given.
func (p *Post) Accept(kind Kind, text string) (Given, error) {
	text = strings.TrimSpace(text)
	switch kind {
	case KindDiscord:
		if !discordHook.MatchString(text) {
			return Given{}, fault.New(fault.Invalid, "This is no address of a Discord webhook. In Discord: the channel's "+
				"settings, Integrations, Webhooks, Copy webhook URL.")
		}
		return Given{Address{URL: text}, "discord.com/…" + text[len(text)-4:]}, nil
	case KindMail:
		if !p.Offers(KindMail) {
			return Given{}, fault.New(fault.Unprocessable, "E-mail is not set up: whoever runs guildwatch has to name a mail server.")
		}
		return acceptMail(text)
	case KindWebhook:
		if !p.Offers(KindWebhook) {
			return Given{}, fault.New(fault.Unprocessable, "Webhooks of other services are not allowed here by whoever runs guildwatch.")
		}
		u, err := p.way.checkAddress(text)
		if err != nil {
			return Given{}, err
		}
		return Given{Address{URL: u.String(), Key: NewKey()}, masked(u)}, nil
	}
	return Given{}, fault.New(fault.Invalid, "Choose where the reports go.")
}

// acceptMail takes one plain address. Whatever could add a second recipient or a header is none.
func acceptMail(text string) (Given, error) {
	parsed, err := mail.ParseAddress(text)
	name, host, found := strings.Cut(text, "@")
	if err != nil || parsed.Name != "" || parsed.Address != text || !found || len(text) > 254 || name == "" ||
		strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"(),:;<>[\]`, r) }) ||
		checkHost(host) != nil {
		return Given{}, fault.New(fault.Invalid, "This is no mail address. It looks like name@example.org.")
	}
	return Given{Address{Mail: text}, name[:1] + "…@" + host}, nil
}

// NewKey is what a webhook's messages are signed with: 256 bits.
func NewKey() string {
	var bytes [32]byte
	rand.Read(bytes[:]) // never fails: it ends the program instead
	return hex.EncodeToString(bytes[:])
}

// hostOf is the host of an address, for logs.
func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Hostname()
	}
	return ""
}
