package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"regexp"
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

// A row of every table that holds a person, with that person in every such column: after erasing them their id is
// nowhere, and no row of the others' is touched.
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
	for _, place := range whereabouts(t, s, tables, who) {
		if !strings.HasPrefix(place, "sessions.") {
			t.Errorf("still in %s", place)
		}
	}
	if after := whereabouts(t, s, tables, other); len(after) != len(before) {
		t.Errorf("another member was in %v and is in %v", before, after)
	}
}

// insertPerson inserts a row of a table that holds people, with one of them in all those columns; everything else is
// small and harmless.
func insertPerson(t *testing.T, s *Store, table string, list []tableColumn, person int64) {
	t.Helper()
	names, values, has := []string{}, []any{}, false
	for _, c := range list {
		var value any
		switch {
		case c.name == "guild_id":
			value = 1
		case ofPeople.MatchString(c.name) && keptOfPeople[table+"."+c.name] != "an action":
			value, has = person, true
		case table == "role_assignments" && c.name == "subject":
			value = "member"
		case table == "role_assignments" && c.name == "id":
			value = person
		case table == "day_sheets" && c.name == "sheet":
			value = string(sheetModerator)
		case table == "day_sheets" && c.name == "subject":
			value, has = fmt.Sprint(person), true
		case c.kind == "TEXT" && c.name == "outcome":
			value = "done"
		case c.kind == "TEXT":
			value = "x" + fmt.Sprint(person%10)
		case c.kind == "BLOB":
			value = []byte{1}
		default:
			value = person % 10
		}
		names, values = append(names, c.name), append(values, value)
	}
	if !has || table == "audit" {
		return
	}
	statement := "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Repeat("?, ", len(names)-1) + "?)"
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
