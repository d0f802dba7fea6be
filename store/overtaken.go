package store

import "guildwatch/internal/fault"

// errOvertaken is for who changes something from what it was and not from what it is.
var errOvertaken = fault.New(fault.Conflict,
	"Somebody was faster: it has been changed meanwhile, and yours is not saved. Look at it, then save again if you still "+
		"want yours.")
