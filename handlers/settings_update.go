package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/store"
	"guildwatch/views/settings"
)

// sayTime bounds the wait for Discord's word whether the bot can write in the log channel; the whole answer has 5 s.
const sayTime = 3 * time.Second

// logChannelLine is what the bot writes in a log channel when it is chosen.
const logChannelLine = "What members report to guildwatch, what is done about members, and their appeals arrive in this " +
	"channel from now on. It was chosen on the dashboard."

// updateSettings saves a guild's settings. A new log channel is tried first: when the bot cannot write there, nothing is
// saved, and the form comes back with what is missing.
func (s *site) updateSettings(c echo.Context, grant access.Grant[access.UpdateSettings]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	read, err := s.readSettings(ctx, grant.Guild())
	if err != nil {
		return err
	}
	chosen, wrong := read.chosen(form)
	back := read.form(chosen)
	if back.Problems, err = s.tryOut(c, read, form, chosen, wrong); err != nil {
		return err
	}
	if back.Problems != (settings.Problems{}) {
		return s.showSettings(c, http.StatusUnprocessableEntity, grant.Actor(), read, back)
	}
	if form.Get("was") != asSeen(read.settings()) {
		return s.overtakenSettings(c, grant, chosen)
	}
	switch err = s.Store.UpdateSettings(ctx, grant, chosen, read.settings()); fault.Of(err) {
	case fault.Conflict: // while Discord was asked
		return s.overtakenSettings(c, grant, chosen)
	case fault.Invalid: // the channel went meanwhile
		back.Problems.Channel = problemOf(err).sentence
		return s.showSettings(c, http.StatusUnprocessableEntity, grant.Actor(), read, back)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, settings.URL(grant.Guild())+"?saved=yes")
}

// overtakenSettings shows a form beside what somebody else has saved. Saved once more, it replaces that.
func (s *site) overtakenSettings(
	c echo.Context, grant access.Grant[access.UpdateSettings], chosen store.Settings,
) error {
	read, err := s.readSettings(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	back := read.form(chosen)
	back.Problems.Form = "Somebody was faster: other settings hold now, and yours are not saved. " +
		"Look at them, then save again if you still want yours."
	return s.showSettings(c, http.StatusConflict, grant.Actor(), read, back)
}

// tryOut says what is wrong with chosen settings, asking Discord last.
func (s *site) tryOut(
	c echo.Context, read *settingsRead, form url.Values, chosen store.Settings, wrong error,
) (p settings.Problems, err error) {
	if err := store.CheckTimeZone(chosen.TimeZone); err != nil {
		p.TimeZone = problemOf(err).sentence
	}
	channel, there := read.channel(chosen.LogChannel)
	switch {
	case wrong != nil:
		p.Channel = problemOf(wrong).sentence
	case chosen.LogChannel != 0 && !there:
		p.Channel = "Choose a text channel of this server."
	case p.TimeZone != "" || chosen.LogChannel == 0 || chosen.LogChannel == read.profile.LogChannel,
		form.Get("was") != asSeen(read.settings()): // nothing will be saved
	default:
		ctx, cancel := context.WithTimeout(c.Request().Context(), sayTime)
		defer cancel()
		err = s.Say(ctx, channel.ID, logChannelLine)
		var refusal *fault.Error
		if errors.As(err, &refusal) && refusal.Kind != fault.Internal {
			p.Channel, err = "The bot could not write there, so nothing is saved. "+refusal.Public, nil
		}
	}
	return p, err
}
