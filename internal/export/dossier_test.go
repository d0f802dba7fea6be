package export

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// A member's file has what the tables have about them, all of it and of nobody else, and says that it is whole.
func TestADossierHoldsAllThatTheTablesHoldOfAMember(t *testing.T) {
	d := opened(t, 400)
	d.page = 2
	const who = snowflake.UserID(107)
	_, err := d.RecordCommand(t.Context(), moderation.CommandRun{Origin: moderation.Origin{Guild: home, At: noon}, Interaction: 5,
		User: moderation.User{ID: who, Name: "who"}, Channel: 77, Command: "guildwatch stats", OK: true})
	must(t, err)
	var file strings.Builder
	must(t, d.Dossier(context.Background(), grantOf(t, home, access.Moderator), who, &file))
	var whole struct {
		User  snowflake.UserID `json:"user_id"`
		Names []string         `json:"names"`
		Runs  []dossierRun     `json:"commands"`
		Whole bool             `json:"whole"`
	}
	must(t, json.Unmarshal([]byte(file.String()), &whole))
	if whole.User != who || !whole.Whole || len(whole.Names) == 0 || len(whole.Runs) != 1 {
		t.Errorf("%+v", whole)
	}
	var parts map[What]json.RawMessage
	must(t, json.Unmarshal([]byte(file.String()), &parts))
	for _, what := range []What{Violations, Actions, Warnings} {
		want := d.written(t, what, JSON, store.ExportFilter{User: who})
		got, err := parseJSON(what, string(parts[what]))
		must(t, err)
		if len(got) != len(want) || what != Warnings && len(want) < 4 {
			t.Errorf("%s: %d rows, want %d", what, len(got), len(want))
		}
		for i := range got {
			if got[i]["user_id"] != want[i]["user_id"] || got[i]["at"] != want[i]["at"] {
				t.Errorf("%s: row %d is %v, want %v", what, i, got[i], want[i])
			}
		}
	}
	if err := json.Unmarshal([]byte(file.String()[:file.Len()-20]), &parts); err == nil {
		t.Error("a broken file reads as a whole one")
	}
	rows := d.written(t, AuditLog, JSON, store.ExportFilter{})
	if len(rows) != 1 || rows[0]["action"] != "member.exported" || rows[0]["target_user_id"] != who.String() {
		t.Errorf("the audit log has %v", rows)
	}
}

func TestThereIsNoDossierOfAStranger(t *testing.T) {
	d := opened(t, 10)
	var file strings.Builder
	err := d.Dossier(context.Background(), grantOf(t, home, access.Moderator), 999, &file)
	if fault.Of(err) != fault.NotFound || file.Len() > 0 {
		t.Errorf("%v and %q", err, file.String())
	}
}
