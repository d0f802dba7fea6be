package main

import (
	"context"
	"flag"
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

// deskFull makes the benchmarks of the moderation desk as large as docs/PERFORMANCE.md reports them.
var deskFull = flag.Bool("desk.full", false, "run the benchmarks of the moderation desk at full size")

// full chooses between the full size and one that takes seconds.
func full[N int | time.Duration](large, small N) N {
	if *deskFull {
		return large
	}
	return small
}

// TestEveryBrokenRuleOfABusyDayIsAnsweredOnce is the desk's benchmark, small: no message is lost, those of a channel
// stay in order, each deletion is asked for once.
func TestEveryBrokenRuleOfABusyDayIsAnsweredOnce(t *testing.T) { busyDay(t, 4, 2000, time.Second, 67) }

// BenchmarkDesk is 20 000 messages a second in 50 guilds, of which 0.15 % break a rule that takes them away.
func BenchmarkDesk(b *testing.B) {
	for b.Loop() {
		lags := busyDay(b, 50, full(20_000, 4000), full(20*time.Second, 2*time.Second), full(667, 133))
		b.ReportMetric(float64(len(lags)), "violations")
		b.ReportMetric(float64(percentile(lags, 50).Microseconds())/1000, "ms-p50")
		b.ReportMetric(float64(percentile(lags, 99).Microseconds())/1000, "ms-p99")
	}
}

// busyDay posts and checks, and gives how long after detection Discord was asked.
func busyDay(t testing.TB, guilds, rate int, lasts time.Duration, one int) []time.Duration {
	c := newCity(t, guilds)
	posted := c.pour(context.Background(), rate, lasts, c.talk(one))
	c.counted(posted)
	c.drained(patience)
	lags := c.lags(c.asked(), c.blocks...)
	if want := (posted + one - one/2 - 1) / one; len(lags) != want || want == 0 {
		t.Errorf("%d violations are recorded and answered, %d were posted", len(lags), want)
	}
	c.close()
	return lags
}

// TestABacklogIsSeenAndDrainsGravestFirst has more rules broken than Discord takes deletions.
func TestABacklogIsSeenAndDrainsGravestFirst(t *testing.T) { flood(t, 4, 2000, time.Second, 20) }

// BenchmarkDeskBacklog is 20 000 messages a second of which 1 % break a rule: five times as many as Discord takes
// deletions. One in 101 and not in 100: all would be of one of the 50 guilds, which has 1 000 places.
func BenchmarkDeskBacklog(b *testing.B) {
	for b.Loop() {
		most, took := flood(b, 50, full(20_000, 4000), full(10*time.Second, time.Second), full(101, 50))
		b.ReportMetric(float64(most), "waiting-at-most")
		b.ReportMetric(took.Seconds(), "s-to-drain")
	}
}

// flood posts and checks, and gives how many actions waited at most, and how long it took from the last post until none
// did.
func flood(t testing.TB, guilds, rate int, lasts time.Duration, one int) (most int64, took time.Duration) {
	c := newCity(t, guilds)
	poured, shown := make(chan struct{}), make(chan bool, 1)
	go func() { shown <- c.backlogShows(poured) }()
	posted := c.pour(context.Background(), rate, lasts, c.talk(one))
	most, ended := c.store.Errands(), time.Now()
	close(poured)
	if !<-shown {
		t.Error("the backlog was never on /metrics")
	}
	want := (posted + one - one/2 - 1) / one
	c.counted(posted)
	c.drained(time.Duration(want)*time.Second/30 + patience)
	took = time.Since(ended)
	asked := c.asked()
	if lags := c.lags(asked, c.blocks...); len(lags) != want {
		t.Errorf("%d violations are recorded and answered, %d were posted", len(lags), want)
	}
	c.gravestFirst(asked)
	c.close()
	return most, took
}

// backlogShows looks at /metrics until actions wait there, or poured is closed and none wait.
func (c *city) backlogShows(poured <-chan struct{}) bool {
	for {
		over := false
		select {
		case <-poured:
			over = c.store.Errands() == 0
		default:
		}
		page := c.get("/metrics")
		if strings.Contains(page, "\nguildwatch_actions_waiting ") && !strings.Contains(page, "\nguildwatch_actions_waiting 0\n") {
			return true
		}
		if over {
			return false
		}
	}
}

// gravestFirst checks that no request went out while a graver one had waited for long enough to be chosen: a few are
// under way at any time.
func (c *city) gravestFirst(asked map[snowflake.MessageID]time.Time) {
	c.Helper()
	const underWay = 16
	known, order := c.severities(), inOrder(asked)
	for i, id := range order {
		mine := slices.Index(moderation.Severities(), known[id].Severity)
		passed := 0
		for _, later := range order[i+1:] {
			v := known[later]
			if slices.Index(moderation.Severities(), v.Severity) > mine && v.Detected.Before(asked[id].Add(-time.Second)) {
				passed++
			}
		}
		if passed > underWay {
			c.Errorf("a deletion (%s) was asked for before %d graver ones", known[id].Severity, passed)
			return
		}
	}
}

// TestF30ARaidDoesNotDelayAnotherGuild is the benchmark below, small: the raid sheds nothing of the other guild's,
// whose requests go out while thousands of the raid's wait.
func TestF30ARaidDoesNotDelayAnotherGuild(t *testing.T) {
	lags := neighbours(t, 1200, time.Second)
	if slowest := lags[len(lags)-1]; slowest > 20*time.Second {
		t.Errorf("the other guild waited %s", slowest)
	}
}

// BenchmarkDeskRaid is one guild in which 5 000 messages a second break a rule, and another in which five do: how long
// those take, against the same without the raid. Three rounds in turn.
func BenchmarkDeskRaid(b *testing.B) {
	rounds, lasts := full(3, 1), full(15*time.Second, 2*time.Second)
	for b.Loop() {
		var calm, raided []time.Duration
		for range rounds {
			calm = append(calm, neighbours(b, 0, lasts)...)
			raided = append(raided, neighbours(b, 5000, lasts)...)
		}
		slices.Sort(calm)
		slices.Sort(raided)
		for _, p := range []int{50, 99} {
			before, with := percentile(calm, p), percentile(raided, p)
			b.ReportMetric(float64(before.Microseconds())/1000, fmt.Sprint("ms-p", p, "-calm"))
			b.ReportMetric(float64(with.Microseconds())/1000, fmt.Sprint("ms-p", p, "-raid"))
			b.ReportMetric(float64(with)/float64(before), fmt.Sprint("times-p", p))
		}
	}
}

// neighbours gives the lags of a guild with five violations a second beside one with a raid of so many a second, after a
// second in which both have five: what a start asks of Discord, and the first violation's statements, are no raid's doing.
func neighbours(t testing.TB, raid int, lasts time.Duration) []time.Duration {
	c := newCity(t, 2)
	raided, other := c.blocks[0], c.blocks[1]
	ctx, stop := context.WithCancel(context.Background())
	const rate, one = 200, 40
	posted := c.pour(ctx, rate, time.Second, func(i int) discordsim.Post {
		return c.blocks[i%2].post(i, i%one >= one-2)
	})
	c.drained(patience)
	c.measured = time.Now()
	ended := make(chan int)
	go func() {
		ended <- c.pour(ctx, raid, lasts, func(i int) discordsim.Post {
			return raided.post(i, true)
		})
	}()
	posted += c.pour(ctx, rate, lasts, func(i int) discordsim.Post { return other.post(i, i%one == one/2) })
	posted += <-ended
	stop()
	c.counted(posted)
	c.until("the other guild's violations are answered", func() bool {
		return len(c.cases(other.guild)) == 0 || !strings.Contains(fmt.Sprint(c.outcomes(other)), "planned") &&
			!strings.Contains(fmt.Sprint(c.outcomes(other)), "sent")
	})
	lags := c.lags(c.asked(), other)
	if want := (int(lasts.Seconds()*rate) + one - one/2 - 1) / one; len(lags) != want {
		t.Errorf("%d violations of the other guild are answered, %d were posted", len(lags), want)
	}
	c.shedIsTold(raided, rate/one+int(lasts.Seconds()*float64(raid)))
	c.close()
	return lags
}

// outcomes are those of a guild's actions.
func (c *city) outcomes(b block) (list []moderation.Outcome) {
	for _, v := range c.cases(b.guild) {
		for _, a := range v.Actions {
			list = append(list, a.Outcome)
		}
	}
	return list
}

// shedIsTold checks that what of a raid was not recorded is in the gaps, to the last.
func (c *city) shedIsTold(raided block, posted int) {
	c.Helper()
	c.until("what was not recorded is in the gaps", func() bool {
		dropped := 0
		err := c.store.Read(context.Background(), func(now *store.Snapshot) {
			for _, gap := range now.Gaps(raided.guild, store.Span{From: c.began.Add(-time.Hour), Until: time.Now().Add(time.Hour)}, 100) {
				dropped += int(gap.Dropped)
			}
		})
		return err == nil && len(c.cases(raided.guild))+dropped == posted
	})
}
