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
	// One at a time: between the look at what holds and the change nobody else may change it. Discord has been asked
	// before, so that nobody waits for it here.
	s.steering.Lock()
	defer s.steering.Unlock()
	if read, err = s.readSettings(ctx, grant.Guild()); err != nil {
		return err
	}
	if form.Get("was") != asSeen(read.settings()) {
		back = read.form(chosen)
		back.Problems.Form = "Somebody was faster: other settings hold now, and yours are not saved. " +
			"Look at them, then save again if you still want yours."
		return s.showSettings(c, http.StatusConflict, grant.Actor(), read, back)
	}
	err = s.Store.UpdateSettings(ctx, grant, chosen)
	if fault.Of(err) == fault.Invalid { // the channel went while Discord was asked
		back.Problems.Channel = problemOf(err).sentence
		return s.showSettings(c, http.StatusUnprocessableEntity, grant.Actor(), read, back)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, settings.URL(grant.Guild())+"?saved=yes")
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
