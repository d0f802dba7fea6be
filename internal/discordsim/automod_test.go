package discordsim

import (
	"testing"
	"time"
)

func TestEachActionOfARuleTellsOnce(t *testing.T) {
	s := start(t, Options{})
	guild, post := harbour(s)
	alerts := s.AddChannel(guild.ID, Channel{Name: "alerts"})
	rule := s.CreateAutoModRule(guild.ID, s.OwnerID(), AutoModRule{Name: "words", Enabled: true, Actions: []AutoModAction{
		{Type: AutoModBlock}, {Type: AutoModAlert, Metadata: AutoModMetadata{ChannelID: alerts}},
		{Type: AutoModTimeout, Metadata: AutoModMetadata{Seconds: 60}},
	}})
	c := connect(t, s, allIntents)
	blind := connect(t, s, IntentAutoModExecution)
	c.event("GUILD_CREATE")
	hit := AutoModHit{
		Guild: guild.ID, Rule: rule, User: post.Author, Channel: post.Channel,
		Content: "some bad words", Keyword: "bad*", Matched: "bad",
	}
	if message, ok := s.AutoModExecute(hit); message != 0 || !ok {
		t.Errorf("message %d, %v; want it blocked", message, ok)
	}
	for _, want := range []string{
		"AUTO_MODERATION_ACTION_EXECUTION", "GUILD_AUDIT_LOG_ENTRY_CREATE",
		"MESSAGE_CREATE", "AUTO_MODERATION_ACTION_EXECUTION", "GUILD_AUDIT_LOG_ENTRY_CREATE",
		"GUILD_MEMBER_UPDATE", "AUTO_MODERATION_ACTION_EXECUTION", "GUILD_AUDIT_LOG_ENTRY_CREATE",
	} {
		d := c.event(want)
		if want != "AUTO_MODERATION_ACTION_EXECUTION" {
			continue
		}
		var e execution
		if c.decode(d, &e); e.Content != hit.Content || e.Matched != "bad" || e.MessageID != 0 || e.RuleID != rule ||
			(e.AlertID != 0) != (e.Action.Type == AutoModAlert) {
			t.Errorf("%+v", e)
		}
	}
	for range 3 {
		var e execution
		blind.decode(blind.event("AUTO_MODERATION_ACTION_EXECUTION"), &e)
		if e.Content != "" || e.Matched != "" || e.Keyword != "bad*" {
			t.Errorf("without MESSAGE_CONTENT: %+v", e)
		}
	}
	if m, _ := s.MemberOf(guild.ID, post.Author); m.TimeoutUntil == nil || time.Until(*m.TimeoutUntil) > time.Minute {
		t.Errorf("timed out until %v", m.TimeoutUntil)
	}
	if len(s.Messages(post.Channel)) != 0 || len(s.Messages(alerts)) != 1 {
		t.Error("want no message and one alert")
	}
}

func TestRulesOverREST(t *testing.T) {
	s := start(t, Options{})
	guild, _ := harbour(s)
	path := "/guilds/" + guild.ID.String() + "/auto-moderation/rules"
	spam := `{"name":"spam","event_type":1,"trigger_type":3,"actions":[{"type":1}],"enabled":true}`
	if status, body := do(t, s, "POST", path, spam); status != 200 {
		t.Fatal(status, body)
	}
	for name, body := range map[string]string{
		"a second of its kind": spam, "no actions": `{"name":"x","trigger_type":1}`,
		"a timeout for spam": `{"name":"x","trigger_type":4,"actions":[{"type":3}]}`,
	} {
		if status, answer := do(t, s, "POST", path, body); status != 400 {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
	for i := range 7 {
		want := 200
		if i == 6 {
			want = 400
		}
		if status, _ := do(t, s, "POST", path, `{"name":"k","trigger_type":1,"actions":[{"type":1}]}`); status != want {
			t.Errorf("keyword rule %d: %d", i+1, status)
		}
	}
}
