package handlers

import (
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/audit"
	"guildwatch/views/instance"
	"guildwatch/views/ui"
)

// instanceListed is how many rows of the instance's own log its page shows.
const instanceListed = 20

// instance shows the operator how the program is doing, what it keeps to itself, and the end of the audit log.
func (s *site) instance(c echo.Context, operation access.Operation) error {
	if region := regionOf(c); region != "" {
		if region != string(instance.Region) {
			return noRegion()
		}
		return render(c, http.StatusOK, instance.Parts(s.state(c)))
	}
	return s.showInstance(c, http.StatusOK, operation, "")
}

func (s *site) showInstance(c echo.Context, status int, operation access.Operation, problem string) error {
	ctx, actor := c.Request().Context(), operation.Actor()
	read, err := s.readAudit(ctx, actor, 0, store.AuditFilter{}, instanceListed)
	if err != nil {
		return err
	}
	view := instance.View{State: s.state(c)}
	view.Log = audit.List{At: view.State.At, Rows: read.rows()}
	var end store.AuditMark
	if err := s.Store.Read(ctx, func(now *store.Snapshot) { end = now.AuditEnd() }); err != nil {
		return err
	}
	view.Chain = instance.Chain{Rows: end.Number, Head: hex.EncodeToString(end.Hash)}
	if view.Secret, err = s.clientSecret(c, actor); err != nil {
		return err
	}
	view.Secret.Problem = problem
	if view.Mail, err = s.mailServer(c, actor); err != nil {
		return err
	}
	guilds, err := s.guildsOf(ctx, actor, switchable)
	if err != nil {
		return err
	}
	view.Page = s.pageFor(c, actor, guilds)
	view.Page.Path = formPath(c, view.Page.Path)
	switch c.QueryParam("saved") {
	case "set":
		view.Page.Flash = "The client secret is kept. Only its last four characters are shown from now on."
	case "mail_set":
		view.Page.Flash = "The password of the mail server is kept."
	case "mail_removed":
		view.Page.Flash = "The password of the mail server is removed."
	case "removed":
		view.Page.Flash = "The client secret is removed."
	}
	return render(c, status, instance.Page(view))
}

// state is how the parts are doing.
func (s *site) state(c echo.Context) instance.State {
	state := instance.State{At: s.now(), Version: s.Version, BuildTime: s.BuildTime, Started: s.started,
		Streams: s.Hub.Stats().Open}
	tones := map[State]ui.Tone{Well: ui.Good, Degraded: ui.Warn, Down: ui.Bad}
	for _, part := range s.Health(c.Request().Context()) {
		state.Parts = append(state.Parts, instance.Part{Name: part.Name, Label: string(part.State), Tone: tones[part.State],
			Reason: strings.TrimSpace(part.Reason)})
	}
	return state
}

// clientSecret is as much of the OAuth2 client secret as is ever shown.
func (s *site) clientSecret(c echo.Context, actor access.Actor) (shown instance.Secret, err error) {
	if s.OAuth != nil {
		shown.Redirect = s.OAuth.Redirect()
	}
	if s.SecretFixed {
		shown.Fixed = "The client secret is set by DISCORD_CLIENT_SECRET, which wins over this page."
		return shown, nil
	}
	ctx := c.Request().Context()
	info, set, err := s.Store.SecretInfo(ctx, 0, store.SecretClient)
	if err != nil || !set {
		return shown, err
	}
	people, err := s.people(ctx, actor, []snowflake.UserID{info.SetBy})
	shown.Set, shown.Hint, shown.By, shown.At, shown.Lost = true, info.Hint, people[info.SetBy], info.SetAt, info.Lost
	return shown, err
}

// setSecret keeps, replaces or removes the OAuth2 client secret. What was sent is never sent back.
func (s *site) setSecret(c echo.Context, operation access.Operation) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	switch password := form.Get("mail_password"); form.Get("do") {
	case "set_mail":
		if password == "" {
			return fault.New(fault.Unprocessable, "Enter the password of the mail server.")
		}
		return s.setMailPassword(c, operation, password)
	case "remove_mail":
		return s.setMailPassword(c, operation, "")
	}
	if s.SecretFixed {
		return fault.New(fault.Conflict, "The client secret is set by DISCORD_CLIENT_SECRET, which wins over this page.")
	}
	value, saved := strings.TrimSpace(form.Get("client_secret")), "set"
	switch form.Get("do") {
	case "set":
		if !secretLike(value) {
			return s.showInstance(c, http.StatusUnprocessableEntity, operation,
				"This is no client secret: it has 32 letters, digits, - or _. Copy it from the application's OAuth2 page.")
		}
	case "remove":
		value, saved = "", "removed"
	default:
		return fault.New(fault.Unprocessable, "Set the secret, or remove it.")
	}
	if err := s.Store.PutInstanceSecret(c.Request().Context(), operation, store.SecretClient, value); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, instance.Path+"?saved="+saved)
}

// secretLike says whether text can be a client secret. Discord's have 32 characters of base64; it has not promised that.
func secretLike(text string) bool {
	if len(text) < 16 || len(text) > 128 {
		return false
	}
	for _, r := range text {
		if (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '_' {
			return false
		}
	}
	return true
}
