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
	c.ada, c.chief = c.AddUser(User{Username: "ada"}), c.AddUser(User{Username: "chief"})
	c.admin = c.AddUser(User{Username: "admin"})
	c.guild = c.AddGuild(Guild{
		Name: "Court", BotBelow: 1,
		Roles: []Role{
			{ID: 10, Name: "admins", Permissions: PermissionAdministrator}, {ID: 11, Name: "low"}, {ID: 12, Name: "high"},
		},
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
	const (
		limited = PermissionViewChannel
		oneHour = `{"communication_disabled_until":"2026-03-01T13:00:00Z"}`
		month   = `{"communication_disabled_until":"2026-03-30T13:00:00Z"}`
		twoDays = `{"invites_disabled_until":"2026-03-03T12:00:00Z"}`
	)
	tooLong := `{"content":"` + strings.Repeat("x", 2001) + `"}`
	// In paths and bodies {here} is the guild, {open} a channel, and so on.
	for name, tt := range map[string]struct {
		method, path, body string
		status, code       int
		prepare            func(court)
	}{
		"unknown route":     {"GET", "/nowhere", "", 404, 0, nil},
		"unknown guild":     {"GET", "/guilds/5", "", 404, codeUnknownGuild, nil},
		"invisible channel": {"GET", "/channels/{shut}", "", 403, codeMissingAccess, nil},
		"unknown message":   {"DELETE", "{open}/messages/5", "", 404, codeUnknownMessage, nil},

		"kick upwards":       {"DELETE", "{here}/members/{chief}", "", 403, codeMissingPermissions, nil},
		"ban the owner":      {"PUT", "{here}/bans/{owner}", "{}", 403, codeMissingPermissions, nil},
		"ban nobody":         {"PUT", "{here}/bans/5", "{}", 404, codeUnknownUser, nil},
		"ban, 8 days back":   {"PUT", "{here}/bans/{ada}", `{"delete_message_days":8}`, 400, codeInvalidForm, nil},
		"time out an admin":  {"PATCH", "{here}/members/{admin}", oneHour, 403, codeMissingPermissions, nil},
		"time out, 29 days":  {"PATCH", "{here}/members/{ada}", month, 400, codeInvalidForm, nil},
		"give a high role":   {"PATCH", "{here}/members/{ada}", `{"roles":["12"]}`, 403, codeMissingPermissions, nil},
		"give no role":       {"PATCH", "{here}/members/{ada}", `{"roles":["5"]}`, 404, codeUnknownRole, nil},
		"change a high role": {"PATCH", "{here}/roles/12", `{"name":"x"}`, 403, codeMissingPermissions, nil},
		"incidents, 2 days":  {"PUT", "{here}/incident-actions", twoDays, 400, codeInvalidForm, nil},

		"edit another's":     {"PATCH", "{open}/messages/{hers}", `{"content":"x"}`, 403, codeCannotEditOther, nil},
		"say nothing":        {"POST", "{open}/messages", `{}`, 400, codeEmptyMessage, nil},
		"say too much":       {"POST", "{open}/messages", tooLong, 400, codeInvalidForm, nil},
		"say no JSON":        {"POST", "{open}/messages", `{`, 400, codeFormNotJSON, nil},
		"bulk delete of old": {"POST", "{open}/messages/bulk-delete", `{"messages":["{old}","5"]}`, 400, codeBulkTooOld, nil},
		"bulk delete twice":  {"POST", "{open}/messages/bulk-delete", `{"messages":["5","5"]}`, 400, codeInvalidForm, nil},
		"rename when archived": {
			"PATCH", "/channels/{thread}", `{"name":"x"}`, 400, codeArchivedThread, court.archive,
		},

		"write when not allowed": {
			"POST", "{open}/messages", `{"content":"x"}`, 403, codeMissingPermissions, court.silence,
		},
		"delete when not allowed": {
			"DELETE", "{open}/messages/{hers}", "", 403, codeMissingPermissions,
			func(c court) { c.SetBotPermissions(c.guild, limited) },
		},
		"pause invites when not allowed": {
			"PUT", "{here}/incident-actions", `{"invites_disabled_until":null}`, 403, codeMissingPermissions,
			func(c court) { c.SetBotPermissions(c.guild, PermissionsModerator&^PermissionManageGuild) },
		},
		"raise verification when not allowed": {
			"PATCH", "{here}", `{"verification_level":3}`, 403, codeMissingPermissions,
			func(c court) { c.SetBotPermissions(c.guild, PermissionsModerator&^PermissionManageGuild) },
		},
		"ban many without Manage Server": {
			"POST", "{here}/bulk-ban", `{"user_ids":["{ada}"]}`, 403, codeMissingPermissions,
			func(c court) { c.SetBotPermissions(c.guild, PermissionsModerator&^PermissionManageGuild) },
		},
		"ban many without Ban Members": {
			"POST", "{here}/bulk-ban", `{"user_ids":["{ada}"]}`, 403, codeMissingPermissions,
			func(c court) { c.SetBotPermissions(c.guild, PermissionsModerator&^PermissionBanMembers) },
		},
		"ban nobody at once":  {"POST", "{here}/bulk-ban", `{"user_ids":[]}`, 400, codeInvalidForm, nil},
		"ban the chief alone": {"POST", "{here}/bulk-ban", `{"user_ids":["{chief}"]}`, 400, 500000, nil},
		"read the log when not allowed": {
			"GET", "{here}/audit-logs", "", 403, codeMissingPermissions,
			func(c court) { c.SetBotPermissions(c.guild, limited) },
		},

		"command of another": {"PUT", "/applications/5/commands", `[]`, 404, codeUnknownApplication, nil},
		"unknown use":        {"POST", "/interactions/5/x/callback", `{"type":4}`, 404, codeUnknownInteraction, nil},
		"unknown webhook":    {"POST", "/webhooks/5/x", `{"content":"x"}`, 404, codeUnknownWebhook, nil},
		"dead token":         {"PATCH", "/webhooks/{app}/x/messages/@original", `{}`, 401, codeInvalidToken, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourt(t)
			if tt.prepare != nil {
				tt.prepare(c)
			}
			fill := strings.NewReplacer(
				"{here}", "/guilds/"+c.guild.String(), "{open}", "/channels/"+c.open.String(), "{shut}", c.shut.String(),
				"{thread}", c.thread.String(), "{ada}", c.ada.String(), "{chief}", c.chief.String(),
				"{admin}", c.admin.String(), "{owner}", c.OwnerID().String(), "{hers}", c.hers.String(),
				"{old}", c.old.String(), "{app}", c.ApplicationID().String(),
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

// silence forbids everybody, the bot too, to write.
func (c court) silence() {
	c.SetBotPermissions(c.guild, PermissionViewChannel)
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
	here, open := "/guilds/"+c.guild.String(), "/channels/"+c.open.String()
	ada := here + "/members/" + c.ada.String()
	for _, step := range []struct {
		method, path, body string
		status             int
		action             int
	}{
		{"PATCH", ada, `{"nick":"Ada L.","roles":["11"]}`, 200, AuditMemberRoles},
		{"PUT", ada + "/roles/11", "", 204, 0},
		{"DELETE", ada + "/roles/11", "", 204, AuditMemberRoles},
		{"DELETE", open + "/messages/" + c.hers.String(), "", 204, AuditMessageDelete},
		{"PATCH", open, `{"rate_limit_per_user":30}`, 200, AuditChannelUpdate},
		{"PATCH", here, `{"verification_level":3}`, 200, AuditGuildUpdate},
		{"PUT", here + "/incident-actions", `{"invites_disabled_until":"2026-03-02T11:00:00Z"}`, 200, 0},
		{"POST", here + "/bulk-ban", fmt.Sprintf(`{"user_ids":["%d","%d"]}`, c.ada, c.chief), 200, AuditBan},
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
