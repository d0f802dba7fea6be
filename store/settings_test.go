package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

func TestSettings(t *testing.T) {
	s := withStaff(t)
	other := moderation.ChannelSeen{Origin: moderation.Origin{Guild: 2, At: noon}, Channel: moderation.Channel{ID: 60}}
	if err := s.SeeChannel(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	update := func(guild snowflake.GuildID, zone string, channel snowflake.ChannelID) error {
		ctx := access.WithRequest(t.Context(), "a-request")
		return s.UpdateSettings(ctx, granted[access.UpdateSettings](t, guild, 98),
			store.Settings{TimeZone: zone, LogChannel: channel})
	}
	for what, err := range map[string]error{
		"a zone of nowhere":       update(1, "Europe/Atlantis", 0),
		"no zone":                 update(1, "", 0),
		"the machine's own zone":  update(1, "Local", 0),
		"a file":                  update(1, "../../etc/passwd", 0),
		"another guild's channel": update(1, "UTC", 60),
		"a category":              update(1, "UTC", 31),
		"a channel of nobody's":   update(1, "UTC", 61),
	} {
		if fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := update(3, "UTC", 0); fault.Of(err) != fault.NotFound {
		t.Errorf("a guild without the bot: %v", err)
	}
	if rows := auditRows(t, s); len(rows) != 0 {
		t.Errorf("refusals were noted as deeds: %+v", rows)
	}
	for _, set := range []store.Settings{{TimeZone: "Asia/Kolkata", LogChannel: 33},
		{TimeZone: "Asia/Kolkata", LogChannel: 33},
		{TimeZone: "Asia/Kolkata"}} {
		if err := update(1, set.TimeZone, set.LogChannel); err != nil {
			t.Fatal(err)
		}
		profile, _, err := s.Profile(t.Context(), 1)
		if err != nil || profile.TimeZone != set.TimeZone || profile.LogChannel != set.LogChannel {
			t.Errorf("after %+v: %+v, %v", set, profile, err)
		}
	}
	want(t, lines(t, s)[1:], "config time_zone", "config log_channel", "config log_channel")
	deeds := []string{}
	for _, row := range auditRows(t, s) {
		deeds = append(deeds, fmt.Sprint(row.Action, " ", row.Role, " ", row.Actor.User, " ", row.Before, " ", row.After, " ",
			row.Request))
	}
	want(t, deeds,
		`settings.changed owner 98 {"log_channel":"33","take_appeals":"true","tell_members":"true","time_zone":"Asia/Kolkata"} `+
			`{"log_channel":"0","take_appeals":"true","tell_members":"true","time_zone":"Asia/Kolkata"} a-request`,
		`settings.changed owner 98 {"log_channel":"0","take_appeals":"true","tell_members":"true","time_zone":"UTC"} `+
			`{"log_channel":"33","take_appeals":"true","tell_members":"true","time_zone":"Asia/Kolkata"} a-request`)
}

// lists reads a guild's roles and channels as short texts.
func lists(t *testing.T, s *store.Store, guild snowflake.GuildID) (roles, channels []string) {
	t.Helper()
	if err := s.Read(t.Context(), func(snapshot *store.Snapshot) {
		for _, role := range snapshot.DiscordRoles(guild) {
			roles = append(roles, fmt.Sprint(role.Name, " ", role.Position, " ", int64(role.Permissions)))
		}
		for _, channel := range snapshot.Channels(guild) {
			channels = append(channels, channel.Name)
		}
	}); err != nil {
		t.Fatal(err)
	}
	return roles, channels
}

func TestDiscordRolesAndChannelsAreKept(t *testing.T) {
	s := withStaff(t)
	at := func(minutes int) moderation.Origin {
		return moderation.Origin{Guild: 1, At: noon.Add(time.Duration(minutes) * time.Minute)}
	}
	roles, channels := lists(t, s, 1)
	want(t, roles, "Staff 3 0", "@everyone 0 0")
	want(t, channels, "log", "rules", "Rooms", "chat", "news", "Empty")
	for _, e := range []moderation.Event{
		moderation.RoleSeen{Origin: at(3), Role: moderation.DiscordRole{ID: 51, Name: "Helpers", Position: 5}},
		moderation.RoleSeen{Origin: at(2), Role: moderation.DiscordRole{ID: 51, Name: "Older", Position: 9}},
		moderation.RoleSeen{Origin: at(2), Role: moderation.DiscordRole{ID: 51}, Deleted: true},
		moderation.RoleSeen{Origin: at(4), Role: moderation.DiscordRole{ID: 1}, Deleted: true},
		moderation.RoleSeen{Origin: at(4), Role: moderation.DiscordRole{ID: 77}, Deleted: true},
		moderation.ChannelSeen{Origin: at(3), Channel: moderation.Channel{ID: 30, Name: "log, renamed", Position: 7}},
		moderation.ChannelSeen{Origin: at(2), Channel: moderation.Channel{ID: 30}, Deleted: true},
		moderation.ChannelSeen{Origin: at(4), Channel: moderation.Channel{ID: 31}, Deleted: true},
		moderation.RoleSeen{Origin: moderation.Origin{Guild: 2, At: noon},
			Role: moderation.DiscordRole{ID: 50, Name: "Foreign"}},
	} {
		if err := send(t.Context(), s, e); err != nil {
			t.Fatal(err)
		}
	}
	roles, channels = lists(t, s, 1)
	want(t, roles, "Helpers 5 0", "Staff 3 0")
	want(t, channels, "chat", "rules", "news", "log, renamed", "Empty")

	// A list says what is not on it, as far as it is newer; one that is missing says nothing.
	seen := moderation.GuildSeen{Origin: at(5), Profile: moderation.Guild{ID: 1}}
	for _, e := range []moderation.GuildSeen{seen, {Origin: at(6), Profile: seen.Profile,
		Roles: []moderation.DiscordRole{{ID: 51, Name: "Helpers", Permissions: 8}}, Channels: []moderation.Channel{}}} {
		if err := s.SeeGuild(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		if e.Roles == nil {
			again, _ := lists(t, s, 1)
			want(t, again, roles...)
		}
	}
	roles, channels = lists(t, s, 1)
	want(t, roles, "Helpers 0 8")
	want(t, channels)
	roles, _ = lists(t, s, 2)
	want(t, roles, "Foreign 0 0")
}

func TestPeopleAreFoundByTheStartOfAName(t *testing.T) {
	s := withStaff(t)
	named := func(id snowflake.UserID, name, global, nick string) moderation.Member {
		return moderation.Member{User: moderation.User{ID: id, Name: name, Global: global}, Nick: nick}
	}
	list(t, s, named(11, "anna", "Zoe", ""), named(12, "zorro", "", "Annabel"), named(13, "x", "ANNIKA", ""),
		named(14, "hannah", "", ""), named(15, "ann_left", "", ""), named(1234567, "percent%", "under_score", "quote\"'"))
	if err := s.SeeMembers(t.Context(), 2, []moderation.Member{named(16, "anna2", "anna2", "anna2")}); err != nil {
		t.Fatal(err)
	}
	if err := s.LoseMember(t.Context(), 1, 15, noon); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]snowflake.UserID{
		"ann": {12, 13, 11}, "@ANN": {12, 13, 11}, " zo ": {11, 12}, "1234567": {1234567}, "%": nil, "_": nil, "": nil,
		"@": nil, "percent%": {1234567}, "quote\"'": {1234567}, "annz": nil,
		"16": nil, "15": nil, "123456789012345678901": nil,
	} {
		var found []snowflake.UserID
		if err := s.Read(t.Context(), func(snapshot *store.Snapshot) {
			for _, m := range snapshot.FindMembers(1, text, 3) {
				found = append(found, m.ID)
			}
			if few := snapshot.FindMembers(1, text, 1); len(few) > 1 {
				t.Errorf("%q: %d where one was asked for", text, len(few))
			}
		}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(found, want) {
			t.Errorf("%q finds %v, want %v", text, found, want)
		}
	}
}
