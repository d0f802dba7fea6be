package demo

import (
	"slices"

	"guildwatch/internal/snowflake"
)

// fewest is how many members a guild keeps however long the demo runs.
const fewest = 60

// somebody is a member of a list, at a place from 0 to 1 in it. People come and go by more ways than the stage has a
// hand in, guildwatch's own kicks among them: whoever is found gone is struck off. It is 0 when nobody is left.
func (s *stage) somebody(list *[]snowflake.UserID, place float64) snowflake.UserID {
	for len(*list) > 0 {
		i := min(int(place*float64(len(*list))), len(*list)-1)
		who := (*list)[i]
		if _, here := s.sim.MemberOf(s.guild.ID, who); here {
			return who
		}
		*list = slices.Delete(*list, i, i+1)
	}
	return 0
}

// speaker is one of those who write: a few of them write most.
func (s *stage) speaker() snowflake.UserID {
	x := s.random.Float64()
	return s.somebody(&s.talk, x*x)
}

// troublemaker is somebody whom moderators act on: the newer, the likelier.
func (s *stage) troublemaker() snowflake.UserID {
	x := s.random.Float64()
	return s.somebody(&s.here, 1-x*x*x)
}
