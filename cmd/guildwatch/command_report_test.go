package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// logging is a stage whose guild has a log channel that is chosen.
func logging(t *testing.T) (s *stage, log snowflake.ChannelID) {
	t.Helper()
	s = newStage(t)
	log = s.sim.AddChannel(s.guild, discordsim.Channel{Name: "log"})
	s.open()
	s.connected()
	s.until("the channel is known", func() bool { return s.choose(log) == nil })
	return s, log
}

// choose makes a channel the one in which guildwatch reports.
func (s *stage) choose(log snowflake.ChannelID) error {
	return s.store.UpdateSettings(context.Background(), grant[access.UpdateSettings](s),
		store.Settings{TimeZone: "UTC", LogChannel: log})
}

func (s *stage) reports(user snowflake.UserID, message snowflake.MessageID) string {
	s.Helper()
	return s.answer(func() snowflake.InteractionID {
		return s.sim.UseOnMessage(s.channel, user, "Report to moderators", message)
	}).Original.Text
}

// Every member may report; the line in the log channel mentions nobody, whatever the message says, and comes once.
func TestAReportReachesTheModeratorsOnce(t *testing.T) {
	s, log := logging(t)
	message := s.say(s.bob, "@everyone look <@&5> at **this**")
	says(t, s.reports(s.bob, message), "your own")
	says(t, s.reports(s.ada, message), "have your report")
	lines := s.sim.Messages(log)
	if len(lines) != 1 || lines[0].Everyone {
		t.Fatalf("the log channel has %+v", lines)
	}
	says(t, lines[0].Text, "ada (<@"+s.ada.String()+">) reports a message by bob", `> \@everyone look`, `\*\*this\*\*`,
		"https://discord.com/channels/"+s.guild.String()+"/"+s.channel.String()+"/"+message.String())
	says(t, s.reports(s.sim.OwnerID(), message), "know of this message already")
	for n := 2; n <= reportsAtOnce; n++ {
		says(t, s.reports(s.ada, s.say(s.bob, "again")), "have your report")
	}
	says(t, s.reports(s.ada, s.say(s.bob, "and again")), "Please wait")
	if n := len(s.sim.Messages(log)); n != reportsAtOnce {
		t.Errorf("%d lines in the log channel, want %d", n, reportsAtOnce)
	}
	s.close()
}

func TestAReportThatCannotBeDeliveredSaysSo(t *testing.T) {
	s, log := logging(t)
	if err := s.choose(0); err != nil {
		t.Fatal(err)
	}
	message := s.say(s.bob, "hello")
	says(t, s.reports(s.ada, message), "has not said where reports go")
	if err := s.choose(log); err != nil {
		t.Fatal(err)
	}
	if err := s.store.SetRetention(context.Background(), grant[access.UpdateSettings](s), store.Retention{}); err != nil {
		t.Fatal(err)
	}
	deny := func(what discordsim.Permissions) {
		s.sim.ChangeChannel(log, func(c *discordsim.Channel) {
			c.Overwrites = []discordsim.Overwrite{{ID: int64(s.guild), Deny: what}}
		})
	}
	deny(discordsim.PermissionSendMessages)
	says(t, s.reports(s.ada, message), "could not be delivered")
	deny(0)
	says(t, s.reports(s.ada, message), "have your report")
	if lines := s.sim.Messages(log); len(lines) != 1 || strings.Contains(lines[0].Text, "hello") {
		t.Errorf("where no text is kept the log channel has %+v", lines)
	}
	s.close()
}

func TestReportsAreForgottenInTime(t *testing.T) {
	var r reports
	now := time.Now()
	for n := range reportsAtOnce + 1 {
		if _, ok := r.take(1, snowflake.MessageID(n+1), now); ok != (n < reportsAtOnce) {
			t.Errorf("report %d: %v", n+1, ok)
		}
	}
	if _, ok := r.take(2, 1, now.Add(reportSpan-1)); ok {
		t.Error("a message was reported twice")
	}
	for _, member := range []snowflake.UserID{1, 2} {
		if _, ok := r.take(member, snowflake.MessageID(member), now.Add(reportSpan)); !ok {
			t.Errorf("member %d has to wait for ever", member)
		}
	}
	for n := range 3 * reportsKept {
		r.take(snowflake.UserID(n+1), snowflake.MessageID(n+1), now)
	}
	if len(r.members) > reportsKept || len(r.seen) > reportsKept {
		t.Errorf("%d members and %d messages are remembered", len(r.members), len(r.seen))
	}
}

