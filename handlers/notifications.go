package handlers

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/frame"
	"guildwatch/internal/live"
	"guildwatch/internal/snowflake"
	"guildwatch/views/layout"
	"guildwatch/views/told"
)

// notesAtOnce is how many notes one page says: more toasts would cover a phone's screen. The others wait for the next
// page.
const notesAtOnce = 3

// notesOnPage is what the visitor was told in a guild while they had no page open, which this page says; with that it
// is seen. A page that nobody looks at yet says nothing, and a page that cannot say it is better than none.
func (s *site) notesOnPage(c echo.Context, actor access.Actor, guild snowflake.GuildID) []layout.Note {
	request := c.Request()
	if request.Method == http.MethodHead || strings.Contains(request.Header.Get("Sec-Purpose"), "prefetch") {
		return nil
	}
	notes := s.notes(request.Context(), guild, actor.User())
	notes = notes[:min(notesAtOnce, len(notes))]
	if len(notes) == 0 {
		return nil
	}
	numbers := make([]int64, len(notes))
	for i := range notes {
		numbers[i] = notes[i].Number
	}
	if err := s.Store.SeeNotifications(request.Context(), guild, actor.User(), numbers); err != nil {
		s.Logger.Warn("what somebody was told will be told again", "guild", guild, "err", err)
	}
	return notes
}

// notes are what somebody was told in a guild and has not seen, in words, the oldest first.
func (s *site) notes(ctx context.Context, guild snowflake.GuildID, user snowflake.UserID) (notes []layout.Note) {
	if user == 0 {
		return nil
	}
	unseen, err := s.Store.Unseen(ctx, guild, user)
	if err != nil {
		s.Logger.Warn("what somebody was told could not be read", "guild", guild, "err", err)
	}
	for _, fact := range unseen {
		if note, known := told.Note(guild, told.Fact(fact)); known {
			notes = append(notes, note)
		}
	}
	return notes
}

// noteFrames are those notes for a stream that has just joined.
func (s *site) noteFrames(ctx context.Context, guild snowflake.GuildID, user snowflake.UserID) (frames []live.Frame) {
	for _, note := range s.notes(ctx, guild, user) {
		if data, err := json.Marshal(note); err == nil { // texts and a number: it never fails
			frames = append(frames, live.Frame{Name: frame.Notification, Data: data})
		}
	}
	return frames
}

// seeNotification is what a page's script says when it has shown a note. It may be seen already, or gone.
func (s *site) seeNotification(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	values, err := formOf(c)
	if err != nil {
		return err
	}
	if values.Get("do") != "seen" {
		return fault.New(fault.Invalid, "Say in a form what to do about the notification: do is seen.")
	}
	number, err := strconv.ParseInt(c.Param("number"), 10, 64)
	if err != nil || number < 1 {
		return fault.New(fault.NotFound, "There is no such notification.")
	}
	if err := s.Store.SeeNotifications(c.Request().Context(), grant.Guild(), grant.Actor().User(), []int64{number}); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
