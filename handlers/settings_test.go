package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

var settingsPath = homePath + "/settings"

func (h *house) profile(t *testing.T) store.Profile {
	t.Helper()
	profile, _, err := h.Store.Profile(t.Context(), home)
	if err != nil {
		t.Fatal(err)
	}
	return profile
}

func TestWhoMaySeeAndChangeTheSettings(t *testing.T) {
	h, bot := steered(t, nil)
	for user, want := range map[snowflake.UserID]struct{ get, post int }{
		keeper: {200, 303}, adminID: {200, 303}, modID: {200, 403}, viewerID: {200, 403}, plainID: {404, 404}, farID: {404, 404},
	} {
		cookie := h.signIn(t, user)
		page := h.get(t, want.get, settingsPath, "Cookie", cookie).body
		if form := strings.Contains(page, `action="`+settingsPath); form != (want.post == 303) {
			t.Errorf("%d: the form is there: %t", user, form)
		}
		values := url.Values{"time_zone": {"UTC"}, "log_channel": {""}, "was": {asSeen(store.Settings{TimeZone: "UTC"})}}
		got := h.submit(t, cookie, settingsPath, values)
		if got.StatusCode != want.post {
			t.Errorf("%d: POST answers %d, want %d", user, got.StatusCode, want.post)
		}
		if row := h.auditLog(t, home)[0]; want.post == 403 && (row.Action != "denied" || row.Target != "right:update_settings" ||
			row.Actor.User != user || row.Request != got.Header.Get("X-Request-Id")) {
			t.Errorf("%d: the refusal is noted as %+v", user, row)
		}
	}
	if len(bot.lines) > 0 {
		t.Errorf("the bot wrote %v", bot.lines)
	}
}

// As a browser without scripts: choose, save, see it. The bot proves that it can write, once.
func TestAnAdminChangesTheSettings(t *testing.T) {
	h, bot := steered(t, nil)
	cookie := h.signIn(t, adminID)
	page := h.get(t, 200, settingsPath, "Cookie", cookie).body
	clean(t, "the settings page", page)
	f := formTo(t, page, settingsPath, "time_zone")
	if got := f.choices["log_channel"]; len(got) != 4 { // none, general, logs, news: no category, no voice
		t.Fatalf("offered are the channels %v", got)
	}
	f.values.Set("time_zone", "Asia/Kathmandu")
	f.values.Set("log_channel", logsChannel.String())
	seq := h.Store.LastSeq()
	got := h.submit(t, cookie, f.action, f.values)
	if got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	after := h.get(t, 200, got.Header.Get("Location"), "Cookie", cookie).body
	text := plainText(after)
	for _, part := range []string{"The settings are saved.", "Time zone Asia / Kathmandu It is",
		"# logs\"'><img src=x onerror=alert(4)>"} {
		if !strings.Contains(text, part) {
			t.Errorf("the page does not say %q: %s", part, text)
		}
	}
	clean(t, "the settings page", after)
	want := store.Settings{TimeZone: "Asia/Kathmandu", LogChannel: logsChannel}
	if p := h.profile(t); p.TimeZone != want.TimeZone || p.LogChannel != want.LogChannel {
		t.Errorf("kept are %s and %d", p.TimeZone, p.LogChannel)
	}
	if changes, err := h.Store.NextChanges(t.Context(), seq, 10); err != nil || len(changes) != 2 {
		t.Errorf("pages hear of %+v, %v", changes, err)
	}
	if log := plainText(h.get(t, 200, homePath+"/audit", "Cookie", cookie).body); !strings.Contains(log,
		"admin-ann changed the settings Log channel before: nothing → after: #logs\"'><img src=x onerror=alert(4)> "+
			"Time zone before: UTC → after: Asia/Kathmandu") {
		t.Errorf("the log says %s", log)
	}
	// The channel stays: nothing new has to be proved.
	f = formTo(t, after, settingsPath, "time_zone")
	f.values.Set("time_zone", "UTC")
	if got := h.submit(t, cookie, f.action, f.values); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	if len(bot.lines) != 1 || bot.lines[0] != logsChannel.String()+" "+logChannelLine {
		t.Errorf("the bot wrote %v", bot.lines)
	}
	alone(t, h.get(t, 200, settingsPath+"?region=settings"), "settings")
	h.get(t, 404, settingsPath+"?region=team")
}

// What Discord refuses is shown with what is missing, and nothing of the form is saved.
func TestALogChannelThatRefusesTheBot(t *testing.T) {
	for name, c := range map[string]struct {
		err      error
		status   int
		sentence string
	}{
		"a missing permission": {fault.New(fault.Forbidden, "Give the bot Send Messages."), 422, "Give the bot Send Messages."},
		"Discord is down":      {fault.New(fault.Unavailable, "Discord does not answer."), 422, "Discord does not answer."},
		"Discord is slow":      {context.DeadlineExceeded, 503, "This took too long."},
	} {
		h, bot := steered(t, nil)
		bot.refuse = c.err
		f := formTo(t, h.get(t, 200, settingsPath).body, settingsPath, "time_zone")
		f.values.Set("time_zone", "Asia/Kathmandu")
		f.values.Set("log_channel", logsChannel.String())
		got := h.submit(t, "", f.action, f.values)
		if got.StatusCode != c.status || !strings.Contains(got.body, c.sentence) {
			t.Errorf("%s: status %d: %s", name, got.StatusCode, plainText(got.body))
		}
		if p := h.profile(t); p.TimeZone != "UTC" || p.LogChannel != 0 {
			t.Errorf("%s: kept are %s and %d", name, p.TimeZone, p.LogChannel)
		}
		if c.status != 422 {
			continue
		}
		back := formTo(t, got.body, settingsPath, "time_zone")
		if back.values.Get("time_zone") != "Asia/Kathmandu" || back.values.Get("log_channel") != logsChannel.String() {
			t.Errorf("%s: the form comes back with %v", name, back.values)
		}
		clean(t, name, got.body)
	}
}

