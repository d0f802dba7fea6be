package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// grant is what the guild's owner may.
func grant[R access.Right](s *stage) access.Grant[R] {
	s.Helper()
	g, err := access.Check[R](context.Background(), standings{s.store}, access.Person(s.sim.OwnerID(), false), s.guild)
	if err != nil {
		s.Fatal(err)
	}
	return g
}

// ruled saves a rule against the word flurb, which deletes and asks the ladder unless changed.
func (s *stage) ruled(change func(*rule.Rule)) rule.Rule {
	s.Helper()
	s.connected()
	r := rule.Rule{Name: "No flurbs", Kind: rule.Words, Mode: rule.Enforce, Severity: moderation.SeverityMedium,
		Respond: rule.RespondLadder, Delete: true, Spec: rule.Spec{Words: []string{"flurb"}}}
	if change != nil {
		change(&r)
	}
	saved, err := s.store.SaveRule(context.Background(), grant[access.UpdateRules](s), r, "")
	if err != nil {
		s.Fatal(err)
	}
	return saved
}

func (s *stage) say(who snowflake.UserID, text string) snowflake.MessageID {
	s.Helper()
	id := s.sim.Post(discordsim.Post{Channel: s.channel, Author: who, Content: text})
	if id == 0 {
		s.Fatalf("the stand-in refused %q", text)
	}
	return id
}

// violations are the guild's, the newest first.
func (s *stage) violations() (list []store.ViolationRow) {
	s.Helper()
	err := s.store.Read(context.Background(), func(now *store.Snapshot) {
		list = now.Violations(s.guild, store.ViolationFilter{}, 100)
	})
	if err != nil {
		s.Fatal(err)
	}
	return list
}

// deeds are the actions about the newest violation, as "delete done".
func (s *stage) deeds() string {
	list := s.violations()
	if len(list) == 0 {
		return ""
	}
	var deeds []string
	for _, a := range list[0].Actions {
		deeds = append(deeds, fmt.Sprint(a.Kind, " ", a.Outcome))
	}
	return strings.Join(deeds, ", ")
}

// deletions are how often Discord was asked to delete a message or a thread.
func (s *stage) deletions() (n int) {
	for _, r := range s.sim.Requests() {
		if discordsim.To("DELETE", "/channels/")(r) {
			n++
		}
	}
	return n
}

// passed waits until a clean message behind everything else has been counted.
func (s *stage) passed(before string) {
	s.Helper()
	counted := func() string { return s.get("/api/servers/" + s.guild.String() + "/metrics") }
	s.until("what was posted is counted", func() bool { return strings.Contains(counted(), before) })
}

func TestABrokenRuleIsPunishedAndRecorded(t *testing.T) {
	s := newStage(t)
	s.open()
	broken := s.ruled(nil)
	first := s.say(s.bob, "buy a F L U R B now")
	s.until("the first violation is answered", func() bool { return s.deeds() == "delete done, warn done" })
	if _, there := s.sim.MessageByID(s.channel, first); there {
		t.Error("the message is there")
	}
	s.silent()
	if told := s.sim.Messages(s.sim.DirectChannel(s.bob)); len(told) != 1 || !strings.Contains(told[0].Text, "**Harbour**") ||
		!strings.Contains(told[0].Text, "No flurbs") {
		t.Errorf("the member was told %+v", told)
	}
	v := s.violations()[0]
	if v.Number != 1 || v.Rule != "rule:1" || v.RuleName != "No flurbs" || v.User != s.bob || v.Message != first ||
		v.Version != broken.Version || v.State != moderation.StateCounted || v.Response < 0 || v.Response > patience ||
		v.Severity != moderation.SeverityMedium || v.Surface != moderation.SurfaceContent || v.Content != "buy a F L U R B now" {
		t.Errorf("%+v", v)
	}

	s.say(s.bob, "flurb again")
	s.until("the second violation is answered", func() bool { return s.deeds() == "delete done, timeout done" })
	member, _ := s.sim.MemberOf(s.guild, s.bob)
	if member.TimeoutUntil == nil || time.Until(*member.TimeoutUntil) > 10*time.Minute {
		t.Errorf("timed out until %v", member.TimeoutUntil)
	}
	// What the bot did is in Discord's audit log, and comes back as events; it is recorded once.
	entries := s.sim.AuditLog(s.guild)
	if len(entries) == 0 || !strings.HasPrefix(entries[len(entries)-1].Reason, "guildwatch #2: No flurbs") {
		t.Errorf("audit log %+v", entries)
	}
	s.sim.Ban(s.guild, s.ada, s.bob, "by hand") // an event behind those
	s.until("what came after is recorded", func() bool { return strings.Contains(s.get(s.page()), "by hand") })
	var total int64
	hour := store.Span{From: moderation.BucketOf(time.Now()).Add(-time.Hour), Until: moderation.BucketOf(time.Now()).Add(time.Hour)}
	if err := s.store.Read(context.Background(), func(now *store.Snapshot) { total = now.ActionTotal(s.guild, hour) }); err != nil ||
		total != 5 {
		t.Errorf("%d actions are counted (%v), want 2 deletions, a warning, a timeout and the ban", total, err)
	}
	s.close()
}

