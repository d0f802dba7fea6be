package discordsim

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/snowflake"
)

func TestAuditMayComeFirst(t *testing.T) {
	s := start(t, Options{})
	guild, post := harbour(s)
	c := connect(t, s, allIntents)
	c.event("GUILD_CREATE")
	for _, want := range [][]string{
		{"GUILD_MEMBER_REMOVE", "GUILD_AUDIT_LOG_ENTRY_CREATE"},
		{"GUILD_AUDIT_LOG_ENTRY_CREATE", "GUILD_MEMBER_REMOVE"},
	} {
		if !s.Kick(guild.ID, s.OwnerID(), post.Author, "bye") {
			t.Fatal("not kicked")
		}
		for _, name := range want {
			c.event(name)
		}
		s.Join(guild.ID, post.Author)
		c.event("GUILD_MEMBER_ADD")
		s.Set(func(k *Knobs) { k.AuditFirst = true })
	}
}

func TestDeletionsAreMerged(t *testing.T) {
	c := newCourt(t)
	for range 3 {
		c.Delete(c.open, c.Post(Post{Channel: c.open, Author: c.ada, Content: "x"}), c.chief)
	}
	c.Delete(c.open, c.Post(Post{Channel: c.open, Author: c.ada, Content: "x"}), c.ada)
	log := c.AuditLog(c.guild)
	last := log[len(log)-1]
	if last.Action != AuditMessageDelete || last.Options["count"] != "3" || last.UserID != c.chief {
		t.Errorf("the last entry is %+v, want one of 3 deletions by the chief", last)
	}
}

func TestABanCleansUp(t *testing.T) {
	c := newCourt(t)
	for range 150 {
		c.Post(Post{Channel: c.open, Author: c.ada, Content: "spam"})
	}
	c.Post(Post{Channel: c.open, Author: c.chief, Content: "stop"})
	bot := connect(t, c.Sim, IntentGuildMessages)
	do(t, c.Sim, "PUT", fmt.Sprintf("/guilds/%d/bans/%d", c.guild, c.ada), `{"delete_message_seconds":3600}`)
	for _, want := range []int{100, 51} {
		var gone struct{ IDs []string }
		if bot.decode(bot.event("MESSAGE_DELETE_BULK"), &gone); len(gone.IDs) != want {
			t.Errorf("%d messages at once, want %d", len(gone.IDs), want)
		}
	}
	if left := c.Messages(c.open); len(left) != 1 || left[0].Text != "stop" {
		t.Errorf("left: %v", left)
	}
}

func TestMessagesAreKeptInBounds(t *testing.T) {
	s := start(t, Options{Keep: 10})
	_, post := harbour(s)
	var last snowflake.MessageID
	for range 1000 {
		last = s.Post(post)
	}
	if list := s.Messages(post.Channel); len(list) < 10 || len(list) > 20 || list[len(list)-1].ID != last {
		t.Errorf("%d messages are kept", len(list))
	}
}

func TestMentions(t *testing.T) {
	c := newCourt(t)
	text := fmt.Sprintf("@everyone <@%d> <@!%d> <@5> <@x", c.chief, c.ada)
	id := c.Post(Post{Channel: c.open, Author: c.admin, Content: text})
	m, _ := c.MessageByID(c.open, id)
	if len(m.mentions) != 2 || !m.Everyone {
		t.Errorf("an administrator mentions %d and everyone: %v", len(m.mentions), m.Everyone)
	}
	id = c.Post(Post{Channel: c.open, Author: c.ada, Content: text})
	if m, _ := c.MessageByID(c.open, id); m.Everyone {
		t.Error("a member mentions everyone without the permission")
	}
}

func TestNobodyIsEverywhere(t *testing.T) {
	c := newCourt(t)
	stranger := c.AddUser(User{Username: "stranger"})
	for name, got := range map[string]any{
		"a stranger posts":          c.Post(Post{Channel: c.open, Author: stranger}),
		"into a hidden channel":     c.Post(Post{Channel: c.shut, Author: c.ada}),
		"into no channel":           c.Post(Post{Channel: 5, Author: c.ada}),
		"a member joins":            c.Join(c.guild, c.ada),
		"a stranger is kicked":      c.Kick(c.guild, c.chief, stranger, ""),
		"the owner is banned":       c.Ban(c.guild, c.chief, c.OwnerID(), ""),
		"a free man is unbanned":    c.Unban(c.guild, c.chief, c.ada, ""),
		"a stranger is silenced":    c.Timeout(c.guild, c.chief, stranger, time.Now(), ""),
		"a guild that is not there": c.Join(5, c.ada),
	} {
		if fmt.Sprint(got) != "0" && fmt.Sprint(got) != "false" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestDeletedUserIsUnknown(t *testing.T) {
	c := newCourt(t)
	c.RemoveUser(c.ada)
	status, body := do(t, c.Sim, "GET", "/users/"+c.ada.String(), "")
	if status != 404 || !strings.Contains(body, "10013") {
		t.Error(status, body)
	}
	if _, there := c.MemberOf(c.guild, c.ada); there {
		t.Error("the member is still there")
	}
}

func TestOfflineCutsEverything(t *testing.T) {
	s := start(t, Options{})
	c := connect(t, s, 0)
	s.Set(func(k *Knobs) { k.Offline = true })
	if _, err := c.read(); err == nil {
		t.Error("the socket lives")
	}
	if _, _, err := ask(t, s, "POST", "/users/@me/channels"); err == nil {
		t.Error("REST answers")
	}
	s.Set(func(k *Knobs) { k.Offline = false })
	again := dial(t, s, "")
	again.want(opHello)
	again.resume(s, c.session, c.seq)
	again.event("RESUMED")
}

func TestOnlyLoopback(t *testing.T) {
	s := New(Options{})
	if err := s.Start("0.0.0.0:0"); err == nil {
		s.Close()
		t.Error("listens to the world")
	}
}

func TestSeedMakesTheSameSecrets(t *testing.T) {
	a, b, c := New(Options{Seed: 1}), New(Options{Seed: 1}), New(Options{Seed: 2})
	if a.Token() != b.Token() || a.Token() == c.Token() {
		t.Error("tokens do not follow the seed")
	}
}
