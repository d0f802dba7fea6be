package discordsim

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// harbour is a guild with a channel and a member.
func harbour(s *Sim) (g Guild, in Post) {
	id := s.AddGuild(Guild{Name: "Harbour", Channels: []Channel{{Name: "general"}}})
	ada := s.Join(id, s.AddUser(User{Username: "ada"}))
	return Guild{ID: id}, Post{Channel: s.ChannelNamed(id, "general"), Author: ada}
}

func TestResumeReplaysWhatWasMissed(t *testing.T) {
	s := start(t, Options{})
	_, post := harbour(s)
	c := connect(t, s, allIntents)
	c.event("GUILD_CREATE")
	seq, session := c.seq, c.session
	s.Drop()
	if err := s.WaitDisconnected(within(t)); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		post.Content = strconv.Itoa(i)
		s.Post(post)
	}
	c = dial(t, s, "")
	c.want(opHello)
	c.resume(s, session, seq)
	for i := range 5 {
		var m struct{ Content string }
		c.decode(c.event("MESSAGE_CREATE"), &m)
		if m.Content != strconv.Itoa(i) || c.seq != seq+int64(i)+1 {
			t.Fatalf("replay %d is %q with sequence %d", i, m.Content, c.seq)
		}
	}
	c.event("RESUMED")
	post.Content = "live"
	s.Post(post)
	c.event("MESSAGE_CREATE")
	want := Resume{SessionID: session, Seq: seq, Replayed: 5, Accepted: true}
	got := s.Resumes()
	got[0].At = time.Time{}
	if len(got) != 1 || got[0] != want {
		t.Errorf("recorded %+v, want %+v", got, want)
	}
}

func TestResumeIsRefused(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, spoil := range map[string]func(*Sim, *client){
		"after a close with 1000": func(s *Sim, c *client) {
			_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(soon))
		},
		"when more was missed than is kept": func(s *Sim, c *client) {
			s.Set(func(k *Knobs) { k.ResumeWindow = 3 })
			s.Drop()
			for range 10 {
				s.AddGuild(Guild{Name: "another"})
			}
		},
		"after Forget": func(s *Sim, c *client) { s.Forget(); s.Drop() },
		"by the knob": func(s *Sim, c *client) {
			s.Set(func(k *Knobs) { k.Op9OnResume = 1 })
			s.Drop()
		},
		"when it is too late": func(s *Sim, c *client) {
			s.Drop()
			if err := s.WaitDisconnected(within(c.TB)); err != nil {
				c.Fatal(err)
			}
			s.Set(func(k *Knobs) { k.ResumeFor = 0 })
			s.opt.Clock = func() time.Time { return now.Add(time.Hour) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, Options{Clock: func() time.Time { return now }})
			c := connect(t, s, allIntents)
			spoil(s, c)
			if err := s.WaitDisconnected(within(t)); err != nil {
				t.Fatal(err)
			}
			again := dial(t, s, "")
			again.want(opHello)
			again.resume(s, c.session, c.seq)
			if p := again.want(opInvalid); string(p.D) != "false" {
				t.Errorf("op 9 with %s", p.D)
			}
			again.identify(s, allIntents)
			again.ready()
		})
	}
}

