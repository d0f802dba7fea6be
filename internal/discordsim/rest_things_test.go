package discordsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guildwatch/internal/snowflake"
)

// made sends a request that must succeed, and returns the id in its answer.
func made(t *testing.T, s *Sim, method, path, body string) string {
	t.Helper()
	status, answer := do(t, s, method, path, body)
	var thing struct{ ID string }
	if status >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	if status != http.StatusNoContent && !strings.HasPrefix(answer, "[") {
		if err := json.Unmarshal([]byte(answer), &thing); err != nil {
			t.Fatal(err)
		}
	}
	return thing.ID
}

// says checks one answer by a part of it.
func says(t *testing.T, s *Sim, method, path, body string, status int, part string) {
	t.Helper()
	if got, answer := do(t, s, method, path, body); got != status || !strings.Contains(answer, part) {
		t.Errorf("%s %s: %d %s, want %d with %q", method, path, got, answer, status, part)
	}
}

func TestChannelsAndOverwrites(t *testing.T) {
	c := newCourt(t)
	here := "/guilds/" + c.guild.String()
	id := made(t, c.Sim, "POST", here+"/channels", `{"name":"new","topic":"x"}`)
	says(t, c.Sim, "GET", here+"/channels", "", 200, `"topic":"x"`)
	channel, _ := snowflake.Parse[snowflake.ChannelID](id)
	overwrite := fmt.Sprintf("/channels/%s/permissions/%d", id, c.guild)
	made(t, c.Sim, "PUT", overwrite, `{"type":0,"deny":"2048"}`)
	if c.Post(Post{Channel: channel, Author: c.ada}) != 0 {
		t.Error("a member writes where @everyone may not")
	}
	made(t, c.Sim, "PUT", fmt.Sprintf("/channels/%s/permissions/%d", id, c.ada), `{"type":1,"allow":"2048"}`)
	if c.Post(Post{Channel: channel, Author: c.ada}) == 0 {
		t.Error("a member does not write where she alone may")
	}
	made(t, c.Sim, "DELETE", overwrite, "")
	if c.Post(Post{Channel: channel, Author: c.chief}) == 0 {
		t.Error("a member does not write after the denial ended")
	}
	made(t, c.Sim, "DELETE", "/channels/"+id, "")
	says(t, c.Sim, "GET", "/channels/"+id, "", 404, "10003")
	c.RemoveChannel(c.open)
	says(t, c.Sim, "GET", "/channels/"+c.open.String(), "", 404, "10003")
}

func TestThreads(t *testing.T) {
	c := newCourt(t)
	open, thread := "/channels/"+c.open.String(), "/channels/"+c.thread.String()
	private := made(t, c.Sim, "POST", open+"/threads", `{"name":"appeal","type":12,"invitable":false}`)
	made(t, c.Sim, "PUT", fmt.Sprintf("/channels/%s/thread-members/%d", private, c.ada), "")
	says(t, c.Sim, "PUT", fmt.Sprintf("/channels/%s/thread-members/5", private), "", 404, "10013")
	says(t, c.Sim, "PUT", open+"/thread-members/5", "", 404, "10003")
	made(t, c.Sim, "PATCH", thread, `{"archived":true,"locked":true}`)
	if c.Post(Post{Channel: c.thread, Author: c.ada}) != 0 {
		t.Error("a member writes into a locked thread")
	}
	made(t, c.Sim, "PATCH", thread, `{"archived":false,"locked":false}`)
	made(t, c.Sim, "PATCH", thread, `{"archived":true}`)
	c.Post(Post{Channel: c.thread, Author: c.ada})
	says(t, c.Sim, "GET", thread, "", 200, `"archived":false`) // writing woke it
	forum := c.AddChannel(c.guild, Channel{Name: "cases", Type: ChannelForum})
	says(t, c.Sim, "POST", fmt.Sprintf("/channels/%d/threads", forum), `{"name":"x"}`, 400, "50035")
	id := made(t, c.Sim, "POST", fmt.Sprintf("/channels/%d/threads", forum), `{"name":"x","message":{"content":"first"}}`)
	says(t, c.Sim, "GET", "/channels/"+id+"/messages", "", 200, `"content":"first"`)
	made(t, c.Sim, "DELETE", "/channels/"+id, "")
}

