package discordsim

import (
	"fmt"
	"testing"
	"time"

	"guildwatch/internal/snowflake"
)

// used is what INTERACTION_CREATE tells the bot.
type used struct {
	ID    string
	Token string
	Type  int
	Data  struct {
		CustomID string `json:"custom_id"`
		Values   []string
	}
	Message    *struct{ ID string }
	Components []struct{}
}

// station has a registered command and a connected client.
func station(t *testing.T, opt Options) (*Sim, Post, *client) {
	s := start(t, opt)
	_, post := harbour(s)
	status, body := do(t, s, "PUT", "/applications/"+s.ApplicationID().String()+"/commands", `[
		{"name":"guildwatch","description":"x"},
		{"name":"staff","description":"x","default_member_permissions":"8"}]`)
	if status != 200 {
		t.Fatal(status, body)
	}
	c := connect(t, s, IntentGuildMessages)
	return s, post, c
}

func TestCommandsOfTheGuildAndOfAll(t *testing.T) {
	s, _, _ := station(t, Options{})
	id := s.Commands(0)[0].ID
	path := "/applications/" + s.ApplicationID().String() + "/commands"
	if status, _ := do(t, s, "POST", path, `{"name":"guildwatch","description":"new"}`); status != 200 {
		t.Errorf("replacing: %d", status)
	}
	if status, _ := do(t, s, "POST", path, `{"name":"other","description":"new"}`); status != 201 {
		t.Errorf("adding: %d", status)
	}
	names := map[string]snowflake.CommandID{}
	for _, command := range s.Commands(0) {
		names[command.Name] = command.ID
	}
	if len(names) != 3 || names["guildwatch"] != id {
		t.Errorf("commands %v, want guildwatch with its id %d kept", names, id)
	}
	if status, _ := do(t, s, "DELETE", fmt.Sprint(path, "/", id), ""); status != 204 || len(s.Commands(0)) != 2 {
		t.Errorf("deleting: %d", status)
	}
}

func TestWhoMayRunACommand(t *testing.T) {
	s, post, _ := station(t, Options{})
	for _, tt := range []struct {
		line string
		user snowflake.UserID
		runs bool
	}{
		{"guildwatch stats", post.Author, true}, {"nothing", post.Author, false}, {"staff", post.Author, false},
		{"staff", s.OwnerID(), true}, {"guildwatch", 5, false},
	} {
		if id := s.RunCommand(post.Channel, tt.user, tt.line); (id != 0) != tt.runs {
			t.Errorf("%q by %d ran: %v", tt.line, tt.user, id != 0)
		}
	}
}

