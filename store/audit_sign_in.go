package store

import (
	"time"

	"guildwatch/internal/snowflake"
)

// signInsAnHour is how many rows about signing in and out one person leaves in all logs together: the audit log is never
// pruned, and whoever signs in over and over must not be able to fill the disk. 60 rows are some 20 KB.
const signInsAnHour = 60

// signInHour is what one person has left in the hour that began with the first row.
type signInHour struct {
	began    time.Time
	rows     int
	unlogged int // since the last row
}

// signedInOrOut is what a row about signing in and out says beside who and where.
type signedInOrOut struct {
	Ended    int `json:"ended,omitzero"`    // sessions, signing out everywhere
	Unlogged int `json:"unlogged,omitzero"` // sign-ins and sign-outs of the person since their last row
}

// auditSignIn appends a row about signing in or out, unless the person has left 60 in an hour: then it is counted, and
// the next row says how many went without one. Signing in and out goes on either way.
func (t *tx) auditSignIn(d deed, more signedInOrOut) error {
	who, now, hours := d.actor.User(), t.writer.clock(), t.writer.memory.signIns
	before, known := hours[who]
	hour := before
	if age := now.Sub(hour.began); age >= time.Hour || age < 0 {
		hour.began, hour.rows = now, 0
	}
	full := hour.rows >= signInsAnHour
	if full {
		hour.unlogged++
	} else {
		more.Unlogged, hour.unlogged = hour.unlogged, 0
		hour.rows++
	}
	if !known && len(hours) >= cacheLimit {
		forgetSignIns(hours, now)
	}
	hours[who] = hour
	t.undo = append(t.undo, func() { hours[who] = before })
	if full {
		return nil
	}
	if more != (signedInOrOut{}) {
		d.after = more
	}
	return t.audit(d)
}

// forgetSignIns makes room: of those whose hour is over and who left nothing to tell, else of all.
func forgetSignIns(hours map[snowflake.UserID]signInHour, now time.Time) {
	for who, hour := range hours {
		if now.Sub(hour.began) >= time.Hour && hour.unlogged == 0 {
			delete(hours, who)
		}
	}
	if len(hours) >= cacheLimit {
		clear(hours)
	}
}
