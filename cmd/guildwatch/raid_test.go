package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// come lets so many new accounts join, and gives who could.
func (s *stage) come(n int) (users []snowflake.UserID) {
	s.Helper()
	for i := range n {
		id := snowflake.At[snowflake.UserID](s.sim.Now().Add(-time.Hour), int64(100+i))
		s.sim.AddUser(discordsim.User{ID: id, Username: "raider-" + snowflake.Tail(id)})
		if s.sim.Join(s.guild, id) != 0 {
			users = append(users, id)
		}
	}
	return users
}

// raid is the guild's newest.
func (s *stage) raid() raid.Raid {
	s.Helper()
	r, err := s.store.NewestRaid(context.Background(), s.guild)
	if err != nil {
		s.Fatal(err)
	}
	return r
}

// secured says whether Discord has a verification level, and invites are paused or not.
func (s *stage) secured(level int, paused bool) func() bool {
	return func() bool {
		now, pauses := s.sim.Secured(s.guild)
		return now == level && paused == (pauses.InvitesDisabledUntil != nil && pauses.InvitesDisabledUntil.After(s.sim.Now()))
	}
}

// reporting lets guildwatch report in the guild's channel.
func (s *stage) reporting() {
	s.Helper()
	s.until("the channel is known", func() bool {
		return s.store.UpdateSettings(context.Background(), grant[access.UpdateSettings](s),
			store.Settings{TimeZone: "UTC", LogChannel: s.channel}) == nil
	})
}

// A raid closes the guild and opens it again: ten new accounts within a minute pause invites and raise the verification
// level, the moderators read of it, a restart in the midst forgets nothing, and a moderator's command puts back exactly
// what was there. What a person changed meanwhile stays.
func TestARaidClosesTheGuildAndOpensItAgain(t *testing.T) {
	s := newStage(t)
	s.sim.Secure(s.guild, 1, time.Time{}, time.Time{})
	s.open()
	s.connected()
	s.reporting()
	s.come(10)
	s.until("raid mode holds", func() bool { return s.raid().State == raid.Raised })
	s.until("Discord has been asked", s.secured(3, true))
	if late := s.come(11); len(late) != 0 {
		t.Errorf("%d came in while invites were paused", len(late))
	}
	s.until("the moderators are told", func() bool { return s.wrote("Raid mode is on:** 10 new accounts joined within a minute") })
	if answer := s.types(s.sim.OwnerID(), "guildwatch raid status"); !strings.Contains(answer, "Raid mode is on") ||
		!strings.Contains(answer, "The verification level is High in place of Low.") {
		t.Errorf("the status is %q", answer)
	}
	s.close()
	s.open()
	s.connected()
	_, pauses := s.sim.Secured(s.guild)
	s.sim.Secure(s.guild, 2, *pauses.InvitesDisabledUntil, time.Time{}) // a person finds High too much
	if answer := s.types(s.bob, "guildwatch raid off"); !strings.Contains(answer, "role") {
		t.Errorf("bob is answered %q", answer)
	}
	if answer := s.types(s.sim.OwnerID(), "guildwatch raid off"); !strings.Contains(answer, "Raid mode is off") {
		t.Errorf("the owner is answered %q", answer)
	}
	s.until("raid mode is over", func() bool { return s.raid().State == raid.Over })
	if !s.secured(2, false)() {
		level, pauses := s.sim.Secured(s.guild)
		t.Errorf("Discord has level %d and %+v", level, pauses)
	}
	if r := s.raid(); r.Invites.State != raid.Restored || r.Verification.State != raid.Kept || r.EndedBy != s.sim.OwnerID() {
		t.Errorf("the raid is %+v", r)
	}
	s.until("the moderators are told of its end", func() bool { return s.wrote("somebody has changed it since, and it stays so") })
	if answer := s.types(s.sim.OwnerID(), "guildwatch raid off"); !strings.Contains(answer, "off already") {
		t.Errorf("a second time it says %q", answer)
	}
}

// wrote says whether the bot has written a text in the guild's channel.
func (s *stage) wrote(text string) bool {
	for _, m := range s.sim.Messages(s.channel) {
		if strings.Contains(m.Text, text) {
			return true
		}
	}
	return false
}

// Without the permission it needs, raid mode says which, and does the rest of its work.
func TestARaidWithoutThePermission(t *testing.T) {
	s := newStage(t)
	s.sim.SetBotPermissions(s.guild, discordsim.PermissionsModerator&^discordsim.PermissionManageGuild)
	s.open()
	s.connected()
	s.reporting()
	s.come(10)
	s.until("the moderators are told", func() bool {
		return s.wrote("Invites could not be paused. guildwatch lacks the permission Manage Server.")
	})
	if r := s.raid(); r.Invites.State != raid.Refused || r.Verification.State != raid.Refused {
		t.Errorf("the raid is %+v", r)
	}
}

// Who came with a raid is banned in one request, who cannot be banned so is asked for alone, and each ban is recorded
// once, with its outcome, and can be taken back.
func TestRaidersAreBannedTogether(t *testing.T) {
	s := newStage(t)
	s.open()
	s.connected()
	raiders := s.come(10)
	s.until("they are known", func() bool { return len(s.raiders()) == 10 && s.raid().State == raid.Raised })
	order := raid.Order{Raid: 1, Kind: moderation.ActionBan, Users: raiders, Source: moderation.SourceDashboard}
	acting := grant[access.ActOnMembers](s)
	if n, err := s.store.ActOnRaid(context.Background(), acting, order); n != 10 || err != nil {
		t.Fatalf("planned %d: %v", n, err)
	}
	if n, err := s.store.ActOnRaid(context.Background(), acting, order); n != 0 || err == nil {
		t.Errorf("a second press plans %d: %v", n, err)
	}
	s.until("all bans are done", func() bool {
		for _, m := range s.raiders() {
			if m.Kind != moderation.ActionBan || m.Outcome != moderation.OutcomeDone {
				return false
			}
		}
		return true
	})
	together, alone := 0, 0
	for _, r := range s.sim.Requests() {
		if discordsim.To("POST", "/guilds/"+s.guild.String()+"/bulk-ban")(r) {
			together++
		}
		if discordsim.To("PUT", "/guilds/"+s.guild.String()+"/bans/")(r) {
			alone++
		}
	}
	if together != 1 || alone != 0 {
		t.Errorf("Discord was asked %d times for all and %d times for one", together, alone)
	}
	one := s.raiders()[0]
	if _, err := s.store.Undo(context.Background(), acting, one.Action, moderation.SourceDashboard); err != nil {
		t.Errorf("one ban cannot be taken back: %v", err)
	}
}

func (s *stage) raiders() (list []store.RaidMember) {
	s.Helper()
	r := s.raid()
	if err := s.store.Read(context.Background(), func(now *store.Snapshot) { list = now.RaidMembers(&r) }); err != nil {
		s.Fatal(err)
	}
	return list
}
