package store

import (
	"fmt"
	"strconv"
	"strings"

	"guildwatch/internal/snowflake"
)

// tally is how often somebody occurs, and when last, in milliseconds.
type tally struct{ n, last int64 }

// tallies say it of each user.
type tallies map[snowflake.UserID]tally

// add counts how often each user occurs in pairs of user and time with spaces between all numbers.
func (t tallies) add(pairs string) error {
	for pairs != "" {
		var user, at string
		user, pairs, _ = strings.Cut(pairs, " ")
		at, pairs, _ = strings.Cut(pairs, " ")
		id, err := strconv.ParseInt(user, 10, 64)
		ms, err2 := strconv.ParseInt(at, 10, 64)
		if err != nil || err2 != nil {
			return fmt.Errorf("%q is no user and time", user+" "+at)
		}
		one := t[snowflake.UserID(id)]
		t[snowflake.UserID(id)] = tally{one.n + 1, max(one.last, ms)}
	}
	return nil
}
