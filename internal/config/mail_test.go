package config

import (
	"errors"
	"strings"
	"testing"
)

// The mail server is there whole, or not at all.
func TestMailSettings(t *testing.T) {
	for _, one := range []struct {
		server, from, user, password string
		wrong                        int
	}{
		{"", "", "", "", 0},
		{"mail.example.org:587", "guildwatch@example.org", "bot", "canary-password", 0},
		{"[::1]:25", "guildwatch <g@example.org>", "", "", 0},
		{"mail.example.org", "guildwatch@example.org", "", "", 1},
		{"mail.example.org:0", "guildwatch@example.org", "", "", 1},
		{":587", "guildwatch@example.org", "", "", 1},
		{"mail.example.org:587", "", "", "", 1},
		{"mail.example.org:587", "g@example.org\r\nBcc: x@example.org", "", "", 1},
		{"mail.example.org:587", "g@example.org", "", "canary-password", 1},
		{"", "g@example.org", "bot", "", 2},
	} {
		s := good()
		s.MailServer, s.MailFrom, s.MailUser, s.MailPassword = one.server, one.from, one.user, one.password
		c, err := s.Validate()
		var problems Problems
		if errors.As(err, &problems); len(problems) != one.wrong {
			t.Errorf("%+v: %v", one, err)
		}
		if err == nil && c.Mail.IsSet() != (one.server != "") || strings.Contains(c.Mail.String(), "canary") {
			t.Errorf("%+v: %s", one, c.Mail)
		}
	}
	s := good().WithSecrets(environment{"GUILDWATCH_MAIL_PASSWORD": "canary-password\n"}.get)
	if s.MailPassword != "canary-password" {
		t.Errorf("the password is read as %q", s.MailPassword)
	}
}
