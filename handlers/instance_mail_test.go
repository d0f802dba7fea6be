package handlers

import (
	"net/url"
	"strings"
	"testing"

	"guildwatch/store"
	"guildwatch/views/instance"
)

// The operator enters the password of the mail server, and it is shown and kept nowhere in clear.
func TestTheMailPasswordIsKept(t *testing.T) {
	h := open(t, func(o *Options) { o.Mail = MailServer{Server: "mail.gw-test.org:587", From: "bot@gw-test.org"} })
	const password = "canary-mail-password-1"
	answers(t, 303, h.submit(t, h.cookie, instance.Path, url.Values{"do": {"set_mail"}, "mail_password": {password}}))
	if got, err := h.Store.Secret(t.Context(), 0, store.SecretMail); got != password || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	page := h.get(t, 200, instance.Path+"?saved=mail_set").body
	if strings.Contains(page, "canary-mail") || !strings.Contains(plainText(page), "Reports are sent by mail.gw-test.org:587") {
		t.Errorf("the page says %.400s", plainText(page))
	}
	h.secretIsNowhere(t, password)
	answers(t, 422, h.submit(t, h.cookie, instance.Path, url.Values{"do": {"set_mail"}, "mail_password": {""}}))
	answers(t, 303, h.submit(t, h.cookie, instance.Path, url.Values{"do": {"remove_mail"}}))
	if got, err := h.Store.Secret(t.Context(), 0, store.SecretMail); got != "" || err != nil {
		t.Errorf("removed, and still %q, %v", got, err)
	}
}

// Without a mail server, or with a password of the settings, there is nothing to enter.
func TestAMailPasswordThatIsNotEnteredHere(t *testing.T) {
	for _, mail := range []MailServer{{}, {Server: "mail.gw-test.org:587", Fixed: "Set by GUILDWATCH_MAIL_PASSWORD."}} {
		h := open(t, func(o *Options) { o.Mail = mail })
		answers(t, 409, h.submit(t, h.cookie, instance.Path, url.Values{"do": {"set_mail"}, "mail_password": {"x-canary"}}))
		if page := h.get(t, 200, instance.Path).body; strings.Contains(page, "mail_password") {
			t.Errorf("%+v: the form is there", mail)
		}
	}
}