// The bot is never made to write where the guild has no channel, whoever sends what.
func TestSettingsThatMakeNoSense(t *testing.T) {
	h, bot := steered(t, nil)
	was := asSeen(store.Settings{TimeZone: "UTC"})
	for name, c := range map[string]struct{ zone, channel, was, sentence string }{
		"no zone":               {"", "", was, "There is no such time zone"},
		"a made-up zone":        {"Mars/<script>alert(1)</script>", logsChannel.String(), was, "There is no such time zone"},
		"a path":                {"../../etc/passwd", logsChannel.String(), was, "There is no such time zone"},
		"the machine's zone":    {"Local", logsChannel.String(), was, "There is no such time zone"},
		"a foreign channel":     {"UTC", farChannel.String(), was, "Choose a text channel of this server."},
		"a channel of no guild": {"UTC", "999", was, "Choose a text channel of this server."},
		"a category":            {"UTC", staffCategory.String(), was, "Choose a text channel of this server."},
		"a voice channel":       {"UTC", voiceChannel.String(), was, "Choose a text channel of this server."},
		"no id":                 {"UTC", "<script>alert(1)</script>", was, "Choose a text channel of this server."},
		"an old form":           {"UTC", logsChannel.String(), "Asia/Tokyo 0", "Somebody was faster"},
		"no memory of the form": {"UTC", logsChannel.String(), "", "Somebody was faster"},
	} {
		got := h.submit(t, "", settingsPath, url.Values{"time_zone": {c.zone}, "log_channel": {c.channel}, "was": {c.was}})
		want := http.StatusUnprocessableEntity
		if c.was != was {
			want = http.StatusConflict
		}
		if got.StatusCode != want || !strings.Contains(got.body, c.sentence) {
			t.Errorf("%s: status %d: %s", name, got.StatusCode, plainText(got.body))
		}
		clean(t, name, got.body)
	}
	if p := h.profile(t); p.LogChannel != 0 || p.TimeZone != "UTC" || len(bot.lines) > 0 {
		t.Errorf("kept are %s and %d; the bot wrote %v", p.TimeZone, p.LogChannel, bot.lines)
	}
}

// A log channel that is deleted in Discord is said to be gone; the form offers another.
func TestADeletedLogChannel(t *testing.T) {
	h, _ := steered(t, nil)
	f := formTo(t, h.get(t, 200, settingsPath).body, settingsPath, "time_zone")
	f.values.Set("log_channel", newsChannel.String())
	h.submit(t, "", f.action, f.values)
	if err := h.Store.SeeChannel(t.Context(), moderation.ChannelSeen{Origin: moderation.Origin{Guild: home, At: noon},
		Channel: moderation.Channel{ID: newsChannel}, Deleted: true}); err != nil {
		t.Fatal(err)
	}
	page := h.get(t, 200, settingsPath).body
	if !strings.Contains(page, "A channel that is no longer there") {
		t.Errorf("the page says %s", plainText(page))
	}
	f = formTo(t, page, settingsPath, "time_zone")
	f.values.Set("log_channel", "")
	if got := h.submit(t, "", f.action, f.values); got.StatusCode != http.StatusSeeOther {
		t.Errorf("status %d: %s", got.StatusCode, plainText(got.body))
	}
}

// How long things are kept is set on the page of settings, and what is wrong with a number is said there.
func TestWhatIsKeptIsSetOnThePage(t *testing.T) {
	h, _ := steered(t, nil)
	path, admin, viewer := settingsPath, h.signIn(t, adminID), h.signIn(t, viewerID)
	f := formTo(t, h.get(t, 200, path, "Cookie", admin).body, path+"/kept", "text_days")
	if f.values.Get("text_days") != "7" || f.values.Get("rows_days") != "0" {
		t.Errorf("the form has %v", f.values)
	}
	for _, wrong := range []string{"30", "-1", "9999", "many"} {
		f.values.Set("rows_days", wrong)
		got := h.submit(t, admin, f.action, f.values)
		if text := plainText(got.body); got.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "days") {
			t.Errorf("%s days: status %d: %s", wrong, got.StatusCode, text)
		}
		clean(t, "the form that came back", got.body)
	}
	f.values.Set("rows_days", "120")
	f.values.Set("text_days", "30")
	if got := h.submit(t, admin, f.action, f.values); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	if text := plainText(h.get(t, 200, path, "Cookie", viewer).body); !strings.Contains(text, "for 120 days") ||
		!strings.Contains(text, "Words for 30 days") {
		t.Errorf("the page says %s", text)
	}
	if got := h.submit(t, viewer, f.action, f.values); got.StatusCode != http.StatusForbidden {
		t.Errorf("by a viewer: status %d", got.StatusCode)
	}
}
