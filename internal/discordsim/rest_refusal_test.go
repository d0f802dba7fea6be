package discordsim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/snowflake"
)

// court is a guild in which not everything is allowed.
type court struct {
	*Sim
	guild              snowflake.GuildID
	open, shut, thread snowflake.ChannelID
	ada, chief, admin  snowflake.UserID // chief stands above the bot, admin below it but is administrator
	low, high          snowflake.RoleID
	old, hers          snowflake.MessageID
}

func newCourt(t *testing.T) court {
	c := court{Sim: start(t, Options{Clock: (&ticker{time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}).now})}
	c.low, c.high = 11, 12
	c.ada, c.chief, c.admin = c.AddUser(User{Username: "ada"}), c.AddUser(User{Username: "chief"}), c.AddUser(User{Username: "admin"})
	c.guild = c.AddGuild(Guild{
		Name:     "Court",
		Roles:    []Role{{ID: 10, Name: "admins", Permissions: PermissionAdministrator}, {ID: 11, Name: "low"}, {ID: 12, Name: "high"}},
		BotBelow: 1,
		Members: []Member{
			{User: &User{ID: c.ada}}, {User: &User{ID: c.chief}, Roles: []snowflake.RoleID{12}},
			{User: &User{ID: c.admin}, Roles: []snowflake.RoleID{10}},
		},
	})
	c.open = c.AddChannel(c.guild, Channel{Name: "open"})
	c.shut = c.AddChannel(c.guild, Channel{Name: "shut", Overwrites: []Overwrite{
		{ID: int64(c.guild), Deny: PermissionViewChannel},
	}})
	c.hers = c.Post(Post{Channel: c.open, Author: c.ada, Content: "hers"})
	c.thread = c.StartThread(c.open, c.ada, "talk")
	c.old = snowflake.At[snowflake.MessageID](c.Now().Add(-15*24*time.Hour), 0)
	return c
}

// ticker is a clock that moves a millisecond each time it is read.
type ticker struct{ at time.Time }

func (c *ticker) now() time.Time {
	c.at = c.at.Add(time.Millisecond)
	return c.at
}

func TestRefusals(t *testing.T) {
	for name, tt := range map[string]struct {
		prepare      func(court)
		method, path string // {guild} and the like are replaced
		body         string
		status, code int
	}{
		"unknown route":      {nil, "GET", "/nowhere", "", 404, 0},
		"unknown guild":      {nil, "GET", "/guilds/5", "", 404, codeUnknownGuild},
		"invisible channel":  {nil, "GET", "/channels/{shut}", "", 403, codeMissingAccess},
		"unknown message":    {nil, "DELETE", "/channels/{open}/messages/5", "", 404, codeUnknownMessage},
		"kick upwards":       {nil, "DELETE", "/guilds/{guild}/members/{chief}", "", 403, codeMissingPermissions},
		"ban the owner":      {nil, "PUT", "/guilds/{guild}/bans/{owner}", "{}", 403, codeMissingPermissions},
		"ban nobody":         {nil, "PUT", "/guilds/{guild}/bans/5", "{}", 404, codeUnknownUser},
		"ban, 8 days back":   {nil, "PUT", "/guilds/{guild}/bans/{ada}", `{"delete_message_days":8}`, 400, codeInvalidForm},
		"time out an admin":  {nil, "PATCH", "/guilds/{guild}/members/{admin}", `{"communication_disabled_until":"2026-03-01T13:00:00Z"}`, 403, codeMissingPermissions},
		"time out, 29 days":  {nil, "PATCH", "/guilds/{guild}/members/{ada}", `{"communication_disabled_until":"2026-03-30T13:00:00Z"}`, 400, codeInvalidForm},
		"give a high role":   {nil, "PATCH", "/guilds/{guild}/members/{ada}", `{"roles":["12"]}`, 403, codeMissingPermissions},
		"give no role":       {nil, "PATCH", "/guilds/{guild}/members/{ada}", `{"roles":["5"]}`, 404, codeUnknownRole},
		"change a high role": {nil, "PATCH", "/guilds/{guild}/roles/12", `{"name":"x"}`, 403, codeMissingPermissions},
		"edit another's":     {nil, "PATCH", "/channels/{open}/messages/{hers}", `{"content":"mine"}`, 403, codeCannotEditOther},
		"say nothing":        {nil, "POST", "/channels/{open}/messages", `{}`, 400, codeEmptyMessage},
		"say too much":       {nil, "POST", "/channels/{open}/messages", `{"content":"` + strings.Repeat("x", 2001) + `"}`, 400, codeInvalidForm},
		"say no JSON":        {nil, "POST", "/channels/{open}/messages", `{`, 400, codeFormNotJSON},
		"bulk delete of old": {nil, "POST", "/channels/{open}/messages/bulk-delete", `{"messages":["{old}","{hers}"]}`, 400, codeBulkTooOld},
		"bulk delete twice":  {nil, "POST", "/channels/{open}/messages/bulk-delete", `{"messages":["{hers}","{hers}"]}`, 400, codeInvalidForm},
		"write without permission": {func(c court) { c.SetBotPermissions(c.guild, PermissionViewChannel); c.silence() },
			"POST", "/channels/{open}/messages", `{"content":"x"}`, 403, codeMissingPermissions},
		"delete without permission": {func(c court) { c.SetBotPermissions(c.guild, PermissionViewChannel) },
			"DELETE", "/channels/{open}/messages/{hers}", "", 403, codeMissingPermissions},
		"audit log without permission": {func(c court) { c.SetBotPermissions(c.guild, PermissionViewChannel) },
			"GET", "/guilds/{guild}/audit-logs", "", 403, codeMissingPermissions},
		"archived thread": {func(c court) { c.archive() }, "PATCH", "/channels/{thread}", `{"name":"x"}`, 400, codeArchivedThread},
		"incidents for two days": {nil, "PUT", "/guilds/{guild}/incident-actions",
			`{"invites_disabled_until":"2026-03-03T12:00:00Z"}`, 400, codeInvalidForm},
		"command of another": {nil, "PUT", "/applications/5/commands", `[]`, 404, codeUnknownApplication},
		"late answer":        {nil, "POST", "/interactions/5/x/callback", `{"type":4}`, 404, codeUnknownInteraction},
		"unknown webhook":    {nil, "POST", "/webhooks/5/x", `{"content":"x"}`, 404, codeUnknownWebhook},
		"dead token":         {nil, "PATCH", "/webhooks/{app}/x/messages/@original", `{"content":"x"}`, 401, codeInvalidToken},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourt(t)
			if tt.prepare != nil {
				tt.prepare(c)
			}
			fill := strings.NewReplacer(
				"{guild}", c.guild.String(), "{open}", c.open.String(), "{shut}", c.shut.String(), "{ada}", c.ada.String(),
				"{chief}", c.chief.String(), "{admin}", c.admin.String(), "{owner}", c.OwnerID().String(), "{hers}", c.hers.String(),
				"{old}", c.old.String(), "{app}", c.ApplicationID().String(), "{thread}", c.thread.String(),
			)
			before := len(c.AuditLog(c.guild))
			status, body := do(t, c.Sim, tt.method, fill.Replace(tt.path), fill.Replace(tt.body))
			if status != tt.status || !strings.Contains(body, fmt.Sprintf(`"code":%d`, tt.code)) {
				t.Errorf("%d %s, want %d with code %d", status, body, tt.status, tt.code)
			}
			if after := len(c.AuditLog(c.guild)); after != before {
				t.Errorf("the refused deed left %d audit entries", after-before)
			}
		})
	}
}

