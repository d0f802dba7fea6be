package desk

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

var noon = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

func offence(guild snowflake.GuildID, message snowflake.MessageID, severity moderation.Severity) moderation.Case {
	return moderation.Case{Detected: noon,
		Violation: moderation.Violation{Guild: guild, Message: message, Severity: severity}}
}

func fill(t testing.TB, b *backlog, cases ...moderation.Case) {
	t.Helper()
	for _, c := range cases {
		if err := b.file(c); err != nil {
			t.Fatal(err)
		}
	}
}

func ids(cases []filed) (list []snowflake.MessageID) {
	for i := range cases {
		list = append(list, cases[i].Violation.Message)
	}
	return list
}

func TestTheGravestOfEachGuildGoFirstAndGuildsTakeTurns(t *testing.T) {
	b := newBacklog()
	low, high, critical := moderation.SeverityLow, moderation.SeverityHigh, moderation.SeverityCritical
	fill(t, b, offence(1, 11, low), offence(1, 12, high), offence(1, 13, high), offence(1, 14, critical),
		offence(2, 21, low), offence(3, 31, high), offence(3, 32, critical))
	got, _ := b.take(noon, 100)
	if want := []snowflake.MessageID{14, 21, 32, 12, 31, 13, 11}; !slices.Equal(ids(got), want) {
		t.Errorf("took %v, want %v", ids(got), want)
	}
}

func TestWhatAMarkWaitsForGoesBeforeWhatIsGraver(t *testing.T) {
	b := newBacklog()
	fill(t, b, offence(1, 1, moderation.SeverityLow), offence(1, 2, moderation.SeverityMedium))
	b.mark++
	fill(t, b, offence(1, 3, moderation.SeverityCritical))
	got, _ := b.take(noon, 100)
	if want := []snowflake.MessageID{2, 1, 3}; !slices.Equal(ids(got), want) {
		t.Errorf("took %v, want %v", ids(got), want)
	}
}

func TestAGuildsPaceHoldsBackItsRaidAndNobodyElse(t *testing.T) {
	b := newBacklog()
	for i := range snowflake.MessageID(200) {
		fill(t, b, offence(1, i, moderation.SeverityLow))
	}
	if got, _ := b.take(noon, 100); len(got) != guildBurst {
		t.Errorf("took %d at once, want %d", len(got), guildBurst)
	}
	got, wait := b.take(noon.Add(time.Millisecond), 100)
	if len(got) != 0 || wait != guildLump*guildPace-time.Millisecond {
		t.Errorf("took %d, wait %s", len(got), wait)
	}
	fill(t, b, offence(2, 1000, moderation.SeverityLow))
	if got, _ = b.take(noon.Add(2*time.Millisecond), 100); !slices.Equal(ids(got), []snowflake.MessageID{1000}) {
		t.Errorf("took %v: the other guild's case alone", ids(got))
	}
	if got, _ = b.take(noon.Add(guildLump*guildPace), 100); len(got) != guildLump {
		t.Errorf("took %d, want %d", len(got), guildLump)
	}
	if got, _ = b.take(noon.Add(-time.Hour), 100); len(got) != 0 {
		t.Errorf("took %d when the clock was set back", len(got))
	}
	if got, _ = b.take(noon.Add(-time.Hour+guildLump*guildPace), 100); len(got) != guildLump {
		t.Errorf("took %d after the clock was set back, want %d", len(got), guildLump)
	}
}

func TestBeyondItsBoundAGuildLosesItsMildestAndThatIsCounted(t *testing.T) {
	b := newBacklog()
	for i := range snowflake.MessageID(guildBacklog) {
		fill(t, b, offence(1, i, moderation.SeverityMedium))
	}
	fill(t, b, offence(2, 5000, moderation.SeverityLow))
	fill(t, b, offence(1, 1000, moderation.SeverityCritical), offence(1, 1001, moderation.SeverityLow))
	got, _ := b.take(noon, 3)
	if want := []snowflake.MessageID{1000, 5000, 0}; !slices.Equal(ids(got), want) {
		t.Errorf("took %v, want %v", ids(got), want)
	}
	if missed := b.missed(); len(missed) != 1 || missed[0] != (Missed{1, noon, noon, 2}) {
		t.Errorf("missed %+v", missed)
	}
	if missed := b.missed(); missed != nil {
		t.Errorf("missed twice: %+v", missed)
	}
}

