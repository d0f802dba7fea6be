package demo

import (
	"context"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/snowflake"
)

// slogans are what raiders write, all the same thing: no rule forbids it, and raid mode is there for that. The hosts are
// reserved.
var slogans = []string{
	"everybody is over at the red lantern server now, this one is dead: https://lantern.example/join",
	"the captains of this server are thieves, ask them where the prize money went",
	"come and see what they do not want you to see https://curtain.example/watch",
}

// raid lets new accounts come in until nobody can, call and spam, and be dealt with: some by rules and AutoMod, some by
// moderators after a while, so that a visitor may be faster. Mostly somebody ends raid mode then; else it ends by itself.
func (s *stage) raid(ctx context.Context) {
	slogan := slogans[s.random.IntN(len(slogans))]
	var raiders []snowflake.UserID
	for range 12 + s.random.IntN(8) {
		who := s.sim.Join(s.guild.ID, s.newcomer(time.Duration(s.random.IntN(72))*time.Hour))
		if !rest(ctx, time.Duration(200+s.random.IntN(500))*time.Millisecond) {
			return
		}
		if who == 0 {
			continue // nobody can come in now
		}
		raiders = append(raiders, who)
		if s.random.IntN(3) == 0 {
			s.blocked(who)
			s.sim.Post(discordsim.Post{Channel: s.channel(), Author: who, Content: luring(&mouth{random: s.random})})
		}
		s.chat()
	}
	for range 2 * len(raiders) {
		who := raiders[s.random.IntN(len(raiders))]
		s.sim.Post(discordsim.Post{Channel: s.channel(), Author: who, Content: slogan})
		if !rest(ctx, time.Duration(200+s.random.IntN(600))*time.Millisecond) {
			return
		}
	}
	if !s.carryOn(ctx, 75*time.Second) {
		return
	}
	by := s.moderator()
	for _, who := range raiders {
		if !rest(ctx, time.Duration(300+s.random.IntN(1200))*time.Millisecond) {
			return
		}
		s.sim.Ban(s.guild.ID, by, who, "raid account")
	}
	if s.carryOn(ctx, 20*time.Second) && s.random.IntN(4) > 0 {
		s.sim.RunCommand(s.channel(), by, "guildwatch raid off")
	}
}

// carryOn lets the others talk for a time, and says whether to go on.
func (s *stage) carryOn(ctx context.Context, d time.Duration) bool {
	const pause = 1500 * time.Millisecond
	for ; d > 0; d -= pause {
		s.chat()
		if !rest(ctx, pause) {
			return false
		}
	}
	return true
}
