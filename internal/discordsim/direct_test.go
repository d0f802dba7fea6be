package discordsim

import (
	"fmt"
	"testing"
)

// directUse is what INTERACTION_CREATE tells the bot of a direct conversation.
type directUse struct {
	ID, Token string
	GuildID   string `json:"guild_id"`
	Context   int
	User      *struct{ ID string }
	Member    *struct{}
	Message   *struct{ ID string }
	Data      struct {
		CustomID string `json:"custom_id"`
	}
}

func TestButtonsAndFormsInADirectConversation(t *testing.T) {
	s, post, c := station(t, Options{})
	direct := s.DirectChannel(post.Author)
	body := `{"content":"hello","components":[{"type":1,"components":[{"type":2,"style":2,"label":"Appeal","custom_id":"appeal/1/2"}]}]}`
	made(t, s, "POST", fmt.Sprintf("/channels/%d/messages", direct), body)
	sent := s.Messages(direct)
	if len(sent) != 1 || len(sent[0].Buttons()) != 1 {
		t.Fatalf("sent %+v", sent)
	}
	if s.Click(direct, sent[0].ID, s.OwnerID(), "appeal/1/2") != 0 || s.Submit(direct, s.OwnerID(), "x", nil) != 0 {
		t.Error("somebody else uses what stands in a direct conversation")
	}
	var use directUse
	id := s.Click(direct, sent[0].ID, post.Author, "appeal/1/2")
	c.decode(c.event("INTERACTION_CREATE"), &use)
	if use.GuildID != "" || use.Member != nil || use.User == nil || use.User.ID != post.Author.String() || use.Context != 1 ||
		use.Message == nil || use.Data.CustomID != "appeal/1/2" {
		t.Errorf("the click is %+v", use)
	}
	form := `{"type":9,"data":{"custom_id":"appeal/1/2","title":"Appeal","components":[{"type":1,"components":[{"type":4,"custom_id":"text"}]}]}}`
	made(t, s, "POST", "/interactions/"+use.ID+"/"+use.Token+"/callback", form)
	if i, err := s.WaitAnswer(within(t), id); err != nil || i.Callback != 9 || i.Guild != 0 {
		t.Errorf("%+v, %v", i, err)
	}
	use = directUse{}
	id = s.Submit(direct, post.Author, "appeal/1/2", map[string]string{"text": "please"})
	c.decode(c.event("INTERACTION_CREATE"), &use)
	made(t, s, "POST", "/interactions/"+use.ID+"/"+use.Token+"/callback", `{"type":4,"data":{"content":"thanks","flags":64}}`)
	if i, err := s.WaitAnswer(within(t), id); err != nil || i.Original.Text != "thanks" || len(s.Messages(direct)) != 1 {
		t.Errorf("%+v, %v", i, err)
	}
}

func TestWhoTakesDirectMessages(t *testing.T) {
	c := newCourt(t)
	to := fmt.Sprintf("/channels/%d/messages", c.DirectChannel(c.ada))
	made(t, c.Sim, "POST", to, `{"content":"one"}`)
	c.CloseDMs(c.ada, true)
	says(t, c.Sim, "POST", to, `{"content":"two"}`, 403, "50007")
	c.CloseDMs(c.ada, false)
	id := made(t, c.Sim, "POST", to, `{"content":"three"}`)
	c.Kick(c.guild, c.OwnerID(), c.ada, "")
	says(t, c.Sim, "POST", to, `{"content":"four"}`, 403, "50007") // no guild in common
	made(t, c.Sim, "PATCH", to+"/"+id, `{"content":"three, changed"}`)
}

func TestPrivateThreadsAreForWhoIsInThem(t *testing.T) {
	c := newCourt(t)
	open := "/channels/" + c.open.String()
	made(t, c.Sim, "POST", open+"/threads", `{"name":"appeal","type":12,"invitable":false}`)
	threads := c.Threads(c.open)
	thread := threads[len(threads)-1]
	if thread.Type != ChannelPrivateThread || thread.Name != "appeal" || c.Post(Post{Channel: thread.ID, Author: c.ada, Content: "x"}) != 0 {
		t.Errorf("a member writes into %+v, which she is not in", thread)
	}
	made(t, c.Sim, "PUT", fmt.Sprintf("/channels/%d/thread-members/%d", thread.ID, c.ada), "")
	if c.Post(Post{Channel: thread.ID, Author: c.ada, Content: "x"}) == 0 {
		t.Error("a member does not write into a thread that she is in")
	}
	if inside := c.ThreadMembers(thread.ID); len(inside) != 2 || inside[0] != c.BotID() || inside[1] != c.ada {
		t.Errorf("in the thread are %v", inside)
	}
	c.SetBotPermissions(c.guild, PermissionsModerator&^PermissionPrivateThreads)
	says(t, c.Sim, "POST", open+"/threads", `{"name":"appeal","type":12}`, 403, "50013")
	made(t, c.Sim, "POST", open+"/threads", `{"name":"appeal","type":11}`)
}
