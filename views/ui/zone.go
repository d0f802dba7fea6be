package ui

import "time"

// In is a zone; UTC for none.
func In(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}