func TestCloseCodes(t *testing.T) {
	identified := func(t *testing.T, s *Sim) *client { return connect(t, s, allIntents) }
	greeted := func(t *testing.T, s *Sim) *client {
		c := dial(t, s, "")
		c.want(opHello)
		return c
	}
	for name, tt := range map[string]struct {
		begin func(*testing.T, *Sim) *client
		do    func(*Sim, *client)
		want  int
	}{
		"unknown operation":  {identified, func(s *Sim, c *client) { c.send(99, nil) }, 4001},
		"not JSON":           {greeted, func(s *Sim, c *client) { c.text("{") }, 4002},
		"too large":          {identified, func(s *Sim, c *client) { c.send(opPresence, strings.Repeat("x", 5000)) }, 4002},
		"not yet identified": {greeted, func(s *Sim, c *client) { c.send(opMembers, nil) }, 4003},
		"wrong token": {greeted, func(s *Sim, c *client) {
			c.send(opIdentify, map[string]any{"token": "x", "intents": 0})
		}, 4004},
		"identified twice":     {identified, func(s *Sim, c *client) { c.identify(s, allIntents) }, 4005},
		"sequence of tomorrow": {greeted, func(s *Sim, c *client) { c.resume(s, connect(c.TB, s, 0).session, 99) }, 4007},
		"121 sends in a minute": {identified, func(s *Sim, c *client) {
			for range sendsPerMinute {
				c.send(opHeartbeat, nil)
			}
		}, 4008},
		"silence": {func(t *testing.T, s *Sim) *client {
			s.Set(func(k *Knobs) { k.HeartbeatInterval, k.HeartbeatPatience = time.Millisecond, time.Millisecond })
			return greeted(t, s)
		}, func(*Sim, *client) {}, 4009},
		"no such shard": {greeted, func(s *Sim, c *client) {
			c.send(opIdentify, map[string]any{"token": s.Token(), "intents": 0, "shard": []int{2, 2}})
		}, 4010},
		"version":          {func(t *testing.T, s *Sim) *client { return dial(t, s, "v=3") }, func(*Sim, *client) {}, 4012},
		"unknown intent":   {greeted, func(s *Sim, c *client) { c.identify(s, 1<<40) }, 4013},
		"intent not given": {greeted, func(s *Sim, c *client) { s.allow(0); c.identify(s, allIntents) }, 4014},
		"by the knob": {greeted, func(s *Sim, c *client) {
			s.Set(func(k *Knobs) { k.CloseOnIdentify = 4004 })
			c.identify(s, allIntents)
		}, 4004},
		"by the script": {identified, func(s *Sim, c *client) { s.Disconnect(4000) }, 4000},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, Options{})
			c := tt.begin(t, s)
			tt.do(s, c)
			if got := c.closed(); got != tt.want {
				t.Errorf("closed with %d, want %d", got, tt.want)
			}
		})
	}
}

func (s *Sim) allow(intents Intents) { s.Set(func(k *Knobs) { k.PrivilegedIntents = intents }) }

func (c *client) text(data string) {
	c.Helper()
	if err := c.ws.WriteMessage(websocket.TextMessage, []byte(data)); err != nil {
		c.Fatal(err)
	}
}

func TestShardSeesItsGuildsOnly(t *testing.T) {
	s := start(t, Options{})
	var want []string
	for i := range 10 {
		id := s.AddGuild(Guild{ID: 1<<22*33 + 1<<22*53*7, Name: "x"})
		s.RemoveGuild(id)
		id = s.AddGuild(Guild{Name: fmt.Sprint(i)})
		if int64(id)>>22%2 == 1 {
			want = append(want, id.String())
		}
	}
	c := dial(t, s, "")
	c.want(opHello)
	c.send(opIdentify, map[string]any{"token": s.Token(), "intents": IntentGuilds, "shard": []int{1, 2}})
	var ready struct{ Guilds []struct{ ID string } }
	c.decode(c.event("READY"), &ready)
	if len(ready.Guilds) != len(want) {
		t.Errorf("%d guilds in READY, want %d", len(ready.Guilds), len(want))
	}
	for _, id := range want {
		var created struct{ ID string }
		if c.decode(c.event("GUILD_CREATE"), &created); created.ID != id {
			t.Errorf("guild %s, want %s", created.ID, id)
		}
	}
}