func TestRulesAreListedWithWhatTheyFound(t *testing.T) {
	s := newStage(t)
	s.open()
	s.connected()
	owner := s.sim.OwnerID()
	says(t, s.types(owner, "guildwatch rules"), "no rules")
	s.ruled(nil)
	s.ruled(func(r *rule.Rule) { r.Name, r.Mode = "@here *x*", rule.Shadow })
	s.say(s.bob, "flurb")
	s.until("it is answered", func() bool { return len(s.violations()) == 2 })
	says(t, s.types(owner, "guildwatch rules"), "**#1** No flurbs (enforce): 1 and 1",
		`**#2** \@here \*x\* (shadow): 1 and 1`)
	s.close()
}

func TestSettingsAreShownAndChangedInDiscord(t *testing.T) {
	s, log := logging(t)
	boss := s.sim.OwnerID()
	where := func(id string) discordsim.Option { return discordsim.Option{Name: "log-channel", Type: 7, Value: id} }
	other := s.sim.AddChannel(s.guild, discordsim.Channel{Name: "other"})
	says(t, s.types(boss, "guildwatch config"), "**Settings**", "Log channel: <#"+log.String()+">", "Time zone: UTC",
		"Ladder: a warning, a timeout of 10 min", "kept for 7 days")
	s.until("the channel is known", func() bool {
		return strings.Contains(s.types(boss, "guildwatch config", where(other.String())), "settings are saved")
	})
	if lines := s.sim.Messages(other); len(lines) != 1 || lines[0].Text != chosenLine {
		t.Errorf("the channel has %+v", lines)
	}
	says(t, s.types(boss, "guildwatch config", written("time-zone", "Europe/Berlin")),
		"saved", "<#"+other.String()+">", "Europe/Berlin")
	for _, bad := range []discordsim.Option{where("5"), where("x"), written("time-zone", "Local"),
		written("time-zone", "Europe/@here")} {
		text := s.types(boss, "guildwatch config", bad)
		if !strings.Contains(text, "Choose a text channel") && !strings.Contains(text, "no such time zone") {
			t.Errorf("%+v: %q", bad, text)
		}
	}
	s.sim.ChangeChannel(log, func(c *discordsim.Channel) {
		c.Overwrites = []discordsim.Overwrite{{ID: int64(s.guild), Deny: discordsim.PermissionSendMessages}}
	})
	says(t, s.types(boss, "guildwatch config", where(log.String())), "nothing is saved", "allow Send Messages")
	says(t, s.types(boss, "guildwatch config"), "<#"+other.String()+">", "Europe/Berlin")
	s.close()
}

func TestTheDoctorNamesEachFix(t *testing.T) {
	s, log := logging(t)
	boss := s.sim.OwnerID()
	staff := s.sim.RoleNamed(s.guild, "Staff")
	place := func(position int) {
		s.sim.ChangeRole(s.guild, boss, staff, func(r *discordsim.Role) { r.Position = position })
	}
	place(0)
	s.until("all is well", func() bool {
		return strings.Contains(s.types(boss, "guildwatch doctor"), "Everything is well")
	})
	place(1000)
	s.sim.SetBotPermissions(s.guild, discordsim.PermissionsModerator&^discordsim.PermissionBanMembers)
	s.sim.ChangeChannel(log, func(c *discordsim.Channel) {
		c.Overwrites = []discordsim.Overwrite{{ID: int64(s.guild), Deny: discordsim.PermissionSendMessages}}
	})
	s.until("three things are wrong", func() bool {
		return strings.Contains(s.types(boss, "guildwatch doctor"), "3 of 4 checks need a hand")
	})
	says(t, s.types(boss, "guildwatch doctor"), "lacks Ban Members", "cannot act on members with the role Staff",
		"drag guildwatch's role above", "allow Send Messages for guildwatch")
	if err := s.choose(0); err != nil {
		t.Fatal(err)
	}
	says(t, s.types(boss, "guildwatch doctor"), "none is chosen")
	s.close()
}
