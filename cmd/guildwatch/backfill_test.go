package main

import (
	"fmt"
	"strings"
	"testing"

	"guildwatch/internal/discordsim"
)

// What happens while the program is away, for longer than Discord keeps the session, is on the page afterwards.
func TestWhatWasMissedIsReadBackAndThePageSaysSo(t *testing.T) {
	s := newStage(t)
	s.open()
	s.connected()
	s.close()
	for i := range 120 {
		s.sim.Post(discordsim.Post{Channel: s.channel, Author: s.bob, Content: fmt.Sprint("meanwhile ", i)})
	}
	s.sim.Ban(s.guild, s.ada, s.bob, "nobody was watching")
	s.sim.Forget()
	s.open()
	s.until("the messages and the ban are on the page", func() bool {
		page := s.get(s.page())
		return strings.Contains(page, "Read back afterwards: 120 messages and 1 audit log entry.") &&
			strings.Contains(page, "nobody was watching")
	})
	metrics := s.get("/api/servers/" + s.guild.String() + "/metrics")
	if !strings.Contains(metrics, `"messages":{"value":120,`) {
		t.Errorf("the figures do not count them: %s", metrics)
	}
	s.close()
}