func TestARuleInShadowModeDoesNothing(t *testing.T) {
	s := newStage(t)
	s.open()
	s.ruled(func(r *rule.Rule) { r.Mode = rule.Shadow })
	message := s.say(s.bob, "flurb")
	s.until("the violation is recorded", func() bool { return len(s.violations()) == 1 })
	v := s.violations()[0]
	if v.State != moderation.StateShadow || !v.Shadow || len(v.Actions) != 0 {
		t.Errorf("%+v", v)
	}
	s.close()
	if _, there := s.sim.MessageByID(s.channel, message); !there {
		t.Error("the message is gone")
	}
}

func TestModeratorsOwnersAndCleanMessagesAreLeftAlone(t *testing.T) {
	s := newStage(t)
	s.open()
	s.ruled(nil)
	staff := s.sim.RoleNamed(s.guild, "Staff")
	if err := s.store.AssignRole(context.Background(), grant[access.ManageRoles](s), access.HoldersOf(staff), access.Moderator); err != nil {
		t.Fatal(err)
	}
	s.say(s.ada, "he wrote flurb")
	s.say(s.sim.OwnerID(), "flurb")
	s.say(s.bob, "Scunthorpe, flurbish")
	s.say(s.bob, "flurb")
	s.until("the member's is answered", func() bool { return s.deeds() == "delete done, warn done" })
	if n := len(s.violations()); n != 1 {
		t.Errorf("%d violations", n)
	}
	if n := len(s.sim.Messages(s.channel)); n != 3 {
		t.Errorf("%d messages are left of 3", n)
	}
	s.close()
}

func TestF22WhatDiscordRefusesSaysWhatIsMissing(t *testing.T) {
	s := newStage(t)
	s.open()
	s.ruled(nil)
	s.sim.SetBotPermissions(s.guild, discordsim.PermissionsModerator&^discordsim.PermissionManageMessages)
	s.say(s.bob, "flurb")
	s.until("the refusal is recorded", func() bool { return s.deeds() == "delete failed, warn done" })
	a := s.violations()[0].Actions[0]
	if !strings.Contains(a.Problem, "lacks the permission Manage Messages") || !strings.Contains(a.Problem, "Server Settings") {
		t.Errorf("%+v", a)
	}
	if n := s.deletions(); n != 1 {
		t.Errorf("Discord was asked %d times", n)
	}
	s.close()
}

