package handlers

import (
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/views/rules"
)

// sampleLength is the longest message that Discord takes, in characters.
const sampleLength = 4000

// The ages of an account that somebody tries a message with: one that no rule takes for new, and one made just now.
const (
	oldAccount = 10 * 366 * 24 * time.Hour
	newAccount = time.Minute
)

func (r *rulesRead) try() rules.Try {
	return rules.Try{Guild: r.profile.Guild.ID, Surface: string(moderation.SurfaceContent), Channels: r.channelChoices(),
		Ladder: r.steps()}
}

// tryRules says which rules a message would break and what would follow. Nothing is counted, recorded or done, so
// whoever may look may try. It is a POST because a message is too long for an address, and nothing for a log.
func (s *site) tryRules(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	read, err := s.readRules(ctx, grant.Guild())
	if err != nil {
		return err
	}
	try := read.try()
	try.Text, try.New = strings.TrimSpace(form.Get("text")), form.Get("new_account") == "yes"
	sample := rule.Sample{Text: try.Text, Surface: moderation.SurfaceContent, Age: oldAccount}
	if try.New {
		sample.Age = newAccount
	}
	switch surface := moderation.Surface(form.Get("surface")); surface {
	case moderation.SurfaceName, moderation.SurfaceAttachment, moderation.SurfaceThread:
		try.Surface, sample.Surface = string(surface), surface
	}
	channel, err := snowflake.Parse[snowflake.ChannelID](form.Get("channel"))
	if known := err == nil && read.hasChannel(channel); known {
		try.Channel, sample.Channel = snowflake.String(channel), channel
	} else if form.Get("channel") != "" {
		try.Problem = "Choose a text channel of this server."
	}
	if n := utf8.RuneCountInString(try.Text); n == 0 || n > sampleLength {
		try.Problem = "Write a message of 1 to 4 000 characters."
	}
	if try.Problem != "" {
		return s.showRules(c, http.StatusUnprocessableEntity, grant, read, try)
	}
	set, err := s.Store.Rules(ctx, grant.Guild())
	if err != nil {
		return err
	}
	verdict := set.Try(sample, s.now())
	try.Verdict = &verdict
	return s.showRules(c, http.StatusOK, grant, read, try)
}

func (r *rulesRead) hasChannel(id snowflake.ChannelID) bool {
	for _, channel := range r.channels {
		if channel.ID == id {
			return true
		}
	}
	return false
}
