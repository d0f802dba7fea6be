package discordsim

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// What Discord refuses of a rule is refused with its code and the place in the form, and changes nothing.
func TestARuleMustFitDiscordsLimits(t *testing.T) {
	s := start(t, Options{})
	guild, _ := harbour(s)
	path := "/guilds/" + guild.ID.String() + "/auto-moderation/rules"
	status, body := do(t, s, "POST", path, `{"name":"words","event_type":1,"trigger_type":1,"trigger_metadata":
		{"keyword_filter":["blorp*"]},"actions":[{"type":1,"metadata":{"custom_message":"Not here."}}],"enabled":true}`)
	if status != 200 {
		t.Fatal(status, body)
	}
	var made AutoModRule
	if err := json.Unmarshal([]byte(body), &made); err != nil {
		t.Fatal(err)
	}
	one := path + "/" + made.ID.String()
	list := func(n int, entry string) string {
		return strings.TrimSuffix(strings.Repeat(fmt.Sprintf("%q,", entry), n), ",")
	}
	for name, c := range map[string]struct{ body, place string }{
		"a keyword of 61":      {`{"trigger_metadata":{"keyword_filter":["ok","` + strings.Repeat("x", 61) + `"]}}`, `{"trigger_metadata":{"keyword_filter":{"1":`},
		"1 001 keywords":       {`{"trigger_metadata":{"keyword_filter":[` + list(1001, "x") + `]}}`, `{"trigger_metadata":{"keyword_filter":{"_errors"`},
		"11 expressions":       {`{"trigger_metadata":{"regex_patterns":[` + list(11, "x") + `]}}`, `"regex_patterns":{"_errors"`},
		"an expression of 261": {`{"trigger_metadata":{"regex_patterns":["` + strings.Repeat("x", 261) + `"]}}`, `"regex_patterns":{"0":`},
		"a broken expression":  {`{"trigger_metadata":{"regex_patterns":["("]}}`, `"REGEX_VALIDATION_ERROR"`},
		"101 allowed":          {`{"trigger_metadata":{"allow_list":[` + list(101, "x") + `]}}`, `"allow_list":{"_errors"`},
		"21 roles":             {`{"exempt_roles":[` + list(21, "5") + `]}`, `"exempt_roles":{"_errors"`},
		"51 channels":          {`{"exempt_channels":[` + list(51, "5") + `]}`, `"exempt_channels":{"_errors"`},
		"a long explanation":   {`{"actions":[{"type":1,"metadata":{"custom_message":"` + strings.Repeat("x", 151) + `"}}]}`, `"custom_message":{"_errors"`},
		"five weeks":           {`{"actions":[{"type":3,"metadata":{"duration_seconds":3024000}}]}`, `"duration_seconds":{"_errors"`},
		"an unknown channel":   {`{"actions":[{"type":2,"metadata":{"channel_id":"999"}}]}`, `"channel_id":{"_errors"`},
		"another's action":     {`{"actions":[{"type":4}]}`, `"AUTO_MODERATION_INVALID_ACTION_TYPE"`},
		"no name":              {`{"name":""}`, `"name":{"_errors"`},
	} {
		status, answer := do(t, s, "PATCH", one, c.body)
		if status != 400 || !strings.Contains(answer, `"code":50035`) || !strings.Contains(answer, c.place) {
			t.Errorf("%s: %d %s, want 50035 at %s", name, status, answer, c.place)
		}
	}
	if _, now := do(t, s, "GET", one, ""); now != body {
		t.Errorf("a refusal changed the rule from\n%s to\n%s", body, now)
	}
	if status, _ := do(t, s, "PATCH", path+"/999", `{"name":"x"}`); status != 404 {
		t.Errorf("a rule that is not there: %d", status)
	}
}

func TestAWordListMaySpareMore(t *testing.T) {
	s := start(t, Options{})
	guild, _ := harbour(s)
	path := "/guilds/" + guild.ID.String() + "/auto-moderation/rules"
	spared := func(n int) string {
		return `{"name":"lists","trigger_type":4,"actions":[{"type":1}],"trigger_metadata":{"presets":[1],"allow_list":[` +
			strings.TrimSuffix(strings.Repeat(`"x",`, n), ",") + `]}}`
	}
	if status, _ := do(t, s, "POST", path, spared(1001)); status != 400 {
		t.Errorf("1 001 are taken: %d", status)
	}
	if status, body := do(t, s, "POST", path, spared(1000)); status != 200 {
		t.Errorf("1 000 are not: %d %s", status, body)
	}
	mentions := `{"name":"many","trigger_type":5,"actions":[{"type":1}],"trigger_metadata":{"mention_total_limit":%d}}`
	if status, _ := do(t, s, "POST", path, fmt.Sprintf(mentions, 51)); status != 400 {
		t.Error("51 mentions are taken")
	}
	if status, body := do(t, s, "POST", path, fmt.Sprintf(mentions, 50)); status != 200 {
		t.Error("50 mentions are not:", body)
	}
}
