package store

import (
	"fmt"
	"strconv"
	"strings"

	"guildwatch/internal/snowflake"
)

// tally is how often somebody occurs, and when last, in milliseconds.
type tally struct{ n, last int64 }

// tallied counts how often each user occurs in pairs of user and time with spaces between all numbers.
func (s *Snapshot) tallied(what, pairs string) map[snowflake.UserID]tally {
	counts := map[snowflake.UserID]tally{}
	for pairs != "" {
		var user, at string
		user, pairs, _ = strings.Cut(pairs, " ")
		at, pairs, _ = strings.Cut(pairs, " ")
		id, err := strconv.ParseInt(user, 10, 64)
		ms, err2 := strconv.ParseInt(at, 10, 64)
		if err != nil || err2 != nil {
			s.ok(what, fmt.Errorf("%q is no user and time", user+" "+at))
			return nil
		}
		one := counts[snowflake.UserID(id)]
		counts[snowflake.UserID(id)] = tally{one.n + 1, max(one.last, ms)}
	}
	return counts
}
