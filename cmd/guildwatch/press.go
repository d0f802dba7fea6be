package main

import (
	"cmp"
	"context"
	"net/netip"

	"guildwatch/handlers"
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
