package store

import (
	"regexp"
	"strings"
	"testing"
)

var (
	wholeGuild = regexp.MustCompile(`^SEARCH (\w+) USING PRIMARY KEY \(guild_id=\?\)$`)
	// growing are the tables of which a guild can have millions of rows and that lie in the order of guild and number.
	growing = regexp.MustCompile(`\b(violations|warnings|warning_clears|members|member_roles|notices|raid_members|appeals)\b`)
)

// throughAll go through all that a guild has of such a table, and why that is right.
var throughAll = map[string]string{
	"dropOldNotices":          "once a day",
	"nextAppealNumber":        "the last of them, from the end",
	"nextWarningNumber":       "the last of them, from the end",
	"eraseDeciders":           "a person decides each of them",
	"eraseMemberRoles":        "of each Discord role some holders: rows of a few bytes, once",
	"lastNumbers":             "the last of them, from the end",
	"leaveAllMembers":         "all of them",
	"listMembersByGlobalName": "the few of that name",
	"listMembersByName":       "the few of that name",
	"listPresentMembers":      "all of them",
}

// SQLite takes all that a guild has of a table for ten rows, and prefers them to an index. With a hundred thousand warnings
// taking a file of them back took an hour, and nobody else could write.
func TestNoQueryGoesThroughAllOfAGuild(t *testing.T) {
	s := openIn(t, t.TempDir())
	seen := map[string]bool{}
	for name, query := range generated(t) {
		for _, step := range planOf(t, s, query, make([]any, parameters(query))) {
			alias := wholeGuild.FindStringSubmatch(step)
			stops := strings.Contains(query, "LIMIT") && strings.Contains(query, "ORDER BY")
			if alias == nil || stops || !growing.MatchString(aliased(query, alias[1])) {
				continue
			}
			if seen[name] = true; throughAll[name] == "" {
				t.Errorf("%s goes through all of a guild: %s\n%s", name, step, query)
			}
		}
	}
	for name := range throughAll {
		if !seen[name] {
			t.Errorf("%s is said to go through all of a guild", name)
		}
	}
}

// aliased is the table that a query calls by a name.
func aliased(query, alias string) string {
	if found := regexp.MustCompile(`(?i)(?:FROM|JOIN|UPDATE|,)\s+(\w+)\s+(?:AS\s+)?` + alias + `\b`).FindStringSubmatch(query); found != nil {
		return found[1]
	}
	return alias
}
