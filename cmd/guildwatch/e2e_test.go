package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"guildwatch/internal/config"
	"guildwatch/internal/discordsim"
)

func TestAGatewayFrameBecomesARowOnEveryStream(t *testing.T) {
	s := newStage(t)
	s.open()
	s.connected()
	page, overview := s.stream("/live/"+s.guild.String()), s.stream("/live")
	script, public := s.stream("/api/servers/"+s.guild.String()+"/events"), s.stream("/api/stats/realtime")

	s.sim.Ban(s.guild, s.ada, s.bob, "one too many")

	row := s.expect(page, "the ban on the guild's page", func(m message) bool {
		return m.name == "event" && strings.Contains(m.data, "banned")
	})
	for _, want := range []string{"ada", "bob", "one too many", `id="event-` + s.guild.String() + "-" + row.id + `"`} {
		if !strings.Contains(row.data, want) {
			t.Errorf("the row lacks %q: %s", want, row.data)
		}
	}
	action := s.expect(script, "the ban for scripts", func(m message) bool { return m.name == "action" })
	if action.id != row.id || !strings.Contains(action.data, `"id":"`+s.bob.String()+`"`) {
		t.Errorf("the script got %+v", action)
	}
	// The operator has no right in the guild: nobody is named, and no text of anybody's shows.
	for _, m := range []message{
		s.expect(overview, "the ban on the overview", func(m message) bool { return m.name == "event" && m.id == row.id }),
		s.expect(public, "the ban in public", func(m message) bool { return m.name == "event" && m.id == row.id }),
	} {
		if strings.Contains(m.data, "ada") || strings.Contains(m.data, "bob") || strings.Contains(m.data, "one too many") {
			t.Errorf("the overview names somebody: %s", m.data)
		}
	}
	if reloaded := s.get(s.page()); !strings.Contains(reloaded, `id="event-`+s.guild.String()+"-"+row.id+`"`) {
		t.Error("the reloaded page lacks the row")
	}
	s.close()
}

func TestMessagesAreCountedOnceAcrossARestart(t *testing.T) {
	s := newStage(t)
	s.open()
	s.connected()
	post := func(n int) {
		for i := range n {
			if s.sim.Post(discordsim.Post{Channel: s.channel, Author: s.bob, Content: fmt.Sprint("hello ", i)}) == 0 {
				t.Fatal("the stand-in refused a message")
			}
		}
	}
	counted := func(want int) func() bool {
		return func() bool {
			return strings.Contains(s.get("/api/servers/"+s.guild.String()+"/metrics"), `"messages":{"value":`+strconv.Itoa(want)+`,`)
		}
	}
	post(300)
	s.until("300 messages are counted", counted(300))
	post(50) // on their way when the program stops
	s.close()
	post(25) // while nobody is there: Discord keeps them for the session
	resumes := len(s.sim.Resumes())
	s.open()
	s.until("all 375 messages are counted, none twice", counted(375))
	if len(s.sim.Resumes()) != resumes+1 || len(s.sim.Identifies()) != 1 {
		t.Errorf("%d resumes and %d identifies, want one more resume and the one identify", len(s.sim.Resumes()), len(s.sim.Identifies()))
	}
	s.close()
}

func TestAPageThatComesBackGetsWhatItMissedOnce(t *testing.T) {
	s := newStage(t)
	s.open()
	s.connected()
	page := s.stream("/live/" + s.guild.String())
	s.sim.Timeout(s.guild, s.ada, s.bob, s.sim.Now().Add(3600e9), "first")
	first := s.expect(page, "the first row", func(m message) bool { return m.name == "event" && strings.Contains(m.data, "first") })
	s.close()
	s.sim.Kick(s.guild, s.ada, s.bob, "second")
	s.open()
	back := s.stream("/live/" + s.guild.String() + "?after=" + first.id)
	seen := map[string]int{}
	s.expect(back, "the row that was missed", func(m message) bool {
		if m.name == "event" {
			seen[m.id]++
		}
		return m.name == "event" && strings.Contains(m.data, "second")
	})
	if seen[first.id] != 0 {
		t.Error("a row that the page had came again")
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("row %s came %d times", id, n)
		}
	}
	s.close()
}

func TestTextOfUsersStaysTextInTheLiveRow(t *testing.T) {
	s := newStage(t)
	s.open()
	s.connected()
	page := s.stream("/live/" + s.guild.String())
	s.sim.Kick(s.guild, s.ada, s.bob, "line\nevent: end\ndata: {}\r\rdata: x</script><img src=x onerror=alert(1)>\u202etxt\u200b.")
	row := s.expect(page, "the row", func(m message) bool {
		if m.name == "end" {
			t.Fatal("text of a user forged an event")
		}
		return m.name == "event" && strings.Contains(m.data, "kicked")
	})
	if strings.Contains(row.data, "<img") || strings.Contains(row.data, "</script>") || strings.Contains(row.data, "\u202e") {
		t.Errorf("text of a user came through as markup or as an invisible mark: %s", row.data)
	}
	if !strings.Contains(row.data, "&lt;img src=x") {
		t.Errorf("the text is lost: %s", row.data)
	}
	s.close()
}

func TestARefusedTokenLeavesADashboardThatSaysWhy(t *testing.T) {
	s := newStage(t)
	s.config.Token = config.NewSecret("wrong")
	s.open()
	s.until("/health says what to do", func() bool {
		response, err := http.Get("http://" + s.address + "/health")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		return response.StatusCode == http.StatusServiceUnavailable && strings.Contains(s.get("/health"), "DISCORD_TOKEN")
	})
	if n := len(s.sim.Identifies()); n > 1 {
		t.Errorf("%d identifies with a wrong token", n)
	}
	s.close()
}

func TestASecondProgramOnTheDataIsRefused(t *testing.T) {
	s := newStage(t)
	s.open()
	second := s.config
	second.Listen = "127.0.0.1:0"
	err := run(context.Background(), program{config: second, log: slog.New(slog.DiscardHandler)})
	var coded exitError
	if !errors.As(err, &coded) || coded.code != 3 || !strings.Contains(err.Error(), "in use by process") {
		t.Errorf("got %v", err)
	}
	s.close()
}
