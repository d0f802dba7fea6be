package instance

import "guildwatch/views/ui"

// Mail is the operator's mail server.
type Mail struct {
	Server   string // host:port; empty: there is none
	From     string
	Password Secret // without its hint: a password's last characters are too much of it
}

func (m Mail) field() ui.Field {
	return ui.Field{Name: "mail_password", Label: "Password", Type: "password", Problem: m.Password.Problem,
		Hint: "Of the user that --mail-user names. It is stored encrypted and not shown again.",
		More: map[string]any{"autocomplete": "off", "spellcheck": "false", "required": true}}
}
