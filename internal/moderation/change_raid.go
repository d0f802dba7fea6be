package moderation

// The kinds of change about raids; Ref is the raid's number.
const (
	// ChangeRaid is raid mode that was switched on or off, or a wave that was expected; Label says which.
	ChangeRaid ChangeKind = "raid"
	// ChangeRaidChanged is no line of the feed: more is known of a raid, and pages that show it ask again.
	ChangeRaidChanged ChangeKind = "raid_changed"
)

// The labels of a raid's changes. Detail is what was noticed, or what could not be put back.
const (
	RaidOn       = "on"
	RaidOff      = "off"      // what it changed is being put back
	RaidOver     = "over"     // it has been
	RaidExpected = "expected" // there were signs of a raid, and nothing was done: a wave was expected
)
