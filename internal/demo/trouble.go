package demo

import (
	"context"
	"slices"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/snowflake"
)

// firstTrouble is when somebody breaks a rule for the first time: guildwatch should have read the guilds by then.
const firstTrouble = 6 * time.Second

// offend lets somebody break a rule. When guildwatch has sent too many away, others come first.
func (s *stage) offend(ctx context.Context) {
	for range 2*fewest - len(s.here) {
		s.join()
	}
	who, what := s.offender(), draw(s.random, s.known)
	m := &mouth{s.random, func() snowflake.UserID { return s.somebody(&s.here, s.random.Float64()) }}
	if what.alarm {
		who = s.somebody(&s.here, s.random.Float64())
	}
	if what.nick != nil {
		s.sim.SetNick(s.guild.ID, who, what.nick(m))
		return
	}
	channel := s.channel()
	for _, message := range what.say(m) {
		if s.sim.Post(discordsim.Post{Channel: channel, Author: who, With: message}) == 0 {
			return // timed out meanwhile, or sent away
		}
		if !rest(ctx, time.Duration(150+s.random.IntN(300))*time.Millisecond) {
			return
		}
	}
}

// offender is one of those who do not learn, or anybody. A rascal who was kicked comes back now and then, and is banned
// for the next offence.
func (s *stage) offender() snowflake.UserID {
	s.rascals = slices.DeleteFunc(s.rascals, func(who snowflake.UserID) bool {
		_, here := s.sim.MemberOf(s.guild.ID, who)
		if !here && s.random.IntN(3) == 0 && s.sim.Join(s.guild.ID, who) != 0 {
			s.here, here = append(s.here, who), true
		}
		return !here
	})
	if len(s.rascals) < s.guild.rascals {
		s.rascals = append(s.rascals, s.troublemaker())
	}
	able := slices.DeleteFunc(slices.Clone(s.rascals), s.silenced)
	if len(able) > 0 && s.random.IntN(5) < 3 {
		return able[s.random.IntN(len(able))]
	}
	for range 20 { // the newest are often silent already
		if who := s.troublemaker(); !s.silenced(who) {
			return who
		}
	}
	return s.somebody(&s.here, s.random.Float64())
}

// silenced says whether a timeout keeps a member from writing.
func (s *stage) silenced(who snowflake.UserID) bool {
	m, _ := s.sim.MemberOf(s.guild.ID, who)
	return m.TimeoutUntil != nil && m.TimeoutUntil.After(s.sim.Now())
}