func TestBeyondTheWholeBoundTheGuildWithMostLoses(t *testing.T) {
	b := newBacklog()
	for i := 0; b.size < wholeBacklog; i++ {
		guild := snowflake.GuildID(1 + i/guildBacklog)
		fill(t, b, offence(guild, snowflake.MessageID(i), moderation.SeverityHigh))
	}
	fill(t, b, offence(99, 99, moderation.SeverityLow))
	missed := b.missed()
	if len(missed) != 1 || missed[0].Guild == 99 || b.size != wholeBacklog || b.guilds[99].size != 1 {
		t.Errorf("missed %+v of %d", missed, b.size)
	}
}

// While nothing can be recorded the lanes hold what does not fit: Discord repeats it, and nothing is given up.
func TestWhileTheLedgerFailsNothingIsGivenUp(t *testing.T) {
	b := newBacklog()
	b.stall(fault.New(fault.Unavailable, "The disk is full."))
	for i := range snowflake.MessageID(guildBacklog) {
		fill(t, b, offence(1, i, moderation.SeverityMedium))
	}
	if err := b.file(offence(1, 1000, moderation.SeverityCritical)); fault.Of(err) != fault.Unavailable {
		t.Errorf("filed beyond the bound: %v", err)
	}
	taken, _ := b.take(noon, 1)
	b.recorded(taken)
	fill(t, b, offence(1, 1000, moderation.SeverityCritical))
	if missed := b.missed(); missed != nil {
		t.Errorf("missed %+v", missed)
	}
}

// Whatever is filed, taken and given up in whatever order: nothing is there twice, nothing is forgotten, bounds hold,
// of one guild and severity the order stays, and a mark is free exactly when all before it is dealt with.
func TestTheBacklogKeepsItsBooks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, now := newBacklog(), noon
		waits := map[snowflake.MessageID]filed{}
		open := map[uint64]int{}
		last := map[string]snowflake.MessageID{}
		next := snowflake.MessageID(0)
		t.Repeat(map[string]func(*rapid.T){
			"file": func(t *rapid.T) {
				guild := snowflake.GuildID(rapid.IntRange(1, 3).Draw(t, "guild"))
				severity := rapid.SampledFrom(moderation.Severities()).Draw(t, "severity")
				for range rapid.IntRange(1, 400).Draw(t, "n") {
					next++
					c := offence(guild, next, severity)
					if err := b.file(c); err != nil {
						t.Fatal(err)
					}
					waits[next] = filed{c, b.mark}
					open[b.mark]++
				}
				// Who was given up is known by who is left.
				left := map[snowflake.MessageID]bool{}
				for _, s := range b.guilds {
					if s.size > guildBacklog {
						t.Fatalf("%d cases of a guild", s.size)
					}
					for _, list := range s.cases {
						for i := range list {
							left[list[i].Violation.Message] = true
						}
					}
				}
				gone := int64(0)
				for id, c := range waits {
					if !left[id] {
						gone++
						open[c.mark]--
						delete(waits, id)
					}
				}
				missed := int64(0)
				for _, m := range b.missed() {
					missed += m.Cases
				}
				if missed != gone {
					t.Fatalf("%d are gone, %d are counted", gone, missed)
				}
			},
			"take": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "ms")) * time.Millisecond)
				taken, _ := b.take(now, rapid.IntRange(1, 50).Draw(t, "most"))
				for _, c := range taken {
					id := c.Violation.Message
					if _, known := waits[id]; !known {
						t.Fatalf("%d was given out, and was not there", id)
					}
					delete(waits, id)
					open[c.mark]--
					line := fmt.Sprint(c.Violation.Guild, c.Violation.Severity)
					if id < last[line] {
						t.Fatalf("%d came after %d", id, last[line])
					}
					last[line] = id
				}
				b.recorded(taken)
			},
			"mark": func(*rapid.T) { b.mark++ },
			"": func(t *rapid.T) {
				if b.size != len(waits) {
					t.Fatalf("%d wait, want %d", b.size, len(waits))
				}
				for mark, n := range open {
					if n == 0 {
						delete(open, mark)
					}
					if b.open[mark] != n {
						t.Fatalf("mark %d has %d open, want %d", mark, b.open[mark], n)
					}
				}
				if len(b.open) != len(open) {
					t.Fatalf("%v is open, want %v", b.open, open)
				}
			},
		})
	})
}