func TestWebhooks(t *testing.T) {
	c := newCourt(t)
	address, err := url.Parse(c.AddWebhook(c.open, c.chief, "alerts"))
	if err != nil {
		t.Fatal(err)
	}
	hook := strings.TrimPrefix(address.Path, "/api")
	id := made(t, c.Sim, "POST", hook+"?wait=true", `{"content":"one"}`)
	made(t, c.Sim, "POST", hook, `{"content":"two"}`)
	made(t, c.Sim, "POST", hook+"?thread_id="+c.thread.String(), `{"content":"three"}`)
	says(t, c.Sim, "POST", hook+"?thread_id=5", `{"content":"x"}`, 404, "10003")
	says(t, c.Sim, "PATCH", hook+"/messages/"+id, `{"content":"ONE"}`, 200, "ONE")
	made(t, c.Sim, "DELETE", hook+"/messages/"+id, "")
	says(t, c.Sim, "GET", hook+"/messages/"+id, "", 404, "10008")
	says(t, c.Sim, "GET", hook, "", 200, "alerts")
	says(t, c.Sim, "GET", hook+"x", "", 401, "50027")
	says(t, c.Sim, "POST", hook, `{"embeds":[{},{},{},{},{},{},{},{},{},{},{}]}`, 400, "50035")
	says(t, c.Sim, "GET", fmt.Sprintf("/guilds/%d/webhooks", c.guild), "", 200, "alerts")
	says(t, c.Sim, "GET", fmt.Sprintf("/channels/%d/webhooks", c.open), "", 200, "alerts")
	number, _ := snowflake.Parse[snowflake.WebhookID](strings.Split(hook, "/")[2])
	c.RemoveWebhook(number, c.chief)
	says(t, c.Sim, "POST", hook, `{"content":"x"}`, 404, "10015")
}

func TestRolesAndRules(t *testing.T) {
	c := newCourt(t)
	here := "/guilds/" + c.guild.String()
	role := made(t, c.Sim, "POST", here+"/roles", `{"name":"muted","permissions":"0"}`)
	made(t, c.Sim, "PATCH", here+"/roles/"+role, `{"name":"quiet"}`)
	made(t, c.Sim, "PUT", here+"/members/"+c.ada.String()+"/roles/"+role, "")
	made(t, c.Sim, "DELETE", here+"/roles/"+role, "")
	if m, _ := c.MemberOf(c.guild, c.ada); len(m.Roles) != 0 {
		t.Errorf("roles %v after theirs was deleted", m.Roles)
	}
	rules := here + "/auto-moderation/rules"
	rule := made(t, c.Sim, "POST", rules, `{"name":"words","trigger_type":1,"actions":[{"type":1}]}`)
	made(t, c.Sim, "PATCH", rules+"/"+rule, `{"enabled":true}`)
	says(t, c.Sim, "GET", rules+"/"+rule, "", 200, `"name":"words","creator_id":"`+c.BotID().String())
	says(t, c.Sim, "GET", rules+"/"+rule, "", 200, `"enabled":true`)
	says(t, c.Sim, "PATCH", rules+"/"+rule, `{"name":""}`, 400, "50035")
	says(t, c.Sim, "GET", rules+"/5", "", 404, "10066")
}

func TestWhoOwnsTheApplication(t *testing.T) {
	c := newCourt(t)
	says(t, c.Sim, "GET", "/applications/@me", "", 200, `"team":null`)
	says(t, c.Sim, "GET", "/oauth2/applications/@me", "", 200, `"owner":{"id":"`+c.OwnerID().String())
	c.SetTeam(c.chief, c.ada)
	says(t, c.Sim, "GET", "/applications/@me", "", 200, `"owner_user_id":"`+c.chief.String())
	c.allow(0)
	says(t, c.Sim, "GET", "/applications/@me", "", 200, fmt.Sprintf(`"flags":%d`, 1<<23))
}

func TestAuditLogIsFiltered(t *testing.T) {
	c := newCourt(t)
	c.Kick(c.guild, c.chief, c.ada, "1")
	c.Join(c.guild, c.ada)
	c.Ban(c.guild, c.OwnerID(), c.ada, "2")
	c.Unban(c.guild, c.chief, c.ada, "3")
	log := c.AuditLog(c.guild)
	for query, want := range map[string]string{
		"limit=1": "3", "": "321", "user_id=" + c.chief.String(): "31", "action_type=22": "2",
		"before=" + log[len(log)-1].ID.String(): "21", "after=" + log[len(log)-3].ID.String(): "23",
	} {
		_, body := do(t, c.Sim, "GET", fmt.Sprintf("/guilds/%d/audit-logs?%s", c.guild, query), "")
		var answer struct {
			Entries []struct{ Reason string } `json:"audit_log_entries"`
		}
		if err := json.Unmarshal([]byte(body), &answer); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, entry := range answer.Entries {
			got += entry.Reason
		}
		if got != want {
			t.Errorf("audit log by %q: %s, want %s", query, got, want)
		}
	}
	says(t, c.Sim, "GET", fmt.Sprintf("/guilds/%d/audit-logs?limit=101", c.guild), "", 400, "50035")
}

func TestTheBotLeaves(t *testing.T) {
	c := newCourt(t)
	bot := connect(t, c.Sim, IntentGuilds)
	bot.event("GUILD_CREATE")
	made(t, c.Sim, "DELETE", "/users/@me/guilds/"+c.guild.String(), "")
	bot.event("GUILD_DELETE")
	says(t, c.Sim, "GET", "/guilds/"+c.guild.String(), "", 403, "50001")
}
