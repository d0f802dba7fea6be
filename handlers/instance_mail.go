package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/instance"
)

// MailServer is what the settings say of the operator's mail server.
type MailServer struct {
	Server string // host:port; empty: there is none
	From   string
	Fixed  string // why the password is not to be entered on the page; empty: it is
}

// mailServer is the mail server as the operator's page shows it.
func (s *site) mailServer(c echo.Context, actor access.Actor) (m instance.Mail, err error) {
	m = instance.Mail{Server: s.Mail.Server, From: s.Mail.From}
	m.Password.Fixed = s.Mail.Fixed
	if m.Server == "" || m.Password.Fixed != "" {
		return m, nil
	}
	ctx := c.Request().Context()
	info, set, err := s.Store.SecretInfo(ctx, 0, store.SecretMail)
	if err != nil || !set {
		return m, err
	}
	people, err := s.people(ctx, actor, []snowflake.UserID{info.SetBy})
	m.Password.Set, m.Password.By, m.Password.At, m.Password.Lost = true, people[info.SetBy], info.SetAt, info.Lost
	return m, err
}

// setMailPassword keeps, replaces or removes the password of the mail server. What was sent is never sent back.
func (s *site) setMailPassword(c echo.Context, operation access.Operation, value string) error {
	if s.Mail.Server == "" || s.Mail.Fixed != "" {
		return fault.New(fault.Conflict, "There is no mail server whose password is entered here.")
	}
	saved := "mail_set"
	if value == "" {
		saved = "mail_removed"
	} else if len(value) > 200 {
		return fault.New(fault.Unprocessable, "This is no password: it has more than 200 characters.")
	}
	if err := s.Store.PutInstanceSecret(c.Request().Context(), operation, store.SecretMail, value); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, instance.Path+"?saved="+saved)
}
