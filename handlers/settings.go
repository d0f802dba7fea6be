package handlers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/settings"
	"guildwatch/views/ui"
)

// settings shows what holds in a guild to whoever may look, and the form to those who may change it.
func (s *site) settings(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	read, err := s.readSettings(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	if region := regionOf(c); region != "" {
		if region != string(settings.Region) {
			return noRegion()
		}
		return render(c, http.StatusOK, settings.Current(read.view()))
	}
	var form *settings.Form
	if access.Allows[access.UpdateSettings](grant.Role()) {
		form = read.form(read.settings())
	}
	return s.showSettings(c, http.StatusOK, grant.Actor(), read, form)
}

func (s *site) showSettings(
	c echo.Context, status int, actor access.Actor, read *settingsRead, form *settings.Form,
) error {
	return s.showSettingsWith(c, status, actor, read, form, nil)
}

// showSettingsWith shows the page with the form for what is kept as it came back; nil for a fresh one.
func (s *site) showSettingsWith(
	c echo.Context, status int, actor access.Actor, read *settingsRead, form *settings.Form, keep *settings.KeepForm,
) error {
	page, err := s.guildFrame(c, actor, read.profile, read.seq)
	if err != nil {
		return err
	}
	if c.QueryParam("saved") == "yes" {
		page.Flash = "The settings are saved."
	}
	if form != nil && keep == nil {
		keep = settings.NewKeepForm(kept(read.kept))
	}
	return render(c, status, settings.Page(settings.View{Page: page, Now: read.view(), Form: form, Keep: keep}))
}

// settingsRead is a guild's settings and what there is to choose from, all of one moment.
type settingsRead struct {
	profile  store.Profile
	channels []moderation.Channel
	kept     store.Retention
	seq      int64
	site     *site
}

func (s *site) readSettings(ctx context.Context, guild snowflake.GuildID) (*settingsRead, error) {
	read, there := &settingsRead{site: s}, false
	err := s.Store.Read(ctx, func(now *store.Snapshot) {
		if read.profile, there = now.Profile(guild); there {
			read.channels, read.kept, read.seq = now.Channels(guild), now.Retention(guild), now.Seq()
		}
	})
	if err == nil && !there {
		err = noGuild()
	}
	return read, err
}

func (r *settingsRead) settings() store.Settings {
	return store.Settings{TimeZone: r.profile.TimeZone, LogChannel: r.profile.LogChannel, Silent: !r.profile.Tell,
		NoAppeals: !r.profile.Appeals}
}

// view is what holds now.
func (r *settingsRead) view() settings.Now {
	now := settings.Now{Guild: r.profile.Guild.ID, At: r.site.now(), Seq: r.seq, TimeZone: r.profile.TimeZone,
		Log: settings.Channel{Set: r.profile.LogChannel != 0, Problem: r.profile.LogProblem}, Tell: r.profile.Tell,
		Appeals: r.profile.Appeals, Kept: kept(r.kept)}
	if channel, there := r.channel(r.profile.LogChannel); there {
		now.Log.Name = channel.Name
	}
	return now
}

// channel is one of the guild's channels in which somebody can write.
func (r *settingsRead) channel(id snowflake.ChannelID) (moderation.Channel, bool) {
	for _, channel := range r.channels {
		if channel.ID == id && writable(channel) {
			return channel, true
		}
	}
	return moderation.Channel{}, false
}

func writable(c moderation.Channel) bool {
	return c.Kind == moderation.ChannelText || c.Kind == moderation.ChannelAnnouncements
}

// form is the form filled in with chosen.
func (r *settingsRead) form(chosen store.Settings) *settings.Form {
	form := &settings.Form{TimeZone: chosen.TimeZone, Was: asSeen(r.settings()), Tell: !chosen.Silent,
		Appeals: !chosen.NoAppeals}
	if chosen.LogChannel != 0 {
		form.Channel = snowflake.String(chosen.LogChannel)
	}
	categories := map[snowflake.ChannelID]string{}
	for _, channel := range r.channels {
		if channel.Kind == moderation.ChannelCategory {
			categories[channel.ID] = ui.Clip(channel.Name, 64)
		}
	}
	for _, channel := range r.channels {
		if writable(channel) {
			form.Channels = append(form.Channels, ui.Option{Value: snowflake.String(channel.ID),
				Label: "#" + ui.Clip(channel.Name, 100), Group: categories[channel.Parent]})
		}
	}
	return form
}

// asSeen is what a form remembers of the settings that it was made from, to notice that somebody was faster.
func asSeen(s store.Settings) string {
	return fmt.Sprint(s.TimeZone, " ", s.LogChannel, " ", s.Silent, " ", s.NoAppeals)
}

// chosen are the settings of a posted form; what it does not speak of stays. An id that is none is Invalid, like a channel
// of another guild.
func (r *settingsRead) chosen(form url.Values) (store.Settings, error) {
	chosen := r.settings()
	chosen.TimeZone, chosen.LogChannel = form.Get("time_zone"), 0
	for name, off := range map[string]*bool{"tell_members": &chosen.Silent, "take_appeals": &chosen.NoAppeals} {
		switch form.Get(name) {
		case "yes":
			*off = false
		case "no":
			*off = true
		}
	}
	channel := form.Get("log_channel")
	if channel == "" {
		return chosen, nil
	}
	id, err := snowflake.Parse[snowflake.ChannelID](channel)
	chosen.LogChannel = id
	return chosen, fault.Wrap(err, fault.Invalid, "Choose a text channel of this server.")
}