func TestKnobsOfTheHandshake(t *testing.T) {
	t.Run("op 7 instead of HELLO", func(t *testing.T) {
		s := start(t, Options{})
		s.Set(func(k *Knobs) { k.Op7InsteadOfHello = 1 })
		dial(t, s, "").want(opReconnect)
		dial(t, s, "").want(opHello)
	})
	t.Run("no HELLO", func(t *testing.T) {
		s := start(t, Options{})
		s.Set(func(k *Knobs) { k.NoHello = 1 })
		c := dial(t, s, "")
		if err := s.WaitSockets(within(t), 1); err != nil {
			t.Fatal(err)
		}
		s.AskHeartbeat()
		c.want(opHeartbeat) // and nothing before it
	})
	t.Run("op 11 before READY", func(t *testing.T) {
		s := start(t, Options{})
		s.Set(func(k *Knobs) { k.Op11BeforeReady = 1 })
		c := dial(t, s, "")
		c.want(opHello)
		c.identify(s, 0)
		c.want(opACK)
		c.ready()
	})
	t.Run("op 7 after RESUME, then it works", func(t *testing.T) {
		s := start(t, Options{})
		c := connect(t, s, 0)
		s.Set(func(k *Knobs) { k.Op7AfterResume = 1 })
		for _, want := range []int{opReconnect, opDispatch} {
			next := dial(t, s, "")
			next.want(opHello)
			next.resume(s, c.session, c.seq)
			next.want(want)
		}
	})
	t.Run("no ACK", func(t *testing.T) {
		s := start(t, Options{})
		s.Set(func(k *Knobs) { k.StopACK = true })
		c := connect(t, s, 0)
		c.send(opHeartbeat, 1)
		if err := s.WaitHeartbeats(within(t), 1); err != nil {
			t.Fatal(err)
		}
		s.Reconnect()
		c.want(opReconnect) // and no ACK before it
	})
	t.Run("a late ACK", func(t *testing.T) {
		s := start(t, Options{})
		s.Set(func(k *Knobs) { k.ACKDelay = 30 * time.Millisecond })
		c := connect(t, s, 0)
		began := time.Now()
		c.send(opHeartbeat, 1)
		c.want(opACK)
		if took := time.Since(began); took < 30*time.Millisecond {
			t.Errorf("the ACK came after %s", took)
		}
	})
	t.Run("frozen, then thawed", func(t *testing.T) {
		s := start(t, Options{})
		c := connect(t, s, IntentGuilds)
		s.Set(func(k *Knobs) { k.Frozen = true })
		s.AddGuild(Guild{Name: "Harbour"})
		s.Set(func(k *Knobs) { k.Frozen = false })
		c.event("GUILD_CREATE")
	})
	t.Run("sockets refused", func(t *testing.T) {
		s := start(t, Options{})
		s.Set(func(k *Knobs) { k.RefuseSockets = true })
		if _, _, err := websocket.DefaultDialer.Dial(s.GatewayURL(), nil); err == nil {
			t.Error("a socket was opened")
		}
	})
}

func TestStartsRunOut(t *testing.T) {
	s := start(t, Options{})
	token := s.Token()
	s.SpendStarts(998)
	first := connect(t, s, 0)
	connect(t, s, 0)
	third := dial(t, s, "")
	third.want(opHello)
	third.identify(s, 0)
	if third.closed() != 4004 || first.closed() != 4004 {
		t.Error("not all sessions ended with 4004")
	}
	if s.Token() == token {
		t.Error("the token was not reset")
	}
}

func TestTooManyIdentifiesAtOnce(t *testing.T) {
	s := start(t, Options{})
	s.Set(func(k *Knobs) { k.MaxConcurrency = 1 })
	connect(t, s, 0)
	c := dial(t, s, "")
	c.want(opHello)
	c.identify(s, 0)
	c.want(opInvalid)
}

func TestRedeliveryKeepsTheNumbers(t *testing.T) {
	s := start(t, Options{})
	_, post := harbour(s)
	c := connect(t, s, allIntents)
	c.event("GUILD_CREATE")
	s.Post(post)
	s.Post(post)
	c.event("MESSAGE_CREATE")
	c.event("MESSAGE_CREATE")
	s.Redeliver(2)
	for _, want := range []int64{3, 4} {
		if c.event("MESSAGE_CREATE"); c.seq != want {
			t.Errorf("sequence %d, want %d", c.seq, want)
		}
	}
}
