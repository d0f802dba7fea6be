package discordsim

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestIntentsDecideWhatIsHeard(t *testing.T) {
	s := start(t, Options{})
	guild, post := harbour(s)
	post.Content = "hello"
	all := connect(t, s, allIntents)
	blind := connect(t, s, IntentGuildMessages)
	deaf := connect(t, s, IntentGuildModeration)
	all.event("GUILD_CREATE")
	s.Post(post)
	s.Leave(guild.ID, post.Author)
	for c, want := range map[*client]string{all: "hello", blind: ""} {
		var m struct {
			Content string
			Author  struct{ ID string }
		}
		if c.decode(c.event("MESSAGE_CREATE"), &m); m.Content != want || m.Author.ID != post.Author.String() {
			t.Errorf("%+v, want content %q", m, want)
		}
	}
	all.event("GUILD_MEMBER_REMOVE")
	s.Ban(guild.ID, s.OwnerID(), post.Author, "spam")
	deaf.event("GUILD_BAN_ADD") // and nothing before it
	var entry struct {
		Reason string
		Action int `json:"action_type"`
	}
	deaf.decode(deaf.event("GUILD_AUDIT_LOG_ENTRY_CREATE"), &entry)
	if entry.Action != AuditBan || entry.Reason != "spam" {
		t.Errorf("audit %+v", entry)
	}
}

// crowd is a guild of n members beside the bot and the owner.
func crowd(s *Sim, n int) Guild {
	members := make([]Member, n)
	for i := range members {
		members[i].User = &User{ID: s.AddUser(User{Username: fmt.Sprintf("user%05d", i)})}
	}
	return Guild{ID: s.AddGuild(Guild{Name: "Crowd", Members: members})}
}

type chunkSeen struct {
	Members []struct{ User struct{ ID string } }
	Index   int      `json:"chunk_index"`
	Count   int      `json:"chunk_count"`
	Missing []string `json:"not_found"`
	Nonce   string
}

func TestMembersComeInChunks(t *testing.T) {
	s := start(t, Options{})
	guild := crowd(s, 2500)
	c := connect(t, s, allIntents)
	var created struct {
		Large   bool
		Count   int `json:"member_count"`
		Members []json.RawMessage
	}
	c.decode(c.event("GUILD_CREATE"), &created)
	if !created.Large || created.Count != 2502 || len(created.Members) != 1 {
		t.Errorf("large %v, %d members, %d shown", created.Large, created.Count, len(created.Members))
	}
	ask := map[string]any{"guild_id": guild.ID, "query": "", "limit": 0, "nonce": "n1"}
	c.send(opMembers, ask)
	var seen []string
	for i := range 3 {
		var chunk chunkSeen
		c.decode(c.event("GUILD_MEMBERS_CHUNK"), &chunk)
		if chunk.Index != i || chunk.Count != 3 || chunk.Nonce != "n1" {
			t.Errorf("chunk %d of %d, nonce %q", chunk.Index, chunk.Count, chunk.Nonce)
		}
		for _, m := range chunk.Members {
			seen = append(seen, m.User.ID)
		}
	}
	slices.Sort(seen)
	if len(slices.Compact(seen)) != 2502 {
		t.Errorf("%d different members", len(seen))
	}
	c.send(opMembers, ask)
	var limited struct {
		RetryAfter float64 `json:"retry_after"`
		Opcode     int
		Meta       struct{ Nonce string }
	}
	c.decode(c.event("RATE_LIMITED"), &limited)
	if limited.Opcode != opMembers || limited.RetryAfter <= 0 || limited.RetryAfter > 30 || limited.Meta.Nonce != "n1" {
		t.Errorf("%+v", limited)
	}
}

func TestMembersByNameAndByID(t *testing.T) {
	s := start(t, Options{})
	guild := crowd(s, 20)
	c := connect(t, s, allIntents)
	c.event("GUILD_CREATE")
	c.send(opMembers, map[string]any{"guild_id": guild.ID, "query": "user0001", "limit": 3})
	var chunk chunkSeen
	if c.decode(c.event("GUILD_MEMBERS_CHUNK"), &chunk); len(chunk.Members) != 3 {
		t.Errorf("%d members by name, want 3", len(chunk.Members))
	}
	c.send(opMembers, map[string]any{"guild_id": guild.ID, "user_ids": []any{s.OwnerID(), "12345"}})
	c.decode(c.event("GUILD_MEMBERS_CHUNK"), &chunk)
	if len(chunk.Members) != 1 || !slices.Equal(chunk.Missing, []string{"12345"}) {
		t.Errorf("%+v by id", chunk)
	}
	c.send(opMembers, map[string]any{"guild_id": guild.ID, "user_ids": s.OwnerID()})
	if c.decode(c.event("GUILD_MEMBERS_CHUNK"), &chunk); len(chunk.Members) != 1 {
		t.Errorf("%+v by one id", chunk)
	}
}

func TestPresencesBringMembersUpToTheThreshold(t *testing.T) {
	s := start(t, Options{})
	crowd(s, 60)
	c := connect(t, s, allIntents|IntentGuildPresences)
	var created struct {
		Members []struct{ User struct{ ID string } }
	}
	c.decode(c.event("GUILD_CREATE"), &created)
	bot := slices.ContainsFunc(created.Members, func(m struct{ User struct{ ID string } }) bool {
		return m.User.ID == s.BotID().String()
	})
	if n := len(created.Members); n < 50 || n > 51 || !bot {
		t.Errorf("%d members shown, the bot among them: %v", n, bot)
	}
}

func TestOutageIsNoDeparture(t *testing.T) {
	s := start(t, Options{})
	guild, post := harbour(s)
	c := connect(t, s, allIntents)
	c.event("GUILD_CREATE")
	s.Outage(guild.ID)
	var gone struct{ Unavailable bool }
	if c.decode(c.event("GUILD_DELETE"), &gone); !gone.Unavailable {
		t.Error("an outage looks like a departure")
	}
	if s.Post(post) != 0 {
		t.Error("a message was written during the outage")
	}
	s.Recover(guild.ID)
	c.event("GUILD_CREATE")
	s.RemoveGuild(guild.ID)
	gone.Unavailable = false
	if c.decode(c.event("GUILD_DELETE"), &gone); gone.Unavailable {
		t.Error("a departure looks like an outage")
	}
	if status, body := do(t, s, "GET", "/guilds/"+guild.ID.String(), ""); status != 403 {
		t.Error(status, body)
	}
	s.ReturnToGuild(guild.ID)
	c.event("GUILD_CREATE")
}

func TestRawIsSentAsItIs(t *testing.T) {
	s := start(t, Options{})
	c := connect(t, s, 0)
	s.Raw(0, "SOMETHING_NEW", []byte(`{"author":null}`))
	if d := c.event("SOMETHING_NEW"); string(d) != `{"author":null}` {
		t.Errorf("%s", d)
	}
	s.RawFrame([]byte("{not json"))
	_ = c.ws.SetReadDeadline(time.Now().Add(soon))
	if _, data, err := c.ws.ReadMessage(); err != nil || string(data) != "{not json" {
		t.Errorf("%s, %v", data, err)
	}
}