// silence forbids everybody to write.
func (c court) silence() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.world.guilds[c.guild].roles[snowflake.RoleID(c.guild)].Permissions = PermissionViewChannel
}

func (c court) archive() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.world.channels[c.thread].Thread.Archived = true
}

func TestTokenIsChecked(t *testing.T) {
	s := start(t, Options{})
	for _, authorization := range []string{"", "Bot x", "Bearer x", s.Token()} {
		r, err := http.NewRequestWithContext(within(t), "GET", s.URL()+"/v9/users/@me", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", authorization)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != 401 {
			t.Errorf("%q gets %d", authorization, response.StatusCode)
		}
	}
	if n := s.InvalidRequests(); n != 4 {
		t.Errorf("%d invalid requests counted, want 4", n)
	}
}

func TestWhatTheBotMayDo(t *testing.T) {
	c := newCourt(t)
	member := fmt.Sprintf("/guilds/%d/members/%d", c.guild, c.ada)
	for _, step := range []struct {
		method, path, body string
		status             int
		action             int
	}{
		{"PATCH", member, `{"nick":"Ada L.","roles":["11"]}`, 200, AuditMemberRoles},
		{"PUT", member + "/roles/11", "", 204, 0},
		{"DELETE", member + "/roles/11", "", 204, AuditMemberRoles},
		{"POST", fmt.Sprintf("/channels/%d/messages/bulk-delete", c.open), fmt.Sprintf(`{"messages":["%d","5"]}`, c.hers), 400, 0},
		{"DELETE", fmt.Sprintf("/channels/%d/messages/%d", c.open, c.hers), "", 204, AuditMessageDelete},
		{"PATCH", fmt.Sprintf("/channels/%d", c.open), `{"rate_limit_per_user":30}`, 200, AuditChannelUpdate},
		{"PATCH", fmt.Sprintf("/guilds/%d", c.guild), `{"verification_level":3}`, 200, AuditGuildUpdate},
		{"PUT", fmt.Sprintf("/guilds/%d/incident-actions", c.guild), `{"invites_disabled_until":"2026-03-02T11:00:00Z"}`, 200, 0},
		{"POST", fmt.Sprintf("/guilds/%d/bulk-ban", c.guild), fmt.Sprintf(`{"user_ids":["%d","%d"]}`, c.ada, c.chief), 200, AuditBan},
	} {
		before := len(c.AuditLog(c.guild))
		if status, body := do(t, c.Sim, step.method, step.path, step.body); status != step.status {
			t.Errorf("%s %s: %d %s, want %d", step.method, step.path, status, body, step.status)
		}
		log := c.AuditLog(c.guild)
		switch {
		case step.action == 0 && len(log) != before:
			t.Errorf("%s %s left an audit entry: %+v", step.method, step.path, log[before])
		case step.action != 0 && (len(log) == before || log[len(log)-1].Action != step.action ||
			log[len(log)-1].Reason != "because of it" && step.action != AuditMemberUpdate):
			t.Errorf("%s %s: the last audit entry is %+v, want action %d", step.method, step.path, log[len(log)-1], step.action)
		}
	}
	if c.Join(c.guild, c.AddUser(User{Username: "late"})) != 0 {
		t.Error("somebody joined while invites were paused")
	}
}
