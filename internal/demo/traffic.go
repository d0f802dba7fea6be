package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/snowflake"
)

// lively is how much faster than messages everything else happens: a visitor should not wait minutes for the first ban.
const lively = 3

// firstBurst is when the loudest guild is raided for the first time: soon enough for a first look.
const firstBurst = 45 * time.Second

// Play makes traffic in the stand-in until ctx ends: people talk, join, leave and run commands, AutoMod and moderators
// act, and now and then a burst of new accounts comes in. What happens, and in which order within a guild, follows from
// the seed.
func (t *Town) Play(ctx context.Context, sim *discordsim.Sim) {
	var guilds sync.WaitGroup
	for i, g := range t.Guilds {
		stage := newStage(sim, g, t.random(uint64(100+i)))
		if i == 0 {
			stage.burst = firstBurst
		}
		guilds.Go(func() { stage.play(ctx) })
	}
	guilds.Go(func() { t.drift(ctx, sim) })
	guilds.Go(func() { t.plead(ctx, sim) })
	guilds.Wait()
}

// drift lets the way to Discord be as long as in the history, now shorter, now longer. What is asked of it there and back
// takes longer than a heartbeat: Discord has to do something.
func (t *Town) drift(ctx context.Context, sim *discordsim.Sim) {
	random := t.random(99)
	for {
		away := time.Duration((shortest + random.ExpFloat64()*spread) * float64(time.Millisecond))
		sim.Set(func(k *discordsim.Knobs) { k.ACKDelay, k.RESTLatency = away, 3*away })
		if !rest(ctx, time.Minute) {
			return
		}
	}
}

// stage is one guild in motion. It belongs to one goroutine.
type stage struct {
	sim     *discordsim.Sim
	guild   *Guild
	random  *rand.Rand
	here    []snowflake.UserID // who may leave or be acted on: no moderators
	talk    []snowflake.UserID // who writes
	count   int                // of newcomers, for their names
	rascals []snowflake.UserID // who break rules again and again
	known   []offence
	burst   time.Duration // until the next one
	trouble time.Duration // until somebody breaks a rule
}

func newStage(sim *discordsim.Sim, g *Guild, r *rand.Rand) *stage {
	s := &stage{sim: sim, guild: g, random: r, count: len(g.People), known: g.offences(),
		burst: time.Duration(r.ExpFloat64() * float64(time.Hour) / g.bursts), trouble: firstTrouble}
	for i, who := range g.People {
		if !who.Left.IsZero() {
			continue
		}
		if i >= g.mods {
			s.here = append(s.here, who.ID)
		}
		if who.Active {
			s.talk = append(s.talk, who.ID)
		}
	}
	return s
}

// deed is something that happens about n times a day.
type deed struct {
	rate float64
	do   func()
}

func (s *stage) play(ctx context.Context) {
	g := s.guild
	deeds := []deed{
		{g.messages * g.pace, s.chat},
		{g.commands * g.pace * lively, s.command},
		{g.joins * g.pace * lively, s.join},
		{g.leaves * g.pace * lively, s.leave},
		{g.actions * g.pace * lively, s.act},
		{g.hits * g.pace * lively, s.hit},
	}
	var total float64
	for _, d := range deeds {
		total += d.rate
	}
	for {
		wait := time.Duration(s.random.ExpFloat64() / total * float64(24*time.Hour))
		if !rest(ctx, wait) {
			return
		}
		if s.burst -= wait; s.burst <= 0 {
			s.raid(ctx)
			s.burst = time.Duration((0.5 + s.random.ExpFloat64()) * float64(time.Hour) / g.bursts)
		}
		if s.trouble -= wait; s.trouble <= 0 {
			s.offend(ctx)
			s.trouble = g.plan.trouble/2 + time.Duration(s.random.Float64()*float64(g.plan.trouble))
		}
		pick := s.random.Float64() * total
		for _, d := range deeds {
			if pick -= d.rate; pick < 0 {
				d.do()
				break
			}
		}
	}
}

// rest waits and says whether to go on.
func rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *stage) channel() snowflake.ChannelID {
	x := s.random.Float64()
	return s.guild.Channels[int(x*x*float64(len(s.guild.Channels)-1))] // the last one is the log
}

func (s *stage) moderator() snowflake.UserID {
	return s.guild.People[s.random.IntN(s.guild.mods)].ID
}

func (s *stage) remark() string {
	text := remarks[s.random.IntN(len(remarks))]
	if strings.Contains(text, "%s") {
		return fmt.Sprintf(text, s.guild.topics[s.random.IntN(len(s.guild.topics))])
	}
	return text
}

func (s *stage) chat() {
	channel := s.channel()
	id := s.sim.Post(discordsim.Post{Channel: channel, Author: s.speaker(), Content: s.remark()})
	switch k := s.random.IntN(60); {
	case k < 2:
		s.sim.Edit(channel, id, s.remark())
	case k == 2:
		s.sim.Delete(channel, id, s.moderator())
	}
}

func (s *stage) command() {
	s.sim.RunCommand(s.channel(), s.moderator(), "guildwatch stats") // who has no role on the dashboard is refused
}

func (s *stage) newcomer(age time.Duration) snowflake.UserID {
	s.count++
	name, display := handle(s.random, s.count)
	id := snowflake.At[snowflake.UserID](s.sim.Now().Add(-age), int64(s.count))
	return s.sim.AddUser(discordsim.User{ID: id, Username: name, GlobalName: discordsim.Text(display)})
}

func (s *stage) join() {
	age := time.Duration(s.random.ExpFloat64() * float64(500*24*time.Hour))
	if id := s.sim.Join(s.guild.ID, s.newcomer(age)); id != 0 {
		s.here, s.talk = append(s.here, id), append(s.talk, id)
	}
}

func (s *stage) leave() {
	if len(s.here) > fewest {
		s.sim.Leave(s.guild.ID, s.somebody(&s.here, s.random.Float64()))
	}
}

func (s *stage) act() {
	who := s.troublemaker()
	by, reason := s.moderator(), reasons[s.random.IntN(len(reasons))]
	switch k := s.random.IntN(10); {
	case k < 5 || len(s.here) <= fewest:
		length := []time.Duration{10 * time.Minute, time.Hour, 24 * time.Hour}[s.random.IntN(3)]
		s.sim.Timeout(s.guild.ID, by, who, s.sim.Now().Add(length), reason)
	case k < 6:
		s.sim.Timeout(s.guild.ID, by, who, time.Time{}, reason)
	case k < 8:
		s.sim.Kick(s.guild.ID, by, who, reason)
	default:
		s.sim.Ban(s.guild.ID, by, who, reason)
	}
}

func (s *stage) hit() {
	s.blocked(s.troublemaker())
}

// blocked lets AutoMod stop a message of somebody: one execution for each action of the rule.
func (s *stage) blocked(who snowflake.UserID) {
	text := scams[s.random.IntN(len(scams))]
	s.sim.AutoModExecute(discordsim.AutoModHit{Guild: s.guild.ID, Rule: s.guild.Rules[pickRule(s.random)], User: who, Channel: s.channel(),
		Content: text, Keyword: strings.Fields(text)[0], Matched: strings.Fields(text)[0]})
}