func TestAnswersToInteractions(t *testing.T) {
	clock := &ticker{time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	s, post, c := station(t, Options{Clock: clock.now})
	var use used
	run := func() (snowflake.InteractionID, string) {
		id := s.RunCommand(post.Channel, post.Author, "guildwatch")
		c.decode(c.event("INTERACTION_CREATE"), &use)
		return id, fmt.Sprintf("/interactions/%s/%s/callback", use.ID, use.Token)
	}
	id, callback := run()
	original := fmt.Sprintf("/webhooks/%d/%s/messages/@original", s.ApplicationID(), use.Token)
	if status, _ := do(t, s, "PATCH", original, `{"content":"early"}`); status != 404 {
		t.Errorf("edited before there was an answer: %d", status)
	}
	if status, body := do(t, s, "POST", callback, `{"type":5}`); status != 204 {
		t.Fatal(status, body)
	}
	if i, _ := s.InteractionByID(id); i.Answered() || i.Callback != 5 {
		t.Errorf("a deferral counts as an answer: %+v", i)
	}
	c.event("MESSAGE_CREATE")
	if status, _ := do(t, s, "POST", callback, `{"type":4,"data":{"content":"x"}}`); status != 400 {
		t.Errorf("answered twice: %d", status)
	}
	if status, body := do(t, s, "PATCH", original, `{"content":"numbers"}`); status != 200 {
		t.Fatal(status, body)
	}
	c.event("MESSAGE_UPDATE")
	if i, err := s.WaitAnswer(within(t), id); err != nil || i.Original.Text != "numbers" {
		t.Errorf("%+v, %v", i, err)
	}
	if status, _ := do(t, s, "DELETE", original, ""); status != 204 {
		t.Errorf("withdrawn: %d", status)
	}
	c.event("MESSAGE_DELETE")
	_, callback = run()
	clock.at = clock.at.Add(4 * time.Second)
	if status, body := do(t, s, "POST", callback, `{"type":5}`); status != 404 {
		t.Errorf("an answer after 4 s: %d %s", status, body)
	}
	_, callback = run()
	if status, body := do(t, s, "POST", callback, `{"type":4,"data":{"content":"x","flags":64}}`); status != 204 {
		t.Fatal(status, body)
	}
	clock.at = clock.at.Add(16 * time.Minute)
	original = fmt.Sprintf("/webhooks/%d/%s/messages/@original", s.ApplicationID(), use.Token)
	if status, _ := do(t, s, "PATCH", original, `{"content":"late"}`); status != 401 {
		t.Errorf("edited after 16 min: %d", status)
	}
}

func TestClicksAndForms(t *testing.T) {
	s, post, c := station(t, Options{})
	message := s.Post(post)
	c.event("MESSAGE_CREATE")
	var use used
	s.Click(post.Channel, message, post.Author, "undo:7")
	c.decode(c.event("INTERACTION_CREATE"), &use)
	if use.Type != 3 || use.Data.CustomID != "undo:7" || use.Message == nil || use.Message.ID != message.String() {
		t.Errorf("click %+v", use)
	}
	use = used{}
	s.Submit(post.Channel, post.Author, "appeal", map[string]string{"why": "I did not"})
	c.decode(c.event("INTERACTION_CREATE"), &use)
	if use.Type != 5 || use.Data.CustomID != "appeal" || use.Message != nil {
		t.Errorf("form %+v", use)
	}
	if s.Click(post.Channel, 5, post.Author, "x") != 0 {
		t.Error("a click on no message")
	}
}

func TestMenusOfMembersAndMessages(t *testing.T) {
	s, post, c := station(t, Options{})
	path := "/applications/" + s.ApplicationID().String() + "/commands"
	for _, bad := range []string{`{"type":2,"name":"Warn","description":"x"}`,
		`{"type":3,"name":"Report","options":[{"type":3,"name":"x","description":"x"}]}`} {
		if status, _ := do(t, s, "POST", path, bad); status != 400 {
			t.Errorf("%s: %d", bad, status)
		}
	}
	for _, good := range []string{`{"type":2,"name":"Warn"}`, `{"type":3,"name":"Report to us"}`} {
		if status, body := do(t, s, "POST", path, good); status != 201 {
			t.Errorf("%s: %d %s", good, status, body)
		}
	}
	message := s.Post(post)
	c.event("MESSAGE_CREATE")
	var use struct {
		Data struct {
			Type     int
			TargetID string `json:"target_id"`
			Resolved struct {
				Users    map[string]struct{ Username string }
				Messages map[string]struct{ Content string }
			}
		}
	}
	if s.UseOnMember(post.Channel, post.Author, "Warn", s.OwnerID()) == 0 {
		t.Fatal("the menu of a member is not there")
	}
	c.decode(c.event("INTERACTION_CREATE"), &use)
	if owner := s.OwnerID().String(); use.Data.Type != 2 || use.Data.TargetID != owner || use.Data.Resolved.Users[owner].Username == "" {
		t.Errorf("on a member %+v", use)
	}
	if s.UseOnMessage(post.Channel, post.Author, "Report to us", message) == 0 {
		t.Fatal("the menu of a message is not there")
	}
	c.decode(c.event("INTERACTION_CREATE"), &use)
	if use.Data.Type != 3 || use.Data.Resolved.Messages[message.String()].Content != post.Content {
		t.Errorf("on a message %+v", use)
	}
	if s.UseOnMember(post.Channel, post.Author, "Report to us", s.OwnerID()) != 0 || s.UseOnMessage(post.Channel, post.Author, "Warn", message) != 0 ||
		s.UseOnMessage(post.Channel, post.Author, "Report to us", 5) != 0 {
		t.Error("a menu where it is not offered")
	}
}
