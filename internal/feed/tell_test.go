package feed

import (
	"context"
	"encoding/json"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/layout"
)

// everyModerator lets everybody be a moderator.
type everyModerator struct{}

func (everyModerator) RoleIn(context.Context, snowflake.GuildID, access.Actor) (access.Role, error) {
	return access.Moderator, nil
}

// What one user is told reaches their own streams of the guild, pages and scripts, and nobody else's.
func TestANotificationReachesItsUserAlone(t *testing.T) {
	s := newStage(t)
	mine, script, others, nobodys := s.open("/guild?user="+ada.String()), s.open("/guild.json?user="+ada.String()),
		s.open("/guild?user="+bob.String()), s.open("/guild")
	for _, page := range []<-chan message{mine, others, nobodys} {
		s.next(page, frame.PanelCards)
	}
	s.next(script, frame.MetricsUpdate)
	grant, err := access.Check[access.Export](t.Context(), everyModerator{}, access.Person(ada, false), harbour)
	if err != nil {
		t.Fatal(err)
	}
	for _, result := range []store.ExportState{store.ExportDone, store.ExportFailed} {
		made, err := s.store.AskExport(t.Context(), grant, store.ExportOrder{What: "top-offenders", Format: "csv"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.store.EndExport(t.Context(), made, store.ExportResult{State: result}, true); err != nil {
			t.Fatal(err)
		}
		want, href := "Your export is ready: Top offenders.", "/api/servers/"+harbour.String()+"/export/"+made.ID
		if result == store.ExportFailed {
			want, href = "Your export failed: Top offenders. The history says why.", "/g/"+harbour.String()+"/exports#export-"+made.ID
		}
		for name, stream := range map[string]<-chan message{"page": mine, "script": script} {
			got := s.next(stream, frame.Notification)
			var note layout.Note
			if err := json.Unmarshal([]byte(got.data), &note); err != nil || note.Message != want || note.Href != href ||
				note.Kind != "export."+string(result) || note.Number == 0 || got.id != "" {
				t.Errorf("their %s hears %+v", name, got)
			}
		}
	}
	s.kick(harbour, "the row behind it")
	for name, page := range map[string]<-chan message{"somebody else": others, "nobody": nobodys} {
		if got := s.next(page, frame.Event, frame.Notification); got.name != string(frame.Event) {
			t.Errorf("%s is told %s", name, got.data)
		}
	}
}

// What is true no longer is not told: its row comes to nobody.
func TestANotificationThatWasTakenBack(t *testing.T) {
	s := newStage(t)
	grant, err := access.Check[access.Export](t.Context(), everyModerator{}, access.Person(ada, false), harbour)
	if err != nil {
		t.Fatal(err)
	}
	made, err := s.store.AskExport(t.Context(), grant, store.ExportOrder{What: "health", Format: "csv"})
	if err != nil {
		t.Fatal(err)
	}
	before := s.store.LastSeq()
	if _, err := s.store.EndExport(t.Context(), made, store.ExportResult{State: store.ExportDone}, true); err != nil {
		t.Fatal(err)
	}
	changes, err := s.store.ChangesAfter(t.Context(), harbour, before, 10)
	if err != nil {
		t.Fatal(err)
	}
	noted := func() (n int) {
		for _, line := range s.feed.stats.Lines(t.Context(), changes) {
			if line.User == ada {
				n += len(s.feed.noted(t.Context(), line))
			}
		}
		return n
	}
	if n := noted(); n != 1 {
		t.Fatalf("%d frames for one notification", n)
	}
	if _, err := s.store.DropExport(t.Context(), grant, made.ID, store.ExportDelete); err != nil {
		t.Fatal(err)
	}
	if n := noted(); n != 0 {
		t.Errorf("%d frames for a file that was deleted", n)
	}
}
