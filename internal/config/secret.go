package config

import (
	"log/slog"
	"os"
	"strings"
)

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

// WithSecrets adds what comes from the environment alone, because a flag would show in the process list: the bot's
// token, the OAuth client secret, the key for secrets at rest and the password of the mail server. Each may stand in NAME, or in the file that NAME_FILE
// names (a container secret). What cannot be read is among the problems that Validate lists.
func (s Settings) WithSecrets(getenv func(string) string) Settings {
	read := func(name string) string { return s.secret(name, getenv(name), getenv(name+"_FILE")) }
	s.Token, s.ClientSecret, s.Key = read("DISCORD_TOKEN"), read("DISCORD_CLIENT_SECRET"), read("GUILDWATCH_KEY")
	s.MailPassword = read("GUILDWATCH_MAIL_PASSWORD")
	return s
}

// secret is the text or what the file holds. Both set is a problem: one of them would be silently ignored.
func (s *Settings) secret(name, text, file string) string {
	switch {
	case text != "" && file != "":
		s.unread.add(name, "", "%s_FILE is set as well: keep one of them", name)
		return ""
	case file == "":
		return strings.TrimSpace(text)
	}
	data, err := os.ReadFile(file)
	if err == nil && strings.TrimSpace(string(data)) == "" {
		s.unread.add(name+"_FILE", file, "the file is empty")
	} else if err != nil {
		s.unread.add(name+"_FILE", file, "it cannot be read: %v", err)
	}
	return strings.TrimSpace(string(data))
}
