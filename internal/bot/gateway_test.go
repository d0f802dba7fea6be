package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// messages is what the database counts.
func messages(t testing.TB, s *store.Store, guild snowflake.GuildID) int64 {
	t.Helper()
	var n int64
	span := store.Span{From: time.Now().Add(-24 * time.Hour), Until: time.Now().Add(24 * time.Hour)}
	if err := s.Read(t.Context(), func(v *store.Snapshot) { n = v.Activity(guild, span).Messages }); err != nil {
		t.Fatal(err)
	}
	return n
}

// say posts n messages, numbered from a first one on.
func say(sim *discordsim.Sim, channel snowflake.ChannelID, author snowflake.UserID, first, n int) {
	for i := range n {
		sim.Post(discordsim.Post{Channel: channel, Author: author, Content: fmt.Sprint(first + i)})
	}
}

// inOrder checks that each of n messages came once and in order.
func inOrder(t testing.TB, seen []moderation.MessagePosted, n int) {
	t.Helper()
	got := contents(seen)
	if len(got) != n {
		t.Errorf("%d messages were handled, want %d", len(got), n)
	}
	for i, text := range got {
		if text != fmt.Sprint(i) {
			t.Fatalf("message %d is %q", i, text)
		}
	}
}

func TestF47AnOutageIsNoDeparture(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	sim.Outage(guild)
	if lost := waitEvents[moderation.GuildLost](t, r, 1)[0]; !lost.Outage || lost.Guild != guild {
		t.Errorf("lost: %+v", lost)
	}
	sim.Recover(guild)
	back := waitEvents[moderation.GuildSeen](t, r, 2)[1]
	if back.Joined || back.Profile.Name != "Harbour" {
		t.Errorf("back: %+v", back)
	}
	say(sim, channel, ada, 0, 1)
	waitEvents[moderation.MessagePosted](t, r, 1)
}

func TestF47AGuildThatIsDownFromTheStartHasAnOutage(t *testing.T) {
	sim := discord(t)
	down, _, _ := harbour(sim)
	sim.Outage(down)
	r := start(t, sim, nil, func(o *Options) { o.pace.arrive = time.Millisecond })
	if lost := waitEvents[moderation.GuildLost](t, r, 1); len(lost) != 1 || lost[0].Guild != down || !lost[0].Outage {
		t.Errorf("lost: %+v, want %d", lost, down)
	}
	sim.Recover(down)
	if seen := waitEvents[moderation.GuildSeen](t, r, 1)[0]; seen.Guild != down || seen.Joined {
		t.Errorf("back: %+v", seen)
	}
	guilds := newRoster()
	guilds.expect([]snowflake.GuildID{down, down + 1})
	guilds.seen(moderation.Guild{ID: down + 1}, nil, nil)
	if late := guilds.overdue(); !slices.Equal(late, []snowflake.GuildID{down}) {
		t.Errorf("overdue: %v, want the one that did not come", late)
	}
}

func TestAGuildThatThrewTheBotOutWhileItWasAwayIsLost(t *testing.T) {
	sim := discord(t)
	guild, _, _ := harbour(sim)
	r := start(t, sim, nil, func(o *Options) {
		o.Guilds = func(context.Context) ([]snowflake.GuildID, error) { return []snowflake.GuildID{guild, 4711 << 22}, nil }
	})
	if lost := waitEvents[moderation.GuildLost](t, r, 1)[0]; lost.Guild != 4711<<22 || lost.Outage {
		t.Errorf("lost: %+v", lost)
	}
	if seen := waitEvents[moderation.GuildSeen](t, r, 1)[0]; seen.Joined {
		t.Error("a guild known before counts as joined")
	}
}

func TestF48AfterALongTimeWithoutNetworkTheSessionIsResumed(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	say(sim, channel, ada, 0, 1)
	waitEvents[moderation.MessagePosted](t, r, 1)
	sim.Set(func(k *discordsim.Knobs) { k.RefuseSockets = true })
	sim.Drop()
	for range 12 { // of attempts; some ask REST where the gateway is
		r.wait(t, StateResuming)
	}
	say(sim, channel, ada, 1, 9)
	sim.Set(func(k *discordsim.Knobs) { k.RefuseSockets = false })
	inOrder(t, waitEvents[moderation.MessagePosted](t, r, 10), 10)
	if n := len(sim.Identifies()); n != 1 {
		t.Errorf("%d sessions were started, want 1", n)
	}
}

func TestF48AttemptsDoubleWithJitterUpToAMinute(t *testing.T) {
	p := defaultPace()
	for n, want := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 60} {
		least, most := doubled(p.retryLeast, p.retryMost, n, 0), doubled(p.retryLeast, p.retryMost, n, 0.999999)
		if least != want*time.Second/2 || most > want*time.Second || most < want*time.Second*9/10 {
			t.Errorf("attempt %d waits %s to %s, want half of %d s to all of it", n, least, most, want)
		}
	}
}

func TestACompressedStreamCarriesTheSame(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	r := start(t, sim, nil, func(o *Options) { o.Compress = true })
	r.wait(t, StateConnected)
	say(sim, channel, ada, 0, 500)
	sim.Post(discordsim.Post{Channel: channel, Author: ada, Content: strings.Repeat("long ", 400)})
	say(sim, channel, ada, 501, 10)
	seen := waitEvents[moderation.MessagePosted](t, r, 511)
	inOrderFrom(t, seen[:500], 0)
	inOrderFrom(t, seen[501:], 501)
}

func TestHeartbeatsAreCountedAsLatency(t *testing.T) {
	sim := discord(t)
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	span := store.Span{From: time.Now().Add(-time.Hour), Until: time.Now().Add(time.Hour)}
	for n := range int64(4) {
		sim.AskHeartbeat()
		r.ledger.wait(t, "the latency of one more", func() bool {
			var latency moderation.Latency
			err := r.ledger.Read(t.Context(), func(v *store.Snapshot) { latency = v.Latency(span) })
			return err == nil && latency.Count > n && latency.Sum > 0
		})
	}
}
