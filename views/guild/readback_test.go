package guild

import (
	"testing"

	"guildwatch/internal/moderation"
)

func TestAGapSaysWhatBecameOfIt(t *testing.T) {
	for want, r := range map[string]moderation.ReadBack{
		"":                                         {Channels: 1},
		"Read back afterwards: 1 message.":         {Channels: 1, Messages: 1},
		"2 places are still being read back.":      {Open: 2},
		"1 place is still being read back.":        {Open: 1},
		"1 place was left: too much had happened.": {Left: 1},
		"Read back afterwards: 1,200 messages and 1 audit log entry. 3 places could not be read: the bot lacks access.": {
			Messages: 1200, Entries: 1, Refused: 3,
		},
	} {
		if got := readBack(r); got != want {
			t.Errorf("%+v: %q, want %q", r, got, want)
		}
	}
}
