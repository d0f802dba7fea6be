package demo

import (
	"math/rand/v2"
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

// front is a place in a list, mostly towards its beginning: a few people write most.
func front(random *rand.Rand) float64 {
	x := random.Float64()
	return x * x
}

// troublemaker is somebody whom moderators act on: the newer, the likelier.
func (s *stage) troublemaker() snowflake.UserID {
	x := s.random.Float64()
	return s.somebody(&s.here, 1-x*x*x)
}
