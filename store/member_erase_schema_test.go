package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// ofPeople are the columns that hold a person's id.
var ofPeople = regexp.MustCompile(`^(user_id|actor_id|target_id|[a-z]+_by)$`)

// keptOfPeople are those that erasing a member leaves alone, and why.
var keptOfPeople = map[string]string{
	"actions.undone_by":     "an action",
	"sessions.user_id":      "a person's own sign-ins, which end by themselves within seven days",
	"users.user_id":         "while another guild knows them",
	"user_activity.user_id": "while another guild knows them",
}

// said are the texts of which something depends on what they say; WHO is the person.
var said = map[string]string{
	"actions.outcome":          "done",
	"day_sheets.sheet":         string(sheetModerator),
	"day_sheets.subject":       "WHO",
	"exports.filter":           `{"from":"2026-11-01T00:00:00Z","user":"WHO","text":"gift"}`,
	"imports.state":            string(ImportDraft),
	"role_assignments.subject": "member",
}

// everyOwner lets everybody be the owner.
type everyOwner struct{}

func (everyOwner) RoleIn(context.Context, snowflake.GuildID, access.Actor) (access.Role, error) {
	return access.Owner, nil
}

// tableColumn is a column of a table.
type tableColumn struct{ table, name, kind string }

// columns are all there are, but those of SQLite and of the search index.
func columns(t *testing.T, s *Store) (list []tableColumn) {
	t.Helper()
	rows, err := s.readDB.QueryContext(t.Context(), `SELECT t.name, c.name, c.type
		FROM sqlite_schema t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'violation_facets%'
		  AND t.name NOT LIKE 'violation_words%' AND t.name NOT LIKE 'goose%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var c tableColumn
		if err := rows.Scan(&c.table, &c.name, &c.kind); err != nil {
			t.Fatal(err)
		}
		list = append(list, c)
	}
	return list
}

// A table that is new and holds people fails here, until erasing knows it or its reason stands above.
func TestErasingKnowsEveryColumnThatHoldsAPerson(t *testing.T) {
	s := openIn(t, t.TempDir())
	text, err := os.ReadFile("../queries/erasure.sql")
	if err != nil {
		t.Fatal(err)
	}
	statements := strings.Split(string(text), ";")
	n := 0
	for _, c := range columns(t, s) {
		if !ofPeople.MatchString(c.name) || keptOfPeople[c.table+"."+c.name] != "" {
			continue
		}
		n++
		touched := regexp.MustCompile(`(?s)(UPDATE|DELETE FROM) ` + c.table + `\b.*\b` + c.name + `\b`)
		found := false
		for _, statement := range statements {
			found = found || touched.MatchString(statement)
		}
		if !found {
			t.Errorf("erasing a member leaves %s.%s as it is", c.table, c.name)
		}
	}
	if n < 25 {
		t.Errorf("only %d columns hold people", n)
	}
}

// ofOthers are the numbers that are no person's: times, counts, ids of everything else. A column with a new name fails until
// somebody has thought about whose number it holds.
var ofOthers = regexp.MustCompile(`^([a-z_]+_at|at|after_id|all_joins|action_id|attempts|bans|bot|bucket|bytes|channel_id|claimed_until|` +
	`cluster|color|commands|count|counted|critical|daily|day|days|deleted|deletes|delivery_id|destination|downloads|dropped|edits|enabled|failures|` +
	`false_positives|found|gap_id|gone|guild_id|high|highest|hour|identify_id|import|interaction_id|joins|keep_rows_days|keep_text_days|` +
	`kicks|kind|known|last|last_join|last_leave|leaves|log_channel_id|low|lowest|managed|medium|member_count|message_id|messages|moderated|` +
	`month|monthly|n|new_joins|newest|note_id|notes|number|ok|one|outage_since|parent_id|permissions|position|priority|raid|` +
	`raid_expected_until|ref|requests|response_ms|rests_until|role_id|rows|rows_from|rule_id|rule_version|seq|session_id|shadow|shard|since|` +
	`skipped|slot|state|sum_us|take_appeals|tell_members|timeout_until|timeouts|told_off|told_on|took_ms|total|trigger|unbans|undoes|until|` +
	`until_id|untimeouts|users|version|violation|warns|week|weekly)$`)

// namedOtherwise are the columns of people that are not called like one, and what erasing does about them.
var namedOtherwise = map[string]string{"audit.actor_ref": "leads to audit_people", "audit.target_ref": "leads to audit_people",
	"guilds.owner_id": "an owner cannot be erased", "role_assignments.id": "EraseAssignments"}

// A number in a column of a new name may be a person's.
func TestNoColumnOfPeopleHasAnotherName(t *testing.T) {
	s := openIn(t, t.TempDir())
	for _, c := range columns(t, s) {
		if c.kind == "INTEGER" && !ofPeople.MatchString(c.name) && !ofOthers.MatchString(c.name) && namedOtherwise[c.table+"."+c.name] == "" {
			t.Errorf("%s.%s may hold a person: say above whose number it is", c.table, c.name)
		}
	}
}

// toldIn says where the file of a member's data has what a column knows of them; or, in brackets, why it has not.
var toldIn = map[string]string{
	"actions.actor_id":          "(what they did as one of the team is in the exports)",
	"actions.target_id":         "actions",
	"appeals.decided_by":        "(as one of the team)",
	"appeals.user_id":           "appeals",
	"audit_people.user_id":      "(the audit log, for those who may see it)",
	"changes.actor_id":          "(lines about rows that are in it)",
	"changes.user_id":           "(lines about rows that are in it)",
	"command_runs.user_id":      "commands",
	"destinations.made_by":      "(as one of the team)",
	"exports.asked_by":          "(as one of the team)",
	"exports.ended_by":          "(as one of the team)",
	"imports.made_by":           "(as one of the team)",
	"member_month.user_id":      "active_months",
	"member_roles.user_id":      "discord_roles",
	"members.user_id":           "names, joined_at, left_at, last_active_at, timed_out_until",
	"moderated_members.user_id": "(the first of actions)",
	"notices.user_id":           "notices",
	"notifications.user_id":     "(as one of the team)",
	"offender_window.user_id":   "(counts of violations)",
	"raid_members.user_id":      "raids",
	"raids.ended_by":            "(as one of the team)",
	"raids.started_by":          "(as one of the team)",
	"role_assignments.given_by": "(as one of the team)",
	"rule_versions.made_by":     "(as one of the team)",
	"secrets.set_by":            "(as one of the team)",
	"sessions.user_id":          "(no guild's: the page of their own sign-ins)",
	"sign_in_links.user_id":     "(minutes)",
	"target_window.user_id":     "(counts of actions)",
	"user_activity.user_id":     "last_active_at",
	"users.user_id":             "names, avatar, bot",
	"violation_notes.made_by":   "(as one of the team)",
	"violations.claimed_by":     "(as one of the team)",
	"violations.marked_by":      "(as one of the team)",
	"violations.user_id":        "violations, notes",
	"warning_clears.cleared_by": "(as one of the team)",
	"warnings.given_by":         "(as one of the team)",
	"warnings.user_id":          "warnings",
}

// What a new table knows of members they may ask for.
func TestEveryColumnOfPeopleIsToldOrNot(t *testing.T) {
	s := openIn(t, t.TempDir())
	there := map[string]bool{}
	for _, c := range columns(t, s) {
		if name := c.table + "." + c.name; ofPeople.MatchString(c.name) && keptOfPeople[name] != "an action" {
			if there[name] = true; toldIn[name] == "" {
				t.Errorf("is %s in the file of a member's data?", name)
			}
		}
	}
	for name := range toldIn {
		if !there[name] {
			t.Errorf("there is no %s", name)
		}
	}
}

// ownWords are the texts that nobody writes: guildwatch's own words, Discord's, and numbers.
var ownWords = regexp.MustCompile(`\.(action|buckets|cadence|catch|cause|cells|command|done|ended_why|evidence|export_id|format|invites|` +
	`key_id|kind|mode|outcome|resume_url|rule|session_id|severity|source|state|steps|surface|trigger|verification|what)$`)

// keptTexts are the other texts that erasing a member leaves alone, and why.
var keptTexts = map[string]string{
	"changes.label":            "the name of a rule or guildwatch's own word",
	"channels.name":            "Discord's, for all to see",
	"deliveries.detail":        "why a mail or a request failed",
	"deliveries.subject":       "which report it is",
	"destinations.last_detail": "why a mail or a request failed",
	"destinations.name":        "what the team calls a place",
	"destinations.shown":       "the address of a place",
	"destinations.stopped":     "why nothing is sent there any more",
	"discord_roles.name":       "Discord's, for all to see",
	"exports.problem":          "why a file was not written",
	"gaps.reason":              "why the connection was lost",
	"native_rules.body":        "what Discord looks for",
	"native_rules.name":        "what the team calls a rule",
	"offender_days.people":     "no text, and a change to a violation of the day deletes the row",
	"raids.problem":            "what Discord refused of the server's settings",
	"rule_versions.body":       "what guildwatch looks for",
	"rule_versions.note":       "which version was brought back",
	"rules.body":               "what guildwatch looks for",
	"rules.problem":            "why a rule was switched off",
	"secrets.hint":             "of a secret of the team's",
	"secrets.name":             "of a secret of the team's",
	"secrets.sealed":           "sealed",
	"violations.rule_name":     "what the team calls a rule",
}

// alone are the tables that a test cannot fill with anything: the log, which names people by a reference, the guild's
// own, and what the instance knows of itself.
var alone = regexp.MustCompile(`^(audit|audit_head|guilds|guild_stays|instance)$`)

// Every table has a row for a person, with them in each column that holds people and in each text: after erasing them
// their id is nowhere but where it may stay, and no row of the others' is touched.
func TestAnErasedMemberIsNowhere(t *testing.T) {
	s := openIn(t, t.TempDir())
	const who, other = 7_777_777_777_777, 8_888_888_888_888
	tables := map[string][]tableColumn{}
	for _, c := range columns(t, s) {
		tables[c.table] = append(tables[c.table], c)
	}
	for _, person := range []int64{who, other} {
		for table, list := range tables {
			insertPerson(t, s, table, list, person)
		}
	}
	if err := s.SeeGuild(t.Context(), moderation.GuildSeen{
		Origin: moderation.Origin{Guild: 1, At: time.Now()}, Profile: moderation.Guild{Owner: 9}, Joined: true}); err != nil {
		t.Fatal(err)
	}
	grant, err := access.Check[access.EraseMember](t.Context(), everyOwner{}, access.Person(9, false), 1)
	if err != nil {
		t.Fatal(err)
	}
	before := whereabouts(t, s, tables, other)
	erased, err := s.EraseMember(t.Context(), grant, snowflake.UserID(who))
	if err != nil {
		t.Fatal(err)
	}
	if erased.Violations != 1 || erased.Actions != 1 || erased.Warnings != 1 || erased.Appeals != 1 || erased.Runs != 1 || !erased.Forgotten {
		t.Errorf("%+v", erased)
	}
	still := whereabouts(t, s, tables, who)
	for _, place := range still {
		if !ownWords.MatchString(place) && keptTexts[place] == "" && !strings.HasPrefix(place, "sessions.") {
			t.Errorf("still in %s", place)
		}
	}
	for place := range keptTexts {
		if !slices.Contains(still, place) {
			t.Errorf("%s is said to be left alone", place)
		}
	}
	if after := whereabouts(t, s, tables, other); len(after) != len(before) {
		t.Errorf("another member was in %v and is in %v", before, after)
	}
}

// insertPerson inserts a row of a table, with a person in all columns that hold people and named in all texts;
// everything else is small and harmless.
func insertPerson(t *testing.T, s *Store, table string, list []tableColumn, person int64) {
	t.Helper()
	if alone.MatchString(table) {
		return
	}
	names, values := []string{}, []any{}
	for _, c := range list {
		var value any
		switch given, is := said[table+"."+c.name]; {
		case c.name == "guild_id":
			value = 1
		case is:
			value = strings.ReplaceAll(given, "WHO", fmt.Sprint(person))
		case ofPeople.MatchString(c.name) && keptOfPeople[table+"."+c.name] != "an action":
			value = person
		case table == "role_assignments" && c.name == "id":
			value = person
		case c.kind == "TEXT":
			value = fmt.Sprintf("of %d.", person)
		case c.kind == "BLOB":
			value = fmt.Appendf(nil, "of %d.", person)
		default:
			value = person % 10
		}
		names, values = append(names, c.name), append(values, value)
	}
	statement := "INSERT OR IGNORE INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Repeat("?, ", len(names)-1) + "?)"
	err := s.write(t.Context(), func(tx *tx) error {
		_, err := s.writer.conn.ExecContext(tx.ctx, statement, values...)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// whereabouts are the columns that hold a person, as a number or in a text.
func whereabouts(t *testing.T, s *Store, tables map[string][]tableColumn, person int64) (places []string) {
	t.Helper()
	for table, list := range tables {
		for _, c := range list {
			var n int
			err := s.readDB.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table+" WHERE instr(CAST("+c.name+" AS TEXT), ?) > 0",
				fmt.Sprint(person)).Scan(&n)
			if err != nil && err != sql.ErrNoRows {
				t.Fatal(err)
			}
			if n > 0 {
				places = append(places, table+"."+c.name)
			}
		}
	}
	return places
}
