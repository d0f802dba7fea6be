package discordsim

import (
	"encoding/json"
	"testing"
)

const allIntents = IntentGuilds | IntentGuildMembers | IntentGuildModeration | IntentGuildMessages |
	IntentMessageContent | IntentAutoModConfig | IntentAutoModExecution

func TestClientIdentifiesAndHears(t *testing.T) {
	for _, query := range []string{"v=9", "v=10&encoding=json&compress=zlib-stream"} {
		t.Run(query, func(t *testing.T) {
			s := start(t, Options{})
			guild := s.AddGuild(Guild{Name: "Harbour", Channels: []Channel{{Name: "general"}}})
			ada := s.Join(guild, s.AddUser(User{Username: "ada"}))
			c := dial(t, s, query)
			var hello struct {
				Interval int `json:"heartbeat_interval"`
			}
			c.decode(c.want(opHello).D, &hello)
			if hello.Interval != 41250 {
				t.Errorf("heartbeat_interval %d", hello.Interval)
			}
			c.identify(s, allIntents)
			c.ready()
			var created struct {
				ID      string            `json:"id"`
				Count   int               `json:"member_count"`
				Members []json.RawMessage `json:"members"`
			}
			c.decode(c.event("GUILD_CREATE"), &created)
			if created.ID != guild.String() || created.Count != 3 || len(created.Members) != 1 {
				t.Errorf("guild %+v, want 3 members of whom the bot is shown", created)
			}
			posted := s.Post(Post{Channel: s.ChannelNamed(guild, "general"), Author: ada, Content: "hello \"you\"\n<3"})
			var message struct {
				ID, Content string
				Author      struct{ Username string }
				Member      struct{ Roles []string }
			}
			c.decode(c.event("MESSAGE_CREATE"), &message)
			if message.ID != posted.String() || message.Content != "hello \"you\"\n<3" || message.Author.Username != "ada" ||
				message.Member.Roles == nil {
				t.Errorf("message %+v", message)
			}
			c.send(opHeartbeat, c.seq)
			c.want(opACK)
			if beats := s.Heartbeats(); len(beats) != 1 || beats[0].Seq != 3 {
				t.Errorf("heartbeats %v, want one with sequence 3", beats)
			}
		})
	}
}

func TestRESTTellsTheGateway(t *testing.T) {
	s := start(t, Options{})
	status, body := do(t, s, "GET", "/gateway/bot", "")
	var answer struct {
		URL   string
		Limit struct {
			Remaining   int `json:"remaining"`
			Concurrency int `json:"max_concurrency"`
		} `json:"session_start_limit"`
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || status != 200 {
		t.Fatal(status, body)
	}
	if answer.URL != s.GatewayURL() || answer.Limit.Remaining != 1000 || answer.Limit.Concurrency != 16 {
		t.Errorf("%+v", answer)
	}
	status, body = do(t, s, "GET", "/users/1", "")
	if status != 404 || body != `{"message":"Unknown User","code":10013}` {
		t.Error(status, body)
	}
	connect(t, s, allIntents)
	if _, body := do(t, s, "GET", "/gateway/bot", ""); !json.Valid([]byte(body)) {
		t.Error(body)
	} else if err := json.Unmarshal([]byte(body), &answer); err != nil || answer.Limit.Remaining != 999 {
		t.Errorf("%+v after an IDENTIFY", answer)
	}
}
