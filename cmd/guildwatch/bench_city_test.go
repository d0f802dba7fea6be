package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// quiet talk of 200 characters, and what breaks the rule of each severity.
const innocent = "So I tried the new build last night and it mostly works, but the second boss still crashes when you " +
	"open the map twice. Has anybody else seen that, or is it only my machine? I can send the log later today."

func broken(severity moderation.Severity) string { return "buy a flurb" + string(severity) + " now" }

// city is the whole program on many guilds, whose rules take messages away.
type city struct {
	*stage
	blocks   []block
	began    time.Time
	measured time.Time // what was detected before is in no lag
}

// block is one guild.
type block struct {
	guild    snowflake.GuildID
	channels []snowflake.ChannelID
	members  []snowflake.UserID
}

// post is the guild's next message, in each channel in turn.
func (b block) post(i int, breaks bool) discordsim.Post {
	p := discordsim.Post{Channel: b.channels[i%4], Author: b.members[i%10], Content: innocent}
	if breaks {
		p.Content = broken(moderation.SeverityHigh)
	}
	return p
}

// newCity starts the program on so many guilds with four channels and ten members each. Discord answers after 20 ms and
// keeps its limits.
func newCity(t testing.TB, guilds int) *city {
	t.Helper()
	sim := discordsim.New(discordsim.Options{Keep: 20_000})
	c := &city{stage: stageOn(t, sim), began: time.Now()}
	c.quiet = true
	sim.Set(func(k *discordsim.Knobs) { k.RESTLatency = 20 * time.Millisecond })
	for i := range guilds {
		plan := discordsim.Guild{Name: fmt.Sprint("Quarter ", i)}
		for j := range 4 {
			plan.Channels = append(plan.Channels, discordsim.Channel{Name: fmt.Sprint("c", j)})
		}
		b := block{guild: sim.AddGuild(plan)}
		for j := range 4 {
			b.channels = append(b.channels, sim.ChannelNamed(b.guild, fmt.Sprint("c", j)))
		}
		for j := range 10 {
			b.members = append(b.members, sim.Join(b.guild, sim.AddUser(discordsim.User{Username: fmt.Sprintf("m%d-%d", i, j)})))
		}
		c.blocks = append(c.blocks, b)
	}
	c.open()
	for _, b := range c.blocks {
		c.until("the members of all guilds are known", func() bool {
			_, known, err := c.store.Standing(context.Background(), b.guild, b.members[9])
			owner, _, failed := c.store.Standing(context.Background(), b.guild, sim.OwnerID())
			return known && owner.Role() == access.Owner && err == nil && failed == nil
		})
		for _, severity := range moderation.Severities() {
			c.forbid(b.guild, severity)
		}
	}
	return c
}

// forbid saves the rule of a severity in a guild.
func (c *city) forbid(guild snowflake.GuildID, severity moderation.Severity) {
	c.Helper()
	grant, err := access.Check[access.UpdateRules](context.Background(), standings{c.store},
		access.Person(c.sim.OwnerID(), false), guild)
	if err == nil {
		_, err = c.store.SaveRule(context.Background(), grant, rule.Rule{Name: "No " + string(severity), Kind: rule.Words,
			Mode: rule.Enforce, Severity: severity, Respond: rule.RespondNothing, Delete: true,
			Spec: rule.Spec{Words: []string{"flurb" + string(severity)}}}, "")
	}
	if err != nil {
		c.Fatal(err)
	}
}

// pour posts at a steady rate until the time is over, or ctx ends, and says how many it posted.
func (c *city) pour(ctx context.Context, rate int, lasts time.Duration, next func(i int) discordsim.Post) (posted int) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	began := time.Now()
	for {
		spent := min(time.Since(began), lasts)
		due := int(spent.Seconds() * float64(rate))
		n, err := c.sim.Burst(ctx, due-posted, func(i int) discordsim.Post { return next(posted + i) })
		posted += n
		if err != nil || spent == lasts {
			return posted
		}
		<-tick.C
	}
}

// talk is what is said in all guilds in turn; one message in so many breaks a rule of a severity that takes its turn.
func (c *city) talk(one int) func(i int) discordsim.Post {
	return func(i int) discordsim.Post {
		b := c.blocks[i%len(c.blocks)]
		p := discordsim.Post{Channel: b.channels[i/len(c.blocks)%4], Author: b.members[i%10], Content: innocent}
		if i%one == one/2 {
			p.Content = broken(moderation.Severities()[i/one%4])
		}
		return p
	}
}