func TestARestartFinishesWhatWasPlannedOnce(t *testing.T) {
	for name, failure := range map[string]discordsim.Failure{
		"before Discord was asked": {Times: discordsim.Always, Status: http.StatusServiceUnavailable},
		"before Discord answered":  {Times: discordsim.Always, Reset: true, After: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.open()
			s.ruled(nil)
			for _, path := range []string{"/channels/", "/users/@me/channels"} {
				failed := failure
				failed.Path = path
				s.sim.Set(func(k *discordsim.Knobs) { k.Failures = append(k.Failures, failed) })
			}
			message := s.say(s.bob, "flurb")
			s.until("both were planned", func() bool { return strings.Count(s.deeds(), ",") == 1 })
			if failure.After {
				s.until("it is done in Discord", func() bool {
					_, there := s.sim.MessageByID(s.channel, message)
					return !there
				})
			}
			s.close()
			s.sim.Set(func(k *discordsim.Knobs) { k.Failures = nil })
			s.open()
			s.until("both are done", func() bool { return s.deeds() == "delete done, warn done" })
			if _, there := s.sim.MessageByID(s.channel, message); there {
				t.Error("the message is there")
			}
			s.silent()
			if told := s.sim.Messages(s.sim.DirectChannel(s.bob)); len(told) != 1 {
				t.Errorf("the member was told %d times", len(told))
			}
			if n := len(s.violations()); n != 1 {
				t.Errorf("%d violations", n)
			}
			s.close()
		})
	}
}

func TestF16EventsThatComeTwiceArePunishedOnce(t *testing.T) {
	s := newStage(t)
	s.open()
	s.ruled(func(r *rule.Rule) { r.Delete = false })
	message := s.say(s.bob, "flurb")
	s.until("it is answered", func() bool { return s.deeds() == "warn done" })
	// An edit that leaves the word there, and a link that Discord looks up, show the same match again.
	s.sim.Edit(s.channel, message, "flurb!")
	s.sim.Unfurl(s.channel, message, `[{"title":"all about flurb"}]`)
	s.say(s.bob, "nothing")
	s.passed(`"messages":{"value":2,`)
	if list := s.violations(); len(list) != 1 || s.deeds() != "warn done" {
		t.Errorf("%+v", list)
	}
	// Something else in the same message is another violation.
	second := s.say(s.bob, "look at https://example.test")
	s.sim.Unfurl(s.channel, second, `[{"title":"all about flurb"}]`)
	s.until("what a link shows is read", func() bool { return len(s.violations()) == 2 && s.deeds() == "timeout done" })
	if v := s.violations()[0]; v.Surface != moderation.SurfaceEmbed || v.Message != second {
		t.Errorf("%+v", v)
	}
	s.close()
}

func TestTitlesAndNamesAreJudged(t *testing.T) {
	s := newStage(t)
	s.open()
	s.ruled(func(r *rule.Rule) { r.Respond = rule.RespondNothing })
	names := rule.Rule{Name: "Clean names", Kind: rule.Names, Mode: rule.Enforce, Severity: moderation.SeverityLow,
		Respond: rule.RespondWarn, Spec: rule.Spec{Words: []string{"flurb"}}}
	if _, err := s.store.SaveRule(context.Background(), grant[access.UpdateRules](s), names, ""); err != nil {
		t.Fatal(err)
	}
	s.sim.SetNick(s.guild, s.bob, "Mr Flurb")
	s.until("the name is answered", func() bool { return s.deeds() == "warn done" })
	thread := s.sim.StartThread(s.channel, s.bob, "cheap flurb here")
	s.until("the title is answered", func() bool { return len(s.violations()) == 2 && s.deeds() == "delete done" })
	if v := s.violations()[0]; v.Surface != moderation.SurfaceThread || v.User != s.bob {
		t.Errorf("%+v", v)
	}
	if n := s.deletions(); n != 1 || thread == 0 {
		t.Errorf("%d deletions", n)
	}
	s.close()
}

func TestAWebhooksMessageIsTakenAwayAndNobodyIsPunished(t *testing.T) {
	s := newStage(t)
	s.open()
	s.ruled(nil)
	hook := s.sim.AddWebhook(s.channel, s.ada, "news")
	answer, err := http.Post(hook, "application/json", strings.NewReader(`{"content":"flurb"}`))
	if err != nil || answer.StatusCode >= 300 {
		t.Fatal(answer, err)
	}
	_ = answer.Body.Close()
	s.until("it is answered", func() bool { return s.deeds() == "delete done" })
	if v := s.violations()[0]; v.User != 0 {
		t.Errorf("%+v", v)
	}
	s.close()
}
