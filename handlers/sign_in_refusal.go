package handlers

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/identity"
	"guildwatch/views/signin"
)

// words are what people are told when they were not signed in.
type words struct {
	status  int
	icon    string
	title   string
	message string
	again   bool // beginning anew through Discord's page makes sense
}

const newLink = "Write /guildwatch dashboard in your server for a new one."

var refusals = map[identity.Reason]words{
	identity.LinkUnknown: {http.StatusNotFound, "search", "This link leads nowhere",
		"Perhaps a part of it got lost, or it is more than a day old. " + newLink, false},
	identity.LinkSpent: {http.StatusGone, "lock", "This link was used already",
		"A link signs in once, and a newer one ends it. If it was not you who used it, sign in and look at your sessions. " +
			newLink, false},
	identity.LinkLate: {http.StatusGone, "hourglass", "This link is too old",
		"A link works for five minutes. " + newLink, false},
	identity.OtherPerson: {http.StatusConflict, "users", "You are signed in as somebody else",
		"This link is another person's. If that is you as well, sign out first; if somebody sent it to you, leave it.",
		false},
	identity.RoleLost: {http.StatusForbidden, "lock", "You have no role there any more",
		"When you asked for this link you had a role on the server's dashboard. An owner can give you one again.", false},
	identity.Off: {http.StatusNotFound, "lock", "Not set up here",
		"This dashboard does not sign in through Discord's page. The command in Discord works.", false},
	identity.StateUnknown: {http.StatusBadRequest, "hourglass", "That took too long",
		"Signing in has to be finished within ten minutes, and once. Nothing has happened; please begin again.", true},
	identity.StateForeign: {http.StatusBadRequest, "lock", "That began in another browser",
		"Signing in has to be finished in the browser in which it began. Nothing has happened; please begin again here.",
		true},
	identity.Denied: {http.StatusForbidden, "circle-x", "You said no to Discord",
		"So Discord did not tell who you are, and you are not signed in. The command in Discord works as well.", true},
	identity.CodeRefused: {http.StatusBadRequest, "hourglass", "Discord did not confirm that",
		"What came back from Discord was too old or not complete. Nothing has happened; please begin again.", true},
	identity.SecretRefused: {http.StatusServiceUnavailable, "unplug", "Discord does not know this dashboard",
		"Discord refuses the client secret that is set here. Whoever runs this dashboard has to set it anew; " +
			"until then the command in Discord works.", false},
	identity.DiscordDown: {http.StatusServiceUnavailable, "unplug", "Discord does not answer",
		"So nobody can say who you are. Nothing has happened; please try again in a minute.", true},
	identity.Insecure: {http.StatusForbidden, "lock", "Not over plain http", insecure, false},
}

// refuseSignIn shows why nobody was signed in, with a way on. Any error but a *identity.Refusal it gives back.
func (s *site) refuseSignIn(c echo.Context, err error) error {
	var refusal *identity.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	said := refusals[refusal.Reason]
	actor, err := s.visitor(c)
	if err != nil {
		actor = access.Actor{} // the page says why nobody was signed in, whoever they are
	}
	view := signin.Refusal{Page: s.doorFrame(c, actor), Icon: said.icon, Title: said.title, Message: said.message,
		Reference: referenceOf(c)}
	if said.again {
		view.Retry = "/sign-in/discord?next=" + url.QueryEscape(identity.OwnPath(c.QueryParam("next")))
	}
	if refusal.Reason == identity.OtherPerson {
		view.Stay, view.Back = true, identity.OwnPath(c.Request().URL.Path)
	}
	p := problem{status: said.status, code: string(refusal.Reason)}
	if p.status >= http.StatusInternalServerError {
		p.retryAfter = retrySoon
	}
	s.logProblem(c, refusal, p)
	sayWhen(c.Response().Header(), p.retryAfter)
	return render(c, p.status, signin.Refused(view))
}
