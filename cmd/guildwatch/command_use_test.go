package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/bot"
	"guildwatch/internal/discordsim"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// answer waits for what the bot says to a use, which is repeated until Discord offers the command. It must be for the
// one who asked, and mention nobody.
func (s *stage) answer(use func() snowflake.InteractionID) discordsim.Interaction {
	s.Helper()
	var id snowflake.InteractionID
	s.until("the command is registered", func() bool { id = use(); return id != 0 })
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	answer, err := s.sim.WaitAnswer(ctx, id)
	if err != nil {
		s.Fatal(err)
	}
	if answer.Callback != 4 { // a form, or text that comes after a deferral
		return answer
	}
	if !answer.Ephemeral {
		s.Errorf("everybody can read %q", answer.Original.Text)
	}
	if !strings.Contains(string(answer.Data), `"allowed_mentions":{"parse":[]`) {
		s.Errorf("the answer may mention somebody: %s", answer.Data)
	}
	return answer
}

// types lets somebody type a command and gives the answer's text.
func (s *stage) types(user snowflake.UserID, line string, options ...discordsim.Option) string {
	s.Helper()
	return s.answer(func() snowflake.InteractionID {
		return s.sim.RunCommand(s.channel, user, line, options...)
	}).Original.Text
}

// on lets somebody use the menu of a member and gives the answer's text; of a form it is empty.
func (s *stage) on(user snowflake.UserID, menu string, target snowflake.UserID) (text, form string) {
	s.Helper()
	answer := s.answer(func() snowflake.InteractionID { return s.sim.UseOnMember(s.channel, user, menu, target) })
	if answer.Original != nil {
		return answer.Original.Text, ""
	}
	var opened struct {
		CustomID string `json:"custom_id"`
	}
	if err := json.Unmarshal(answer.Data, &opened); err != nil || opened.CustomID == "" {
		s.Fatalf("%s: %v", answer.Data, err)
	}
	return "", opened.CustomID
}

// warns has somebody warn a member by the menu and its form.
func (s *stage) warns(user, target snowflake.UserID, reason string) string {
	s.Helper()
	text, form := s.on(user, "Warn", target)
	if form == "" {
		return text
	}
	return s.sends(user, form, reason)
}

// sends sends a form, whoever it was opened for.
func (s *stage) sends(user snowflake.UserID, form, text string) string {
	s.Helper()
	return s.answer(func() snowflake.InteractionID {
		return s.sim.Submit(s.channel, user, form, map[string]string{bot.FormText: text})
	}).Original.Text
}

// appoint gives a member a role on the dashboard. The members of a guild are recorded after the guild itself.
func (s *stage) appoint(user snowflake.UserID, role access.Role) {
	s.Helper()
	s.until("the member is known", func() (known bool) {
		if err := s.store.Read(context.Background(), func(now *store.Snapshot) {
			known = len(now.FindMembers(s.guild, user.String(), 1)) == 1
		}); err != nil {
			s.Fatal(err)
		}
		return known
	})
	err := s.store.AssignRole(context.Background(), grant[access.ManageRoles](s), access.Member(user), role)
	if err != nil {
		s.Fatal(err)
	}
}

// denials are the rights that the audit log says somebody was refused.
func (s *stage) denials(user snowflake.UserID) (rights []string) {
	s.Helper()
	if err := s.store.Read(context.Background(), func(now *store.Snapshot) {
		for _, row := range now.Audit(s.guild, store.AuditFilter{Action: "denied", Actor: user}, 100) {
			rights = append(rights, row.Target)
		}
	}); err != nil {
		s.Fatal(err)
	}
	return rights
}

func whose(user snowflake.UserID) discordsim.Option {
	return discordsim.Option{Name: "member", Type: 6, Value: user.String()}
}

func numbered(n int64) discordsim.Option {
	return discordsim.Option{Name: "number", Type: 4, Value: n}
}

func written(name, text string) discordsim.Option {
	return discordsim.Option{Name: name, Type: 3, Value: text}
}

// says fails the test unless a text has all the parts.
func says(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q lacks %q", text, part)
		}
	}
}

