package demo

import (
	"context"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/snowflake"
)

// raid lets new accounts come in, spam, be stopped by AutoMod and by rules, and be banned, while regulars wonder.
func (s *stage) raid(ctx context.Context) {
	var raiders []snowflake.UserID
	for range 4 + s.random.IntN(10) {
		who := s.sim.Join(s.guild.ID, s.newcomer(time.Duration(s.random.IntN(72))*time.Hour))
		if !rest(ctx, time.Duration(200+s.random.IntN(500))*time.Millisecond) {
			return
		}
		if who == 0 {
			continue // nobody can come in now
		}
		raiders = append(raiders, who)
		s.blocked(who)
		for range s.random.IntN(4) {
			s.sim.Post(discordsim.Post{Channel: s.channel(), Author: who, Content: luring(&mouth{random: s.random})})
		}
		s.chat()
	}
	by := s.moderator()
	for _, who := range raiders {
		if !rest(ctx, time.Duration(300+s.random.IntN(1200))*time.Millisecond) {
			return
		}
		s.sim.Ban(s.guild.ID, by, who, "raid account")
	}
}
