package report

import (
	"strings"
	"testing"

	"guildwatch/internal/moderation"
	"guildwatch/internal/stats"
)

// The file has ids that no spreadsheet rounds, and none for one whose data was erased: theirs leads nowhere.
func TestTheFileOfAReportNamesNobodyErased(t *testing.T) {
	review := &stats.Review{Profile: moderation.Guild{ID: 81384788765712390}, Offenders: []stats.Offender{{Person: stats.Person{ID: 81384788765712384, Name: "=Lark"}, Violations: 3},
		{Person: stats.Person{ID: -5, Name: "Erased member #000005"}, Violations: 2}}}
	file := string(table(review))
	for _, want := range []string{"report,guild_id,'81384788765712390,", "offenders,'81384788765712384,'=Lark,3,,", "offenders,,Erased member #000005,2,,"} {
		if !strings.Contains(strings.ReplaceAll(file, `"`, ""), want) {
			t.Errorf("%s is not in %s", want, file)
		}
	}
	if strings.Contains(file, "-5") {
		t.Errorf("an id of nobody is in %s", file)
	}
}