// From the menu to the ladder and back: a moderator warns with a reason, lists the warning by its number, clears it.
func TestAModeratorWarnsAndClearsInDiscord(t *testing.T) {
	s := newStage(t)
	s.open()
	s.connected()
	s.appoint(s.ada, access.Moderator)
	says(t, s.types(s.ada, "guildwatch warnings"), "no warnings that count")
	says(t, s.warns(s.ada, s.bob, "*rude* @everyone"), "bob is warned", "Level 1 on the ladder", "a timeout of 10 min")
	s.until("bob is told", func() bool { return len(s.sim.Messages(s.sim.DirectChannel(s.bob))) == 1 })

	says(t, s.types(s.ada, "guildwatch warnings"), "**#1** bob", "by ada", `\*rude\* \@everyone`)
	says(t, s.types(s.ada, "guildwatch warnings", whose(s.bob)), "Warnings of bob", "Level 1", "**#1** <t:")
	text, _ := s.on(s.ada, "History", s.bob)
	says(t, text, "History of bob", "Level 1", "warnings that count: 1", "warn, done by ada", `\*rude\*`)

	says(t, s.types(s.ada, "guildwatch clear", numbered(1), written("reason", "a joke")), "Warning #1 is cleared")
	says(t, s.types(s.ada, "guildwatch clear", numbered(1)), "ada has cleared this warning already")
	says(t, s.types(s.ada, "guildwatch warnings", whose(s.bob)), "Level 0", "~~**#1**")
	says(t, s.types(s.ada, "guildwatch clear", whose(s.bob)), "no warnings that count")
	s.close()
}

func TestWhatAModeratorMayNotDoInDiscord(t *testing.T) {
	s := newStage(t)
	s.open()
	s.connected()
	s.appoint(s.ada, access.Moderator)
	for _, wrong := range []struct {
		options []discordsim.Option
		says    string
	}{
		{nil, "Choose either a member"},
		{[]discordsim.Option{whose(s.bob), numbered(1)}, "Choose either a member"},
		{[]discordsim.Option{numbered(99)}, "no such warning"},
		{[]discordsim.Option{numbered(-1)}, "no such warning"},
		{[]discordsim.Option{written("number", "x")}, "whole number"},
		{[]discordsim.Option{written("member", "everyone")}, "Choose a member"},
		{[]discordsim.Option{numbered(1), written("reason", strings.Repeat("x", 401))}, "at most 400"},
	} {
		says(t, s.types(s.ada, "guildwatch clear", wrong.options...), wrong.says)
	}
	says(t, s.types(s.ada, "guildwatch warnings", written("member", "0")), "Choose a member")
	says(t, s.warns(s.ada, s.sim.BotID(), "x"), "Bots cannot be warned")
	if n := len(s.denials(s.ada)); n != 0 {
		t.Errorf("%d refusals of what is wrong are in the audit log", n)
	}
	says(t, s.warns(s.ada, s.ada, "x"), "cannot act on yourself")
	says(t, s.warns(s.ada, s.sim.OwnerID(), "x"), "somebody who is owner here")
	says(t, s.types(s.ada, "guildwatch config", written("time-zone", "Europe/Berlin")),
		"needs the role admin, and yours is moderator")
	if got := strings.Join(s.denials(s.ada), " "); got != "right:update_settings right:act_on_members" {
		t.Errorf("the audit log has %q", got)
	}
	if told := s.sim.Messages(s.sim.DirectChannel(s.sim.OwnerID())); len(told) != 0 {
		t.Errorf("the owner was told %+v", told)
	}
	s.close()
}

// Ada has Discord's permissions of a moderator, which prove nothing here: without a role on the dashboard each command
// is refused, and a form too, whoever opened it. What is more than to look is in the audit log.
func TestMembersWithoutARoleAreRefused(t *testing.T) {
	s := newStage(t)
	s.open()
	s.connected()
	for _, line := range []string{"warnings", "rules", "config", "doctor"} {
		says(t, s.types(s.ada, "guildwatch "+line), "You have no role on this server's dashboard")
	}
	text, _ := s.on(s.ada, "History", s.bob)
	says(t, text, "no role")
	if got := s.denials(s.ada); len(got) != 0 {
		t.Errorf("who wanted to look is in the audit log: %q", got)
	}
	says(t, s.types(s.ada, "guildwatch clear", numbered(1)), "no role")
	says(t, s.warns(s.ada, s.bob, "x"), "no role")
	says(t, s.sends(s.ada, "Warn:"+s.bob.String(), "x"), "no role")
	says(t, s.types(s.ada, "guildwatch config", written("time-zone", "Europe/Berlin")), "no role")
	const noted = "right:update_settings right:act_on_members right:manage_violations"
	if got := strings.Join(s.denials(s.ada), " "); got != noted {
		t.Errorf("the audit log has %q", got)
	}
	s.appoint(s.ada, access.Viewer)
	says(t, s.types(s.ada, "guildwatch warnings"), "no warnings that count")
	says(t, s.sends(s.ada, "Warn:"+s.bob.String(), "x"), "needs the role moderator, and yours is viewer")
	if told := s.sim.Messages(s.sim.DirectChannel(s.bob)); len(told) != 0 {
		t.Errorf("bob was told %+v", told)
	}
	s.close()
}
