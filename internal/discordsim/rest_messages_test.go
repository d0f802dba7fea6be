package discordsim

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"guildwatch/internal/snowflake"
)

func TestPagesOfMessages(t *testing.T) {
	c := newCourt(t)
	ids := []snowflake.MessageID{c.hers}
	for range 9 {
		ids = append(ids, c.Post(Post{Channel: c.open, Author: c.ada, Content: "x"}))
	}
	for query, want := range map[string][]int{
		"limit=3":                                {9, 8, 7},
		fmt.Sprintf("limit=3&before=%d", ids[4]): {3, 2, 1},
		fmt.Sprintf("limit=3&after=%d", ids[4]):  {7, 6, 5},
		fmt.Sprintf("limit=3&around=%d", ids[4]): {5, 4, 3},
		fmt.Sprintf("after=%d", ids[9]):          {},
		"after=0&limit=2":                        {1, 0},
	} {
		_, body := do(t, c.Sim, "GET", fmt.Sprintf("/channels/%d/messages?%s", c.open, query), "")
		var page []struct{ ID snowflake.MessageID }
		if err := json.Unmarshal([]byte(body), &page); err != nil {
			t.Fatal(err)
		}
		if len(page) != len(want) {
			t.Errorf("%s: %d messages, want %v", query, len(page), want)
			continue
		}
		for i, n := range want {
			if page[i].ID != ids[n] {
				t.Errorf("%s: message %d is %d, want %d", query, i, page[i].ID, ids[n])
			}
		}
	}
	says(t, c.Sim, "GET", fmt.Sprintf("/channels/%d/messages/%d", c.open, ids[2]), "", 200, ids[2].String())
}

func TestUnfurledLinksLeaveTheTextAlone(t *testing.T) {
	c := newCourt(t)
	bot := connect(t, c.Sim, allIntents)
	bot.event("GUILD_CREATE")
	c.Unfurl(c.open, c.hers, `[{"type":"link","url":"https://example.com"}]`)
	var m struct {
		Content string
		Edited  *string `json:"edited_timestamp"`
		Embeds  []struct{ URL string }
	}
	bot.decode(bot.event("MESSAGE_UPDATE"), &m)
	if m.Content != "hers" || m.Edited != nil || len(m.Embeds) != 1 {
		t.Errorf("%+v", m)
	}
}

func TestRepliesAndDirectMessages(t *testing.T) {
	c := newCourt(t)
	bot := connect(t, c.Sim, IntentDirectMessages)
	says(t, c.Sim, "POST", fmt.Sprintf("/channels/%d/messages", c.open),
		fmt.Sprintf(`{"content":"no","message_reference":{"message_id":"%d"}}`, c.hers), 200, `"type":19`)
	says(t, c.Sim, "POST", fmt.Sprintf("/channels/%d/messages", c.open),
		`{"content":"no","message_reference":{"message_id":"5"}}`, 400, "50035")
	says(t, c.Sim, "POST", fmt.Sprintf("/channels/%d/messages", c.open),
		`{"content":"no","message_reference":{"message_id":"5","fail_if_not_exists":false}}`, 200, `"type":0`)
	direct := c.DirectChannel(c.ada)
	c.Post(Post{Channel: direct, Author: c.ada, Content: "help"})
	var m struct {
		Content string
		Guild   string `json:"guild_id"`
	}
	if bot.decode(bot.event("MESSAGE_CREATE"), &m); m.Content != "help" || m.Guild != "" {
		t.Errorf("%+v", m)
	}
	says(t, c.Sim, "POST", "/users/@me/channels", fmt.Sprintf(`{"recipient_id":"%d"}`, c.ada), 200, direct.String())
	says(t, c.Sim, "POST", "/users/@me/channels", `{"recipient_id":"5"}`, 400, "50035")
	if c.Post(Post{Channel: direct, Author: c.chief}) != 0 {
		t.Error("a third wrote into a direct conversation")
	}
}

func TestFollowups(t *testing.T) {
	s, post, c := station(t, Options{})
	id := s.RunCommand(post.Channel, post.Author, "guildwatch")
	var use used
	c.decode(c.event("INTERACTION_CREATE"), &use)
	hook := fmt.Sprintf("/webhooks/%d/%s", s.ApplicationID(), use.Token)
	says(t, s, "POST", fmt.Sprintf("/interactions/%s/%s/callback", use.ID, use.Token), `{"type":99}`, 400, "50035")
	made(t, s, "POST", fmt.Sprintf("/interactions/%s/%s/callback", use.ID, use.Token), `{"type":5,"data":{"flags":64}}`)
	first := made(t, s, "POST", hook, `{"content":"in place of the loading message"}`)
	second := made(t, s, "POST", hook, `{"content":"for all to see"}`)
	third := made(t, s, "POST", hook, `{"content":"one more"}`)
	c.event("MESSAGE_CREATE")
	c.event("MESSAGE_CREATE") // of the second and the third: the first is for the user alone
	made(t, s, "PATCH", hook+"/messages/"+second, `{"content":"for all"}`)
	c.event("MESSAGE_UPDATE")
	made(t, s, "DELETE", hook+"/messages/"+third, "")
	c.event("MESSAGE_DELETE")
	says(t, s, "GET", hook+"/messages/"+third, "", 404, "10008")
	says(t, s, "GET", hook+"/messages/@original", "", 200, first)
	i, _ := s.InteractionByID(id)
	if !i.Answered() || !i.Ephemeral || i.Original.ID.String() != first || len(i.Followups) != 1 ||
		i.Followups[0].Text != "for all" {
		t.Errorf("%+v", i)
	}
	if len(s.Messages(post.Channel)) != 1 {
		t.Error("want one message in the channel")
	}
}

func TestWhatIsKnownOfAGuild(t *testing.T) {
	c := newCourt(t)
	c.Ban(c.guild, c.chief, c.ada, "x")
	if bans := c.Bans(c.guild); len(bans) != 1 || bans[0] != c.ada {
		t.Errorf("bans %v", bans)
	}
	if members := c.Members(c.guild); len(members) != 4 {
		t.Errorf("members %v", members)
	}
	if user, known := c.UserByID(c.ada); !known || user.Username != "ada" {
		t.Errorf("user %+v", user)
	}
	says(t, c.Sim, "GET", fmt.Sprintf("/applications/%d/guilds/%d/commands", c.ApplicationID(), c.guild), "", 200, "[]")
	says(t, c.Sim, "PUT", fmt.Sprintf("/applications/%d/commands", c.ApplicationID()), `[{"name":"x"}]`, 400, "50035")
	says(t, c.Sim, "PUT", fmt.Sprintf("/guilds/%d/bans/%d", c.guild, c.ada), strings.Repeat("x", 9), 400, "50109")
}