// counted waits until so many messages are in the figures: then whatever was found before them is recorded.
func (c *city) counted(want int) {
	c.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	n := c.messages()
	for began := time.Now(); n < int64(want) && time.Since(began) < patience; n = c.messages() {
		<-tick.C
	}
	if n != int64(want) {
		c.Fatalf("%d messages are counted, %d were posted:\n%s", n, want, c.pulse())
	}
}

// pulse is what /metrics says of the bot and the desk.
func (c *city) pulse() string {
	var lines []string
	for line := range strings.SplitSeq(c.get("/metrics"), "\n") {
		for _, part := range []string{"events", "cases", "actions", "gaps", "gateway_state", "store"} {
			if strings.HasPrefix(line, "guildwatch_"+part) {
				lines = append(lines, line)
			}
		}
	}
	return strings.Join(lines, "\n")
}

func (c *city) messages() (n int64) {
	span := store.Span{From: c.began.Add(-time.Hour), Until: c.began.Add(24 * time.Hour)}
	err := c.store.Read(context.Background(), func(now *store.Snapshot) {
		for _, b := range c.blocks {
			n += now.Activity(b.guild, span).Messages
		}
	})
	if err != nil {
		c.Fatal(err)
	}
	return n
}

// cases are a guild's violations, the oldest first.
func (c *city) cases(guild snowflake.GuildID) (list []store.ViolationRow) {
	c.Helper()
	var filter store.ViolationFilter
	for {
		var page []store.ViolationRow
		err := c.store.Read(context.Background(), func(now *store.Snapshot) { page = now.Violations(guild, filter, 500) })
		if err != nil {
			c.Fatal(err)
		}
		if list = append(list, page...); len(page) < 500 {
			slices.Reverse(list)
			return list
		}
		filter.Before = page[len(page)-1].Number
	}
}

// drained waits until nothing waits for Discord any more.
func (c *city) drained(patience time.Duration) {
	c.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for began := time.Now(); c.store.Errands() > 0; <-tick.C {
		if time.Since(began) > patience {
			c.Fatalf("%d actions still wait after %s", c.store.Errands(), patience)
		}
	}
}

// asked is when Discord was asked to delete each message, for the first time where a limit had it asked again. One that
// was done twice fails the test.
func (c *city) asked() map[snowflake.MessageID]time.Time {
	c.Helper()
	at, done := map[snowflake.MessageID]time.Time{}, map[snowflake.MessageID]int{}
	for _, r := range c.sim.Requests() {
		_, text, found := strings.Cut(r.Path, "/messages/")
		if r.Method != http.MethodDelete || !found {
			continue
		}
		id, err := snowflake.Parse[snowflake.MessageID](text)
		if err != nil {
			c.Fatal(err)
		}
		if _, again := at[id]; !again {
			at[id] = r.At
		}
		if r.Status != http.StatusTooManyRequests {
			done[id]++
		}
		if done[id] > 1 {
			c.Errorf("%s was done %d times", r.Path, done[id])
		}
	}
	return at
}

// lags are how long after a violation was detected Discord had the request to delete the message, shortest first, and
// how many were found. Each must have been deleted, and those of a channel and severity recorded in the order of the
// channel.
func (c *city) lags(asked map[snowflake.MessageID]time.Time, blocks ...block) (lags []time.Duration) {
	c.Helper()
	for _, b := range blocks {
		newest := map[string]snowflake.MessageID{}
		for _, v := range c.cases(b.guild) {
			line := fmt.Sprint(v.Channel, v.Severity)
			if v.Message <= newest[line] {
				c.Errorf("violation %d is of a message before the last one's", v.Number)
			}
			newest[line] = v.Message
			if v.Detected.Before(c.measured) {
				continue
			}
			at, there := asked[v.Message]
			if !there || len(v.Actions) != 1 || v.Actions[0].Outcome != moderation.OutcomeDone {
				c.Errorf("violation %d: asked for %t, actions %+v", v.Number, there, v.Actions)
				continue
			}
			lags = append(lags, at.Sub(v.Detected))
		}
	}
	slices.Sort(lags)
	return lags
}

// percentile of what is in order.
func percentile(sorted []time.Duration, p int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, len(sorted)*p/100)]
}

// severities are those of violations by message.
func (c *city) severities() map[snowflake.MessageID]store.ViolationRow {
	all := map[snowflake.MessageID]store.ViolationRow{}
	for _, b := range c.blocks {
		for _, v := range c.cases(b.guild) {
			all[v.Message] = v
		}
	}
	return all
}

// inOrder are messages in the order in which Discord was asked to delete them.
func inOrder(asked map[snowflake.MessageID]time.Time) []snowflake.MessageID {
	return slices.SortedFunc(maps.Keys(asked), func(x, y snowflake.MessageID) int { return asked[x].Compare(asked[y]) })
}
