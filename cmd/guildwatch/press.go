package main

import (
	"cmp"
	"context"
	"net/netip"

	"guildwatch/handlers"
	"guildwatch/internal/config"
	"guildwatch/internal/notify"
	"guildwatch/internal/report"
	"guildwatch/store"
)

// newPress makes what makes reports, with the ways that the operator has set up to send them.
func (p *parts) newPress(address string) *report.Press {
	agent := "guildwatch/" + cmp.Or(about().Version, "dev")
	way := notify.WayOptions{Logger: p.log, Agent: agent}
	if p.sink != nil {
		way.Enclosed, way.Ours = true, []netip.AddrPort{*p.sink}
	}
	options := notify.PostOptions{Webhooks: p.config.AllowWebhooks, Logger: p.log, Way: notify.NewWay(way)}
	if mail := p.config.Mail; mail.IsSet() {
		options.Mail = &notify.MailOptions{Server: mail.Server, User: mail.User, From: mail.From, Password: p.mailPassword,
			Agent: agent}
	}
	return report.New(report.Options{Store: p.store, Stats: p.stats, Post: notify.NewPost(options),
		Origin: p.config.Origin(address), Logger: p.log})
}

// mailPassword is that of the settings, else the one that an operator has stored.
func (p *parts) mailPassword(ctx context.Context) (string, error) {
	if p.config.Mail.Password.IsSet() {
		return p.config.Mail.Password.Reveal(), nil
	}
	return p.store.Secret(ctx, 0, store.SecretMail)
}

// mailHealth says whether reports can be sent by e-mail. That they cannot is the operator's choice, and no fault.
func (p *parts) mailHealth() handlers.Part {
	part := handlers.Part{Name: "mail", State: handlers.Well, Reason: "Sent by " + p.config.Mail.Server + "."}
	if !p.config.Mail.IsSet() {
		part.Reason = "Not set up: reports go to webhooks alone. docs/CONFIGURATION.md says how."
	}
	return part
}

// mailServer is what the operator's page says of the mail server.
func (p *parts) mailServer() handlers.MailServer {
	mail := p.config.Mail
	if !mail.IsSet() {
		return handlers.MailServer{}
	}
	shown := handlers.MailServer{Server: mail.Server, From: mail.From.Address}
	switch {
	case mail.User == "":
		shown.Fixed = "No user is set by --mail-user, so the server is asked without a password."
	case mail.Password.IsSet():
		shown.Fixed = "The password is set by GUILDWATCH_MAIL_PASSWORD, which wins over this page."
	}
	return shown
}

// mail says whether reports can be sent by e-mail: that they cannot is nothing to mend.
func (x *examination) mail(cfg config.Config) {
	switch {
	case !cfg.Mail.IsSet():
		x.well("mail", "not set up: reports go to webhooks alone (--mail-server names one)")
	case cfg.Mail.User != "" && !cfg.Mail.Password.IsSet():
		x.well("mail", "%s, with the password that is entered on the instance page", cfg.Mail)
	default:
		x.well("mail", "%s", cfg.Mail)
	}
}
