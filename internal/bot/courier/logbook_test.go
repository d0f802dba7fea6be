package courier

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// However lines come and messages go, each guild has one message under way, rests between two, and every line is told of
// or counted as left out, in its order.
func TestTheLogbookTellsEveryLineOnceOrCountsIt(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		book, now := newLogbook(), noon
		added, written := map[snowflake.GuildID]int64{}, map[snowflake.GuildID]int64{}
		under, due := map[snowflake.GuildID]bool{}, map[snowflake.GuildID]time.Time{}
		last := map[snowflake.GuildID]int64{}
		write := func() bool {
			guild, lines, dropped, _ := book.take(now)
			if guild == 0 {
				return false
			}
			if under[guild] || now.Before(due[guild]) || len(lines) == 0 || len(lines) > logLines {
				t.Fatalf("guild %d at %s: %d lines, under way %v, due %s", guild, now, len(lines), under[guild], due[guild])
			}
			n := rapid.IntRange(0, len(lines)).Draw(r, "written") // 0: it failed, and is tried again
			if n > 0 {
				written[guild] += int64(n + dropped)
				if lines[0].Ref <= last[guild] {
					t.Fatalf("line %d after %d", lines[0].Ref, last[guild])
				}
				last[guild] = lines[n-1].Ref
			} else {
				dropped = 0
			}
			due[guild] = now.Add(logEvery)
			book.done(guild, n, dropped, due[guild])
			return true
		}
		for range rapid.IntRange(0, 300).Draw(r, "steps") {
			switch rapid.IntRange(0, 4).Draw(r, "step") {
			case 0, 1, 2:
				guild := snowflake.GuildID(rapid.IntRange(1, 3).Draw(r, "guild"))
				for range rapid.IntRange(1, 30).Draw(r, "lines") {
					added[guild]++
					book.add(moderation.Change{Guild: guild, Ref: added[guild], At: now})
				}
			case 3:
				write()
			case 4:
				now = now.Add(time.Second)
			}
		}
		for range 10_000 {
			if !write() {
				now = now.Add(time.Second)
			}
		}
		for guild, n := range added {
			if written[guild] != n {
				t.Fatalf("guild %d: %d lines, %d told of", guild, n, written[guild])
			}
		}
	})
}

func TestTheAllowanceIsARaidsBrake(t *testing.T) {
	a, now := newAllowance(), noon
	take := func(guild snowflake.GuildID, n int) (got int) {
		for range n {
			if a.take(guild, now) {
				got++
			}
		}
		return got
	}
	if got := take(1, 500); got != aheadAtOnce {
		t.Errorf("%d are told at once", got)
	}
	if got := take(2, 1); got != 1 {
		t.Error("another guild waits for the first")
	}
	now = now.Add(3 * aheadEvery)
	if got := take(1, 500); got != 3 {
		t.Errorf("%d more after %s", got, 3*aheadEvery)
	}
}

// A line that comes while a message is under way is written with the next one, although nothing comes after it.
func TestALineThatComesDuringAMessageIsNotForgotten(t *testing.T) {
	b, now := newLogbook(), time.Now()
	b.add(moderation.Change{Guild: 1, Ref: 1, At: now})
	<-b.wake
	if guild, lines, _, _ := b.take(now); guild != 1 || len(lines) != 1 {
		t.Fatalf("taken are %d lines of %d", len(lines), guild)
	}
	b.add(moderation.Change{Guild: 1, Ref: 2, At: now})
	<-b.wake
	if guild, _, _, wait := b.take(now); guild != 0 || wait >= 0 {
		t.Fatalf("taken is a message of %d, whose message is under way, and the wait is %s", guild, wait)
	}
	b.done(1, 1, 0, now.Add(logEvery))
	select {
	case <-b.wake:
	default:
		t.Fatal("nobody looks again")
	}
	if _, _, _, wait := b.take(now); wait != logEvery {
		t.Errorf("the second line waits %s", wait)
	}
	if _, lines, _, _ := b.take(now.Add(logEvery)); len(lines) != 1 || lines[0].Ref != 2 {
		t.Errorf("the second message has %v", lines)
	}
}
