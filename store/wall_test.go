package store

import (
	"regexp"
	"testing"
)

// everyGuild are the queries that are right to name no guild, and why.
var everyGuild = map[string]string{
	// The overview and the list of guilds, which the operator or the visitor's own rights open.
	"listGuildTotals":   "the operator's overview",
	"listPresentGuilds": "the operator's overview",
	"listNewestChanges": "the operator's overview",
	"listAllGaps":       "the operator's overview",
	"findLastCommand":   "the operator's overview",
	"countStaysAt":      "how many guilds there were",
	"listGuildsOf":      "the guilds of one user: a list to check rights in, one by one",

	// The feed's cursor counts through all guilds.
	"lastChange":          "where the cursor stands",
	"listChangesAfter":    "the announcer renders every guild's changes",
	"countChangesBetween": "whether a replay has a hole",

	// Found by a secret that names one row, whose guild then counts.
	"getLink":   "by the hash of a token",
	"spendLink": "by the hash of a token",

	// guildwatch's own chores, on behalf of nobody.
	"deleteLinks":       "sweeps what is too old",
	"listGuildIDs":      "pruning goes through every guild",
	"isKnownElsewhere":  "whether any guild still needs a name",
	"nextTargetGuild":   "sweeping goes through every guild",
	"nextOffenderGuild": "sweeping goes through every guild",
	"newestActivity":    "who is active in any guild is counted once",
	"listSecrets":       "a new key seals every secret anew",
	"nextOutboxGuild":   "the outbox is worked off for every guild",
	"nextRaidGuild":     "raid mode is worked off for every guild",
	"listDueNotices":    "what is to be said is worked off for every guild",
	"listAuditChain":    "one chain holds every guild's rows",
	"listAllSchedules":  "guildwatch's clock goes through every guild",
	"listDueDeliveries": "the outbox of reports is worked off for every guild",
	"nextDelivery":      "the outbox of reports is worked off for every guild",

	"listOpenExports":    "one worker writes the exports of every guild",
	"listExpiredExports": "sweeping goes through every guild",

	// A gap is the whole instance's; its number is no outsider's to choose.
	"getGapOfSession":  "of a gap",
	"sumRequests":      "of a gap",
	"listOpenReadings": "of every gap",
	"leaveReadings":    "of a gap",
	"forgetReadings":   "of a gap",
}

var (
	tableOf   = regexp.MustCompile(`(?i)\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)`)
	ofOne     = regexp.MustCompile(`(?i)\bguild_id\s*(?:=|IN\b)`)
	given     = regexp.MustCompile(`(?i)\bguild_id\s*(?:=\s*(?:\?|0\b)|IN\b)`)
	intoGuild = regexp.MustCompile(`(?is)^\s*(?:--[^\n]*\n\s*)*INSERT\s+INTO\s+[a-z_]+\s*\([^)]*\bguild_id\b`)
)

// What belongs to a guild is read and written by its guild: no query finds a row of any guild by an id alone. A query
// that is new and names no guild fails here, until it does or its reason stands above.
func TestEveryQueryNamesItsGuild(t *testing.T) {
	s := openIn(t, t.TempDir())
	ofGuilds := map[string]bool{}
	rows, err := s.readDB.QueryContext(t.Context(), `SELECT t.name FROM sqlite_schema t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND c.name = 'guild_id'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			t.Fatal(err)
		}
		ofGuilds[table] = true
	}
	if err := rows.Err(); err != nil || len(ofGuilds) < 20 {
		t.Fatalf("%d tables of guilds: %v", len(ofGuilds), err)
	}
	named, excused := 0, map[string]bool{}
	for name, query := range generated(t) {
		touched := 0
		for _, table := range tableOf.FindAllStringSubmatch(query, -1) {
			if ofGuilds[table[1]] {
				touched++
			}
		}
		// Each table is tied to a guild, or to another table that is.
		tied := 0
		switch {
		case intoGuild.MatchString(query):
			tied = 1 + len(ofOne.FindAllString(query, -1))
		case given.MatchString(query):
			tied = len(ofOne.FindAllString(query, -1))
		}
		switch {
		case touched == 0:
		case everyGuild[name] != "" && tied < touched:
			excused[name] = true
		case tied < touched:
			t.Errorf("%s reads or writes what is any guild's:\n%s", name, query)
		default:
			named++
		}
	}
	if named < 50 {
		t.Errorf("only %d queries name their guild: they are not found", named)
	}
	for name := range everyGuild {
		if !excused[name] {
			t.Errorf("%s needs no excuse: the list is stale", name)
		}
	}
}
