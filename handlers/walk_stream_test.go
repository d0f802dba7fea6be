package handlers

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"guildwatch/internal/feed"
	"guildwatch/internal/live"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// The walk of streams: a Last-Event-ID of another guild's change, of one that there is not, and one's own bring the own
// guild's changes alone, and none of the other's.
func TestTheWalkOfStreams(t *testing.T) {
	var announcer *feed.Feed
	h, _ := steered(t, func(o *Options) {
		announcer = feed.New(o.Store, o.Stats, nil, o.Logger)
		o.Hub = live.New(live.Options{Backfill: announcer.Backfill, Logger: o.Logger})
		generous(o)
	})
	ctx, stop := context.WithCancel(context.Background())
	var announcing sync.WaitGroup
	announcing.Go(func() { _ = announcer.Run(ctx, h.Hub) })
	t.Cleanup(func() { h.Hub.Shutdown("the test is over"); stop(); announcing.Wait() })
	record := func(guild snowflake.GuildID, entry int, reason string) int64 {
		_, err := h.Store.RecordAudit(t.Context(), moderation.AuditEntry{Origin: moderation.Origin{Guild: guild, At: noon},
			Entry: snowflake.EntryID(entry), Action: moderation.Action{Kind: moderation.ActionBan, Target: plainID,
				Actor: adminID, Reason: reason}})
		must(t, err)
		return h.Store.LastSeq()
	}
	before := h.Store.LastSeq()
	own := record(home, 901, "home-canary-1")
	foreign := record(other, 902, "far-canary")
	record(home, 903, "home-canary-2")
	for _, path := range []string{"/live/" + home.String(), "/api/servers/" + home.String() + "/events"} {
		for last, want := range map[int64][]string{before: {"home-canary-1", "home-canary-2"}, own: {"home-canary-2"},
			foreign: {"home-canary-2"}} {
			l := h.listen(t, path, "Last-Event-ID", fmt.Sprint(last))
			read := l.read(t, want[len(want)-1])
			for _, canary := range []string{"home-canary-1", "home-canary-2"} {
				if strings.Contains(read, canary) != (strings.Contains(strings.Join(want, " "), canary)) {
					t.Errorf("%s after %d: %s: %.300s", path, last, canary, read)
				}
			}
			if strings.Contains(read, "far-canary") {
				t.Errorf("%s after %d carries the other guild's change", path, last)
			}
			l.close()
		}
		l := h.listen(t, path, "Last-Event-ID", "999999")
		if read := l.read(t, "event: resync"); strings.Contains(read, "canary") {
			t.Errorf("%s after a change that there is not: %.300s", path, read)
		}
		l.close()
	}
}

// read reads lines up to the first that contains what is wanted, and gives all of them.
func (l *listener) read(t *testing.T, want string) string {
	t.Helper()
	var all strings.Builder
	for l.lines.Scan() {
		all.WriteString(l.lines.Text() + "\n")
		if strings.Contains(l.lines.Text(), want) {
			return all.String()
		}
	}
	t.Fatalf("the stream ended without %q: %v, %.300q", want, l.lines.Err(), all.String())
	return ""
}
