package export

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
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

// holds is what the lists of a dossier must have.
type holds struct {
	Notes    []dossierNote   `json:"notes"`
	Appeals  []dossierAppeal `json:"appeals"`
	Notices  []dossierNotice `json:"notices"`
	Raids    []dossierRaid   `json:"raids"`
	Commands []dossierRun    `json:"commands"`
	Given    *dossierRole    `json:"dashboard_role"`
	Active   time.Time       `json:"last_active_at"`
	Timed    *time.Time      `json:"timed_out_until"`
	Whole    bool            `json:"whole"`
}

// eventful makes things happen about a member: so many of each kind.
func (d *desk) eventful(t *testing.T, who snowflake.UserID, times int) {
	t.Helper()
	owner := access.Person(keeper, false)
	manage, err := access.Check[access.ManageViolations](t.Context(), roles(access.Owner), owner, home)
	must(t, err)
	raids, err := access.Check[access.SwitchRaidMode](t.Context(), roles(access.Owner), owner, home)
	must(t, err)
	team, err := access.Check[access.ManageRoles](t.Context(), roles(access.Owner), owner, home)
	must(t, err)
	must(t, d.AssignRole(t.Context(), team, access.Subject{Kind: access.SubjectMember, User: who}, access.Viewer))
	for i := range times {
		n := int64(who)*100 + int64(i)
		_, err := d.RecordCommand(t.Context(), moderation.CommandRun{Origin: moderation.Origin{Guild: home, At: noon},
			Interaction: snowflake.InteractionID(n), User: moderation.User{ID: who, Name: "who"}, Channel: 77, Command: "stats", OK: true})
		must(t, err)
		broke, err := d.Store.Open(t.Context(), moderation.Case{Violation: moderation.Violation{Guild: home, At: noon,
			Source: moderation.SourceRule, User: who, Channel: 77, Severity: moderation.SeverityHigh, Rule: "rule:1", RuleName: "No shouting",
			Message: snowflake.MessageID(n), Content: "LOUD"}, Version: 1, Surface: moderation.SurfaceContent, Evidence: "e",
			Detected: noon, Response: moderation.Response{Kind: moderation.ActionTimeout, Timeout: time.Hour}})
		must(t, err)
		must(t, d.NoteViolation(t.Context(), manage, broke.Violation, fmt.Sprint("first of ", who)))
		must(t, d.NoteViolation(t.Context(), manage, broke.Violation, fmt.Sprint("second of ", who)))
		_, err = d.MakeAppeal(t.Context(), home, broke.Actions[0], who, fmt.Sprint("please, ", who))
		must(t, err)
		must(t, d.PlanNotice(t.Context(), moderation.Notice{Guild: home, Kind: moderation.NoticeAction, Ref: broke.Actions[0], User: who}, noon))
		_, err = d.SwitchRaidOn(t.Context(), raids)
		must(t, err)
		_, _, err = d.SeeRaid(t.Context(), raid.Report{Guild: home, At: noon, Joins: []raid.Join{{User: who, At: noon}}})
		must(t, err)
		_, err = d.SwitchRaidOff(t.Context(), raids)
		must(t, err)
		newest, err := d.NewestRaid(t.Context(), home)
		must(t, err)
		must(t, d.MoveRaid(t.Context(), newest, raid.Over))
	}
}

// However much of it there is, a member's file has everything once, and nothing of another.
func TestADossierIsNotCutShort(t *testing.T) {
	d := opened(t, 10)
	const who, another = snowflake.UserID(107), snowflake.UserID(108)
	d.eventful(t, who, 3)
	d.eventful(t, another, 2)
	for _, page := range []int{1, 2, 3, 6, 100} {
		d.page = page
		var file strings.Builder
		must(t, d.Dossier(context.Background(), grantOf(t, home, access.Moderator), who, &file))
		var got holds
		must(t, json.Unmarshal([]byte(file.String()), &got))
		if !got.Whole || len(got.Notes) != 6 || len(got.Appeals) != 3 || len(got.Notices) != 6 || len(got.Raids) != 3 || len(got.Commands) != 3 ||
			got.Given == nil || got.Given.Role != "viewer" || got.Given.By != keeper ||
			!got.Active.Equal(noon.Truncate(15*time.Minute)) || got.Timed != nil {
			t.Errorf("by %d: %s", page, file.String())
		}
		once := map[string]bool{}
		for _, note := range got.Notes {
			once[fmt.Sprint("note ", note.Violation, note.Text)] = note.By == keeper && strings.HasSuffix(note.Text, " of 107")
		}
		for _, a := range got.Appeals {
			once[fmt.Sprint("appeal ", a.Number)] = a.Text == "please, 107"
		}
		for _, n := range got.Notices {
			once[fmt.Sprint("notice ", n.Kind, n.About)] = true
		}
		for _, r := range got.Raids {
			once[fmt.Sprint("raid ", r.Number)] = r.Joined.Equal(noon)
		}
		if len(once) != 6+3+6+3 || slices.Contains(slices.Collect(maps.Values(once)), false) {
			t.Errorf("by %d: %v", page, once)
		}
	}
}

