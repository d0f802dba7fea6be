package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/snowflake"
)

// sendsForm posts a form as the page's own button would, and gives the answer's status and where it leads.
func (s *stage) sendsForm(path string, form url.Values) (status int, to string) {
	s.Helper()
	request, err := http.NewRequest("POST", "http://"+s.address+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	if err != nil {
		s.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode, answer.Header.Get("Location")
}

// From the dashboard to Discord and back: a rule is made there, changed in Discord, and whoever still has the old page is
// told; what is deleted in Discord is gone here.
func TestAutoModIsSteeredFromTheDashboard(t *testing.T) {
	s := newStage(t)
	s.open()
	s.connected()
	pages := "/g/" + snowflake.String(s.guild) + "/rules"
	form := url.Values{"trigger": {"1"}, "name": {"Words"}, "keywords": {"blorp*"}, "block": {"yes"}, "enabled": {"yes"}}
	status, to := s.sendsForm(pages+"/native/new", form)
	rules := s.sim.AutoModRules(s.guild)
	if status != http.StatusSeeOther || len(rules) != 1 || rules[0].Name != "Words" || !rules[0].Enabled ||
		!strings.Contains(string(rules[0].Metadata), "blorp*") {
		t.Fatalf("status %d: %+v", status, rules)
	}
	page := s.get(to)
	seen := regexp.MustCompile(`name="seen" value="([0-9a-f]+)"`).FindStringSubmatch(page)
	if !strings.Contains(page, "blorp*") || seen == nil {
		t.Fatalf("the page: %s", page)
	}
	s.sim.EditAutoModRule(s.guild, s.sim.OwnerID(), rules[0].ID, func(r *discordsim.AutoModRule) { r.Name = "Renamed in Discord" })
	s.until("the list has the new name", func() bool { return strings.Contains(s.get(pages), "Renamed in Discord") })
	form.Set("seen", seen[1])
	if status, _ := s.sendsForm(to, form); status != http.StatusConflict {
		t.Errorf("an old page is saved: %d", status)
	}
	if now := s.sim.AutoModRules(s.guild)[0].Name; now != "Renamed in Discord" {
		t.Errorf("Discord has %q", now)
	}
	s.sim.DeleteAutoModRule(s.guild, s.sim.OwnerID(), rules[0].ID)
	s.until("it is gone from the list", func() bool { return !strings.Contains(s.get(pages), "Renamed in Discord") })
	s.close()
}

// A rule is found by its name while it is typed, shown, and switched by whoever may; others are told that they may not.
func TestRulesAreFoundAndSwitchedInDiscord(t *testing.T) {
	s := newStage(t)
	s.open()
	s.connected()
	r := s.ruled(nil)
	number := discordsim.Option{Name: "rule", Type: 4, Value: r.Number}
	s.until("the name is offered", func() bool {
		id := s.sim.Type(s.channel, s.sim.OwnerID(), "guildwatch rules",
			discordsim.Option{Name: "rule", Type: 4, Value: strings.ToUpper(r.Name[:3]), Focused: true})
		if id == 0 {
			return false
		}
		answer, err := s.sim.WaitAnswer(t.Context(), id)
		return err == nil && strings.Contains(string(answer.Data), r.Name)
	})
	says(t, s.types(s.sim.OwnerID(), "guildwatch rules", number), "**#1**", "Words and phrases", "Version 1")
	says(t, s.types(s.sim.OwnerID(), "guildwatch rules", number, written("mode", "off")), "The mode is saved", "(off)", "Version 2")
	says(t, s.types(s.sim.OwnerID(), "guildwatch rules", discordsim.Option{Name: "rule", Type: 4, Value: 99}), "no such rule")
	if text := s.types(s.bob, "guildwatch rules", number, written("mode", "enforce")); strings.Contains(text, "saved") {
		t.Errorf("a member without a role is told %q", text)
	}
	if text := s.types(s.bob, "guildwatch stats"); !strings.Contains(text, "role") {
		t.Errorf("statistics for a member without a role: %q", text)
	}
	s.close()
}
