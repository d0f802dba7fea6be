package feed

import (
	"context"
	"strings"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// adaOwns makes ada the owner everywhere.
type adaOwns struct{}

func (adaOwns) RoleIn(_ context.Context, _ snowflake.GuildID, actor access.Actor) (access.Role, error) {
	if actor.User() == ada {
		return access.Owner, nil
	}
	return access.None, nil
}

// A page that shows settings fetches them again when it is told of a change, so it must be told: by the row of the feed
// and, under the same number, by what the scripts' stream gets. Other guilds and the overview hear the row alone, or
// nothing.
func TestPagesAreToldOfSettingsThatChanged(t *testing.T) {
	s := newStage(t)
	page, script, overview := s.open("/guild"), s.open("/guild.json"), s.open("/overview")
	s.next(page, frame.PanelCards)
	s.next(script, frame.MetricsUpdate)
	s.next(overview, frame.PanelCards)
	grant, err := access.Check[access.UpdateSettings](t.Context(), adaOwns{}, access.Person(ada, false), harbour)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.store.UpdateSettings(t.Context(), grant, store.Settings{TimeZone: "Asia/Tokyo"}); err != nil {
		t.Fatal(err)
	}
	row, told := s.next(page, frame.Event), s.next(page, frame.ConfigUpdate)
	if row.id != "" && row.id != told.id || told.id == "" || !strings.Contains(told.data, `"field":"time_zone"`) {
		t.Errorf("the page gets %+v and %+v", row, told)
	}
	if update := s.next(script, frame.ConfigUpdate); update.data != told.data || update.id != told.id {
		t.Errorf("scripts get %+v, the page %+v", update, told)
	}
	s.kick(harbour, "the row behind it")
	if m := s.next(overview, frame.Event, frame.ConfigUpdate); m.name != string(frame.Event) {
		t.Errorf("the overview gets %+v", m)
	}
	if m := s.next(overview, frame.Event, frame.ConfigUpdate); m.name != string(frame.Event) {
		t.Errorf("the overview gets %+v", m)
	}
}
