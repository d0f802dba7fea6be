package rule

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/snowflake"
)

// A flood is told once for every Most+1 messages, however they are spread within the time.
func TestFloodsAreToldOnceForEachRound(t *testing.T) {
	s, memory := compile(t, Rule{Kind: Flood, Spec: Spec{Most: 4, Within: 10 * time.Second}}), NewMemory()
	told := 0
	for i := range 20 {
		m := message("hello")
		m.ID, m.At = snowflake.MessageID(i+1), m.At.Add(time.Duration(i)*time.Second)
		told += len(s.Judge(m, memory))
	}
	if told != 4 {
		t.Errorf("20 messages with 4 in ten seconds allowed: told %d times, want 4", told)
	}
}

func TestSlowTalkIsNoFlood(t *testing.T) {
	s, memory := compile(t, Rule{Kind: Flood, Spec: Spec{Most: 4, Within: 10 * time.Second}}), NewMemory()
	for i := range 100 {
		m := message("hello")
		m.ID, m.At = snowflake.MessageID(i+1), m.At.Add(time.Duration(i)*2500*time.Millisecond)
		if hits := s.Judge(m, memory); len(hits) > 0 {
			t.Fatalf("message %d: %+v", i, hits)
		}
	}
}

// Events that Discord delivers again are not counted again, and one that was told is told again: what it led to may
// not have been recorded.
func TestEventsDeliveredTwiceCountOnce(t *testing.T) {
	s, memory := compile(t, Rule{Kind: Flood, Spec: Spec{Most: 4, Within: 10 * time.Second}}), NewMemory()
	for i := range 5 {
		m := message("hello")
		m.ID = snowflake.MessageID(i + 1)
		for range 3 {
			if hits := s.Judge(m, memory); (len(hits) > 0) != (i == 4) {
				t.Errorf("message %d: %+v", i, hits)
			}
		}
	}
}

func TestTheSameTextAcrossChannels(t *testing.T) {
	s, memory := compile(t, Rule{Kind: Repeated, Spec: Spec{Most: 2, Within: time.Minute}}), NewMemory()
	for i, text := range []string{"Buy my thing", "buy my thing", "hello", "BUY MY TH1NG", "b\u200buy my thing"} {
		m := message(text)
		m.ID, m.Channel = snowflake.MessageID(i+1), snowflake.ChannelID(i+1)
		if hits := s.Judge(m, memory); (len(hits) > 0) != (i == 4) {
			t.Errorf("message %d %q: %+v", i, text, hits)
		}
	}
}

func TestMentionBursts(t *testing.T) {
	s, memory := compile(t, Rule{Kind: Mentions, Spec: Spec{Most: 5, Within: time.Minute}}), NewMemory()
	for i, want := range []int{0, 0, 1, 0} {
		m := message("hello")
		m.ID, m.Mentions = snowflake.MessageID(i+1), 2
		if hits := s.Judge(m, memory); len(hits) != want {
			t.Errorf("message %d: %+v", i, hits)
		}
	}
	m := message("@everyone")
	m.ID, m.Everyone = 9, true
	if hits := s.Judge(m, memory); len(hits) != 1 {
		t.Errorf("everyone: %+v", hits)
	}
}

// One member's messages say nothing about another's, nor about another guild's or rule's, whatever the order.
func TestMemoriesAreApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		memory := NewMemory()
		const most, within = 3, 10 * time.Second
		type model struct{ at []time.Time }
		models := map[traceKey]*model{}
		now := time.UnixMilli(1_700_000_000_000)
		for i := range rapid.IntRange(1, 200).Draw(t, "messages") {
			key := traceKey{guild: snowflake.GuildID(rapid.IntRange(1, 2).Draw(t, "guild")), rule: int64(rapid.IntRange(1, 2).Draw(t, "rule")),
				user: snowflake.UserID(rapid.IntRange(1, 3).Draw(t, "user"))}
			now = now.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "pause")) * time.Millisecond)
			m := models[key]
			if m == nil {
				m = &model{}
				models[key] = m
			}
			n := 1
			for _, at := range m.at {
				if now.Sub(at) < within {
					n++
				}
			}
			m.at = append(m.at, now)
			if n > most {
				m.at = nil
			}
			if got := memory.add(key, now, snowflake.MessageID(i+1), 1, most, within); got != n {
				t.Fatalf("message %d of %+v: %d, want %d", i, key, got, n)
			}
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	memory := NewMemory()
	at := time.UnixMilli(1_700_000_000_000)
	for i := range memoryShards*memoryTraces + 10_000 {
		memory.add(traceKey{user: snowflake.UserID(i)}, at, 1, 1, 5, time.Minute)
	}
	traces := 0
	for i := range memory.shards {
		traces += len(memory.shards[i].traces)
		if len(memory.shards[i].traces) != memory.shards[i].used.Len() {
			t.Error("map and list differ")
		}
	}
	if traces > memoryShards*memoryTraces {
		t.Errorf("%d traces are kept", traces)
	}
}
