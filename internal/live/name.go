package live

import "guildwatch/internal/frame"

// Name is the event name of a frame; internal/frame lists them all, and Publish drops any other.
type Name = frame.Name

// The hub's own frames.
const (
	Heartbeat = frame.Heartbeat
	Resync    = frame.Resync
	Refetch   = frame.Refetch
	End       = frame.End
)

const (
	unknown  = frame.Unknown
	change   = frame.Numbered
	personal = frame.Personal
	panel    = frame.Panel
	control  = frame.Control
)

type class = frame.Class