// Whoever is erased while their file is written has none that is whole.
func TestADossierOfSomebodyErasedMeanwhile(t *testing.T) {
	d := opened(t, 400)
	const who = snowflake.UserID(107)
	erase, err := access.Check[access.EraseMember](t.Context(), roles(access.Owner), access.Person(keeper, false), home)
	must(t, err)
	file := &erasing{erase: func() error { _, err := d.EraseMember(t.Context(), erase, who); return err }}
	err = d.Dossier(context.Background(), grantOf(t, home, access.Moderator), who, file)
	if fault.Of(err) != fault.NotFound || strings.Contains(file.String(), `"whole"`) {
		t.Errorf("%v and %s", err, file.String())
	}
}

// erasing is a file that has something happen once it is begun.
type erasing struct {
	strings.Builder
	erase func() error
}

func (e *erasing) Write(piece []byte) (int, error) {
	if e.Len() == 0 {
		if err := e.erase(); err != nil {
			return 0, err
		}
	}
	return e.Builder.Write(piece)
}

// A guild takes out ten files in a minute, whatever is in them.
func TestHowManyDossiers(t *testing.T) {
	d := opened(t, 20)
	grant := grantOf(t, home, access.Owner)
	_, err := d.AskExport(t.Context(), grant, order(Health, CSV))
	must(t, err)
	for range 9 {
		must(t, d.Dossier(t.Context(), grant, 107, io.Discard))
	}
	var file strings.Builder
	if err := d.Dossier(t.Context(), grant, 107, &file); fault.Of(err) != fault.TooMany || file.Len() > 0 {
		t.Errorf("a tenth one: %v and %q", err, file.String())
	}
	if _, err := d.AskExport(t.Context(), grant, order(Health, CSV)); fault.Of(err) != fault.TooMany {
		t.Errorf("an export besides: %v", err)
	}
	must(t, d.Dossier(t.Context(), grantOf(t, other, access.Owner), 107, io.Discard))
}

// A guild takes out three files of members at a time, however slow their readers are; a fourth is noted nowhere.
func TestHowManyDossiersAreOpen(t *testing.T) {
	d := opened(t, 20)
	grant := grantOf(t, home, access.Owner)
	var nested func(left int) error
	nested = func(left int) error {
		file := &erasing{erase: func() error {
			if left == 0 {
				return nil
			}
			return nested(left - 1)
		}}
		return d.Dossier(t.Context(), grant, 107, file)
	}
	must(t, nested(2))
	if err := nested(3); fault.Of(err) != fault.TooMany {
		t.Errorf("a fourth one: %v", err)
	}
	if rows := d.written(t, AuditLog, JSON, store.ExportFilter{}); len(rows) != 6 {
		t.Errorf("%d are noted", len(rows))
	}
	must(t, nested(2))
	elsewhere := &erasing{erase: func() error { return d.Dossier(t.Context(), grantOf(t, other, access.Owner), 107, io.Discard) }}
	must(t, d.Dossier(t.Context(), grant, 107, elsewhere))
}

func TestThereIsNoDossierOfAStranger(t *testing.T) {
	d := opened(t, 10)
	var file strings.Builder
	err := d.Dossier(context.Background(), grantOf(t, home, access.Moderator), 999, &file)
	if fault.Of(err) != fault.NotFound || file.Len() > 0 {
		t.Errorf("%v and %q", err, file.String())
	}
}
