package bot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// Invites and the verification level are as they were asked for, however often; a pause of direct messages that a person
// has begun stays.
func TestDoorsAreSetAndReadBack(t *testing.T) {
	c := newCourt(t)
	b := offline(t, c.Sim)
	messages := c.Now().Add(3 * time.Hour).UTC().Truncate(time.Second)
	c.Secure(c.guild, 1, time.Time{}, messages)
	until := c.Now().Add(time.Hour).UTC().Truncate(time.Second)
	for range 2 {
		if result := b.PauseInvites(within(t), c.guild, until, "raid 1"); !result.Done {
			t.Fatalf("pausing: %+v", result)
		}
		if result := b.SetVerification(within(t), c.guild, 3, "raid 1"); !result.Done {
			t.Fatalf("raising: %+v", result)
		}
	}
	doors, result := b.Doors(within(t), c.guild)
	if !result.Done || doors.Level != 3 || !doors.InvitesUntil.Equal(until) {
		t.Errorf("doors are %+v, %+v", doors, result)
	}
	if result := b.PauseInvites(within(t), c.guild, time.Time{}, "raid 1"); !result.Done {
		t.Fatalf("opening: %+v", result)
	}
	level, pauses := c.Secured(c.guild)
	if level != 3 || pauses.InvitesDisabledUntil != nil || pauses.DMsDisabledUntil == nil || !pauses.DMsDisabledUntil.Equal(messages) {
		t.Errorf("Discord has level %d and %+v", level, pauses)
	}
	log := c.AuditLog(c.guild)
	if entry := log[len(log)-1]; entry.Action != discordsim.AuditGuildUpdate || entry.Reason != "raid 1" {
		t.Errorf("the audit log ends with %+v", entry)
	}
}

// A missing permission is named; a limit and silence are to be tried again.
func TestDoorsThatCannotBeMoved(t *testing.T) {
	c := newCourt(t)
	b := offline(t, c.Sim)
	c.SetBotPermissions(c.guild, discordsim.PermissionsModerator&^discordsim.PermissionManageGuild)
	for what, result := range map[string]moderation.Result{"pausing": b.PauseInvites(within(t), c.guild, c.Now().Add(time.Hour), ""),
		"raising": b.SetVerification(within(t), c.guild, 3, "")} {
		if result.Done || !strings.Contains(result.Refused, "Manage Server") {
			t.Errorf("%s: %+v", what, result)
		}
	}
	if _, result := b.BanMany(within(t), c.guild, []snowflake.UserID{c.ada}, ""); result.Refused == "" {
		t.Errorf("banning many: %+v", result)
	}
	if result := b.SetVerification(within(t), 5, 3, ""); result.Refused == "" {
		t.Errorf("in a guild that there is not: %+v", result)
	}
	for _, status := range []int{500, 502, 503} {
		c.Set(func(k *discordsim.Knobs) { k.Failures = []discordsim.Failure{{Status: status, Times: 1}} })
		if result := b.SetVerification(within(t), c.guild, 3, ""); result.Again == 0 || result.Done || result.Refused != "" {
			t.Errorf("after %d: %+v", status, result)
		}
	}
}

// Many are banned in one request; who cannot be is not among those who are.
func TestManyAreBannedAtOnce(t *testing.T) {
	c := newCourt(t)
	b := offline(t, c.Sim)
	bob := c.AddUser(discordsim.User{Username: "bob"})
	c.Join(c.guild, bob)
	banned, result := b.BanMany(within(t), c.guild, []snowflake.UserID{c.ada, c.chief, bob}, "raid 1")
	slices.Sort(banned)
	want := []snowflake.UserID{c.ada, bob}
	slices.Sort(want)
	if !result.Done || !slices.Equal(banned, want) {
		t.Errorf("banned %v: %+v", banned, result)
	}
	if banned, result := b.BanMany(within(t), c.guild, []snowflake.UserID{c.chief}, "raid 1"); result.Done || len(banned) > 0 {
		t.Errorf("a chief alone: %v, %+v", banned, result)
	}
}

// An announcement is written once, however often it is tried.
func TestAnnouncementsAreWrittenOnce(t *testing.T) {
	c := newCourt(t)
	b := offline(t, c.Sim)
	for range 3 {
		if result := b.SayOnce(within(t), c.channel, "raid-1-on", "Raid mode is on."); !result.Done {
			t.Fatalf("%+v", result)
		}
	}
	if written := c.Messages(c.channel); len(written) != 1 {
		t.Errorf("%d messages: %+v", len(written), written)
	}
	if result := b.SayOnce(within(t), 5, "raid-1-on", "x"); result.Refused == "" {
		t.Errorf("in a channel that there is not: %+v", result)
	}
}
