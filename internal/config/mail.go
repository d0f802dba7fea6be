package config

import (
	"net"
	"net/mail"
	"strconv"
	"strings"
)

// Mail is the operator's mail server. Without one nothing is sent by e-mail.
type Mail struct {
	Server   string // host:port
	From     *mail.Address
	User     string // empty: the server wants none
	Password Secret // not set: the one of the instance page, if there is one
}

// IsSet says whether there is a mail server.
func (m Mail) IsSet() bool { return m.Server != "" }

// String shows the server without secrets.
func (m Mail) String() string {
	if !m.IsSet() {
		return "(none)"
	}
	return m.Server + ", from " + m.From.Address
}

// mail checks the mail server: all of it is there, or nothing.
func (s Settings) mail(c *Config, wrong *Problems) {
	const server, from, user = "--mail-server (GUILDWATCH_MAIL_SERVER)", "--mail-from (GUILDWATCH_MAIL_FROM)",
		"--mail-user (GUILDWATCH_MAIL_USER)"
	if s.MailServer == "" {
		for _, one := range [][2]string{{from, s.MailFrom}, {user, s.MailUser}} {
			if one[1] != "" {
				wrong.add(one[0], one[1], "give --mail-server too: without one no mail is sent")
			}
		}
		return
	}
	c.Mail = Mail{Server: s.MailServer, User: s.MailUser, Password: NewSecret(s.MailPassword)}
	host, port, err := net.SplitHostPort(s.MailServer)
	if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 1 || n > 65535 || host == "" {
		wrong.add(server, s.MailServer, "use host:port, for example mail.example.org:587")
	}
	if c.Mail.From, err = mail.ParseAddress(s.MailFrom); err != nil || strings.ContainsAny(s.MailFrom, "\r\n") {
		wrong.add(from, s.MailFrom, "use the address that mail comes from, for example guildwatch@example.org")
	}
	if s.MailPassword != "" && s.MailUser == "" {
		wrong.add(user, "", "give the user that GUILDWATCH_MAIL_PASSWORD belongs to")
	}
}
