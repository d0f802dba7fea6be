package settings

import "strings"

// readable is a time zone as people write it: "America/New_York" is "America / New York".
func readable(zone string) string {
	return strings.ReplaceAll(strings.ReplaceAll(zone, "/", " / "), "_", " ")
}
