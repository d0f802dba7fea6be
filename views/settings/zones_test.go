package settings

import (
	"testing"
	"time"
)

// Every zone that the page offers is one that can be saved, and is offered once.
func TestOfferedZonesExist(t *testing.T) {
	seen := map[string]bool{}
	for _, g := range zoneGroups {
		for _, zone := range g.zones {
			if _, err := time.LoadLocation(zone); err != nil || seen[zone] {
				t.Errorf("%s: offered before: %t, %v", zone, seen[zone], err)
			}
			seen[zone] = true
		}
	}
	if len(seen) < 400 {
		t.Errorf("only %d zones", len(seen))
	}
}

// A zone that is set and that the page does not offer stays chosen: saving something else must not change it.
func TestAnUnusualZoneStaysChosen(t *testing.T) {
	for _, zone := range []string{"Etc/GMT+9", "US/Pacific", "UTC", "Europe/Lisbon"} {
		found := 0
		for _, o := range (Form{TimeZone: zone}).zones() {
			if o.Value == zone {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%s is offered %d times", zone, found)
		}
	}
}
