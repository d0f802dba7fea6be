package discordsim

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/snowflake"
)

// town is a guild in which anything may happen.
type town struct {
	*Sim
	guild    snowflake.GuildID
	channels []snowflake.ChannelID
	users    []snowflake.UserID
	roles    []snowflake.RoleID
	rules    []snowflake.RuleID
}

func settle(s *Sim) *town {
	w := &town{Sim: s}
	for i := range 6 {
		w.users = append(w.users, s.AddUser(User{Username: fmt.Sprintf("user%d", i)}))
	}
	w.guild = s.AddGuild(Guild{
		Name: "Town", Channels: []Channel{{Name: "a"}, {Name: "b"}}, Roles: []Role{{Name: "low"}, {Name: "high"}},
		BotBelow: 1,
		Members:  []Member{{User: &User{ID: w.users[0]}}, {User: &User{ID: w.users[1]}}, {User: &User{ID: w.users[2]}}},
	})
	w.channels = []snowflake.ChannelID{s.ChannelNamed(w.guild, "a"), s.ChannelNamed(w.guild, "b")}
	for _, name := range []string{"new", "newer"} {
		w.roles = append(w.roles, s.AddRole(w.guild, s.OwnerID(), Role{Name: name}))
	}
	for _, actions := range [][]AutoModAction{
		{{Type: AutoModBlock}, {Type: AutoModTimeout, Metadata: AutoModMetadata{Seconds: 60}}},
		{{Type: AutoModAlert, Metadata: AutoModMetadata{ChannelID: w.channels[1]}}},
	} {
		rule := AutoModRule{Name: "r", Enabled: true, Actions: actions}
		w.rules = append(w.rules, s.CreateAutoModRule(w.guild, s.OwnerID(), rule))
	}
	// What the audit log says of the settlement comes before anybody listens.
	s.mu.Lock()
	s.world.guilds[w.guild].audit = nil
	s.mu.Unlock()
	return w
}

// deed does one thing, by the script or by the bot over REST. Many are not allowed at that moment: then nothing may
// change.
func (w *town) deed(t *testing.T, rt *rapid.T) {
	user := rapid.SampledFrom(append(w.users, w.OwnerID())).Draw(rt, "user")
	by := rapid.SampledFrom(append(w.users, w.OwnerID(), w.BotID())).Draw(rt, "by")
	channel := rapid.SampledFrom(w.channels).Draw(rt, "channel")
	role := rapid.SampledFrom(w.roles).Draw(rt, "role")
	text := rapid.SampledFrom([]string{"", "x", "hello @everyone", "\u202e\"\n</script>", "<@1>"}).Draw(rt, "text")
	soon := w.Now().Add(time.Hour)
	var message snowflake.MessageID
	if list := w.Messages(channel); len(list) > 0 {
		message = list[rapid.IntRange(0, len(list)-1).Draw(rt, "message")].ID
	}
	member := fmt.Sprintf("/guilds/%d/members/%d", w.guild, user)
	in := fmt.Sprintf("/channels/%d", channel)
	deeds := []func(){
		func() { w.Post(Post{Channel: channel, Author: by, Content: text}) },
		func() { w.Post(Post{Channel: channel, Author: by, Content: text}) },
		func() { w.Edit(channel, message, text) },
		func() { w.Delete(channel, message, by) },
		func() { w.Join(w.guild, user) },
		func() { w.Join(w.guild, user) },
		func() { w.Leave(w.guild, user) },
		func() { w.Kick(w.guild, by, user, text) },
		func() { w.Ban(w.guild, by, user, text) },
		func() { w.Unban(w.guild, by, user, text) },
		func() { w.Timeout(w.guild, by, user, soon, text) },
		func() { w.Timeout(w.guild, by, user, time.Time{}, text) },
		func() { w.SetNick(w.guild, user, text) },
		func() { w.SetRoles(w.guild, by, user, role) },
		func() { w.SetRoles(w.guild, by, user) },
		func() { w.RenameUser(user, "renamed", "") },
		func() { w.RemoveRole(w.guild, by, role) },
		func() { w.AddChannel(w.guild, Channel{Name: text}) },
		func() {
			w.channels = append(w.channels, max(w.StartThread(w.channels[0], by, "thread"), w.channels[0]))
		},
		func() { w.UpdateGuild(w.guild, "Town "+text, user, 0) },
		func() {
			w.AutoModExecute(AutoModHit{
				Guild: w.guild, Rule: rapid.SampledFrom(w.rules).Draw(rt, "rule"), User: user, Channel: channel, Content: text,
			})
		},
		func() { do(t, w.Sim, "DELETE", member, "") },
		func() { do(t, w.Sim, "PATCH", member, fmt.Sprintf(`{"nick":"n","roles":["%d"]}`, role)) },
		func() {
			do(t, w.Sim, "PUT", fmt.Sprintf("/guilds/%d/bans/%d", w.guild, user), `{"delete_message_seconds":3600}`)
		},
		func() { do(t, w.Sim, "DELETE", fmt.Sprintf("/guilds/%d/bans/%d", w.guild, user), "") },
		func() { do(t, w.Sim, "POST", in+"/messages", `{"content":"by the bot"}`) },
		func() { do(t, w.Sim, "PATCH", fmt.Sprint(in, "/messages/", message), `{"content":"changed"}`) },
		func() { do(t, w.Sim, "DELETE", fmt.Sprint(in, "/messages/", message), "") },
		func() {
			do(t, w.Sim, "POST", in+"/messages/bulk-delete", fmt.Sprintf(`{"messages":["%d","%d"]}`, message, message-1))
		},
		func() { do(t, w.Sim, "PATCH", in, `{"rate_limit_per_user":5,"name":"slow"}`) },
		func() { do(t, w.Sim, "POST", fmt.Sprintf("/guilds/%d/roles", w.guild), `{"name":"made"}`) },
		func() { do(t, w.Sim, "DELETE", fmt.Sprintf("/guilds/%d/roles/%d", w.guild, role), "") },
	}
	deeds[rapid.IntRange(0, len(deeds)-1).Draw(rt, "deed")]()
}
